"""What went wrong, as RFC 9457 has it: one shape for every error of the API."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, Throttled, ValidationError
from pydantic import BaseModel, Field

MEDIA_TYPE = "application/problem+json"


class Fault(BaseModel):
    """One thing that is wrong with what was sent."""

    where: str = Field(description="The parameter, or the way to the field of the body: query.limit, body.said.")
    what: str


class Problem(BaseModel):
    """What went wrong. `type` is always `about:blank`: the status says which kind it is, `detail` the rest."""

    type: str = "about:blank"
    title: str = Field(description="The name of the HTTP status.")
    status: int
    detail: str = Field(default="", description="What is wrong, in a sentence.")
    instance: str = Field(default="", description="The address that was asked.")
    errors: list[Fault] | None = Field(default=None, description="What is wrong with what was sent, one by one.")


class RefusedError(HttpError):
    """What cannot be used of a request, in a sentence for its sender."""

    def __init__(self, detail: str) -> None:
        super().__init__(400, detail)


def problem(request: HttpRequest, status: int, detail: str, faults: Sequence[Fault] = ()) -> HttpResponse:
    """Answer with a problem, which no cache keeps."""
    told = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=request.path,
        errors=list(faults) or None,
    )
    text = json.dumps(told.model_dump(exclude_none=True), indent=2)  # in ASCII: faults may quote anything
    response = HttpResponse(text, content_type=MEDIA_TYPE, status=status)
    patch_cache_control(response, no_store=True)
    return response


def of_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    is_unknown = isinstance(error, AuthenticationError)
    detail = _("Send a token that is in use, as `Authorization: Bearer <token>`.") if is_unknown else str(error)
    response = problem(request, error.status_code, detail)
    if is_unknown:
        response["WWW-Authenticate"] = 'Bearer realm="notebook"'
    elif isinstance(error, AuthorizationError):
        response["WWW-Authenticate"] = 'Bearer realm="notebook", error="insufficient_scope"'
    elif isinstance(error, Throttled) and error.wait is not None:
        response["Retry-After"] = str(error.wait)
    return response


def of_input(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """An address that can be none of ours is not found; any other input that does not fit is told field by field."""
    faults = [Fault(where=".".join(map(str, each["loc"])), what=each["msg"]) for each in error.errors]
    if all(fault.where.startswith("path.") for fault in faults):
        return problem(request, 404, _("There is nothing at this address."))
    return problem(request, 400, "; ".join(f"{fault.where}: {fault.what}" for fault in faults)[:1000], faults)


def of_missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(
        request,
        404,
        str(error) if error.args and isinstance(error.args[0], str) else _("There is nothing at this address."),
    )


def of_size(request: HttpRequest, _error: Exception | None = None) -> HttpResponse:
    return problem(request, 413, _("That is more than anything here takes."))


def nowhere(request: HttpRequest, **_rest: Any) -> HttpResponse:
    """What stands behind every address under /api/ that is none."""
    return problem(request, 404, _("There is nothing at this address; /api/ lists what there is."))
