"""Rows for tests, each with everything it needs and a default for whatever a test does not care about."""

from __future__ import annotations

from itertools import count

from django.contrib.auth.models import User

from modules.models import Module, Part
from paths.models import LearningPath

PASSWORD = "a long walk in the park"
_numbers = count(1)


def make_module(id: str = "", *, requires: tuple[Module, ...] = (), **fields: object) -> Module:  # noqa: A002
    """Make a written lesson; `body=""` makes it a planned one."""
    number = next(_numbers)
    part, _ = Part.objects.get_or_create(id="part", defaults={"title": "Part", "position": 1})
    defaults = {"title": f"Lesson {number}", "summary": "A lesson.", "minutes": 20, "body": "Text.", "position": number}
    module = Module.objects.create(id=id or f"lesson-{number}", part=part, **(defaults | fields))
    module.requires.set(requires)
    module.refresh_from_db()  # is_written is made by the database
    return module


def make_path(id: str = "", *modules: Module) -> LearningPath:  # noqa: A002
    number = next(_numbers)
    path = LearningPath.objects.create(
        id=id or f"path-{number}", title=f"Path {number}", summary="A way.", audience="Anyone", position=number
    )
    for position, module in enumerate(modules, 1):
        path.steps.create(module=module, position=position, why=f"Because of {module.pk}.")
    return path


def make_reader(email: str = "") -> User:
    name = email.partition("@")[0] or f"reader{next(_numbers)}"
    return User.objects.create_user(name, email or f"{name}@example.org", PASSWORD)
