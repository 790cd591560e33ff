from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from modules.http import Study
from modules.models import Module, ProgramFile
from paths.models import Step
from paths.programs import Program
from paths.standing import Standing, under_way

register = template.Library()


# A page that is the same for everyone has no `study`; Django hands tags the empty string instead.


@register.simple_tag(name="under_way")
def under_way_tag(study: Study | str, module: Module) -> Standing | None:
    """{% under_way study module as here %}: the path the reader is following with this lesson; one query at most."""
    return None if isinstance(study, str) else under_way(study, module.pk)


@register.filter
def files_of(step: Step, program: Program | None) -> list[ProgramFile]:
    """Return the files of the path's program that the lesson of a step builds."""
    return [file for file in program.files if file.module_id == step.module_id] if program else []


@register.filter
def duration(minutes: int) -> str:
    """Return minutes as a reader says them: 45 min, 2 h, 1 h 20 min."""
    hours, rest = divmod(minutes, 60)
    return " ".join(
        part
        for part in (
            _("{hours} h").format(hours=hours) if hours else "",
            _("{minutes} min").format(minutes=rest) if rest or not hours else "",
        )
        if part
    )
