"""Everything the notebook knows about a reader, as JSON for them to keep."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder

from progress.facts import Fact, Kind
from progress.study import ReaderStudy


def export(study: ReaderStudy, user: User | None, now: datetime) -> Iterator[str]:
    """Yield one JSON object in pieces: a long history is sent as it is read, never held whole."""
    head = {
        "exported_at": now,
        "account": _account(user) if user else None,
        "completed": sorted(study.completed),
        "paths": [{"path": path_id, "started_at": at} for path_id, at in study.paths.items()],
    }
    yield f'{_json(head)[:-1]}, "events": ['
    comma = ""
    for fact in study.facts():
        yield f"{comma}\n{_json(_event(fact))}"
        comma = ","
    yield "\n]}\n"


def _account(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "joined_at": user.date_joined,
        "last_sign_in_at": user.last_login,
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "sessions": list(
            UserSession.objects.filter(user=user).values("ip", "user_agent", "created_at", "last_seen_at")
        ),
        "tokens": list(user.api_tokens.values("name", "scopes", "made_at", "used_on")),
        "revisions": list(user.revisions.values("path", "kind", "note", "at")),
    }


def _event(fact: Fact) -> dict[str, Any]:
    subject = {Kind.STARTED_PATH: "path", Kind.ANSWERED: "number", Kind.GRADED: "question"}.get(fact.kind, "lesson")
    event = {"key": fact.key, "kind": fact.kind.value, subject: fact.subject, "at": fact.at}
    known: dict[str, Any] = {"anchor": fact.anchor or None, "numbers": fact.numbers}
    if fact.answer:
        known |= {"seed": fact.answer.seed, "answer": fact.answer.text, "verdict": fact.answer.verdict}
    return event | {name: value for name, value in known.items() if value is not None}


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
