"""What an assistant may ask and record for the reader whose token it has."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import ValidationError

from notebook.api import mine
from notebook.api.problems import RefusedError
from progress.models import ApiToken

# Whose token came with the message that is answered; nobody's with none.
TOKEN: ContextVar[ApiToken | None] = ContextVar("token", default=None)


def progress() -> dict[str, Any]:
    return mine.progress_of(_reader(ApiToken.Scope.READ)).model_dump(mode="json", exclude_none=True)


def next_lesson() -> dict[str, Any]:
    return mine.next_of(_reader(ApiToken.Scope.READ)).model_dump(mode="json", exclude_none=True)


def due() -> dict[str, Any]:
    return mine.due_of(_reader(ApiToken.Scope.READ)).model_dump(mode="json", exclude_none=True)


def weak_topics() -> dict[str, Any]:
    return mine.grades_of(_reader(ApiToken.Scope.READ)).model_dump(mode="json", exclude_none=True)


def record(question: str, said: list[int] | None, number: str | None) -> dict[str, Any]:
    user = _reader(ApiToken.Scope.RECORD)
    try:
        marked = mine.answer_of(user, mine.Given(question=question, said=said, number=number))
    except ValidationError as error:
        raise ToolError(f"That is no answer: {error.errors()[0]['msg']}") from error
    except (RefusedError, Http404) as error:
        raise ToolError(str(error)) from error
    return marked.model_dump(mode="json", exclude_none=True)


def _reader(scope: ApiToken.Scope) -> User:
    token = TOKEN.get()
    if token is None:
        raise ToolError(
            "This is a reader's own: make a token at /accounts/tokens/ and send it as `Authorization: Bearer`."
        )
    if scope not in token.scopes:
        raise ToolError(f"This token may not {scope}: {', '.join(token.scopes)} only.")
    return token.user
