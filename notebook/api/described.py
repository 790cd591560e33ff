"""The API as one thing: its operations, its errors, its description."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer
from pydantic.json_schema import models_json_schema

from notebook.api import problems

# What can be wrong besides, for everyone and for whoever needs a token.
ERRORS = {400: "Something cannot be used", 404: "There is none", 429: "Too many requests; see Retry-After"}
OF_TOKENS = {401: "No token, or one that is not in use", 403: "The token may not do this"}
OF_BODIES = {413: "The body is too large"}


class Readable(JSONRenderer):
    """JSON that people can read too, letters as they are."""

    json_dumps_params = {"ensure_ascii": False, "indent": 2}


class Api(NinjaAPI):
    """ninja's, with RFC 9457's problems for every error, told in its description as well."""

    def __init__(self, **options: Any) -> None:
        super().__init__(renderer=Readable(), openapi_url=None, docs_url=None, **options)
        self.add_exception_handler(HttpError, problems.of_http)  # type: ignore[arg-type]
        self.add_exception_handler(ValidationError, problems.of_input)  # type: ignore[arg-type]
        self.add_exception_handler(Http404, problems.of_missing)  # type: ignore[arg-type]
        self.add_exception_handler(RequestDataTooBig, problems.of_size)  # type: ignore[arg-type]

    @property
    def urls(self) -> tuple[list[URLPattern | URLResolver], str, str]:
        """Every address under /api/, with a problem for a method that none takes and for one that is none."""
        patterns, app, namespace = super().urls
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = _allowed(pattern.callback)
        return [*patterns, re_path("", csrf_exempt(problems.nowhere))], app, namespace

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        for operations in schema["paths"].values():
            operations.pop("head", None)  # it is GET without a body, and HTTP says so already
            for method, operation in operations.items():
                _tell_errors(operation)
                if method == "get" and "security" not in operation:
                    _tell_caching(operation)
        _, problem = models_json_schema([(problems.Problem, "serialization")], ref_template=REF)
        schema["components"]["schemas"] |= problem["$defs"]
        for name, shape in schema["components"]["schemas"].items():
            if name not in SENT:
                _without_null(shape)
        _without_null(schema["paths"])
        schema["components"]["responses"] = {f"Problem{status}": _problem(told) for status, told in ALL.items()}
        return schema


REF = "#/components/schemas/{model}"
SENT = {"Given"}  # what comes as JSON, in which null is as good as nothing
ALL = ERRORS | OF_TOKENS | OF_BODIES


def _without_null(node: Any) -> None:
    """Say of what may be left out just that: no answer has a null, and no address can."""
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _without_null(child)
    if isinstance(node, dict) and isinstance(node.get("anyOf"), list):
        kept = [each for each in node["anyOf"] if each != {"type": "null"}]
        if len(kept) == 1:
            del node["anyOf"]
            node |= kept[0]
            if node.get("default", "") is None:
                del node["default"]


def _tell_errors(operation: dict[str, Any]) -> None:
    told = ERRORS | (OF_TOKENS if "security" in operation else {}) | (OF_BODIES if "requestBody" in operation else {})
    for status in sorted(told):
        operation["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}


def _tell_caching(operation: dict[str, Any]) -> None:
    operation["responses"][304] = {"description": "As it was when its ETag was sent"}
    operation["responses"][200]["headers"] = {
        "ETag": {"schema": {"type": "string"}, "description": "Send it back as If-None-Match."},
        "Link": {"schema": {"type": "string"}, "description": "rel=next, of a list; rel=describedby, this file."},
    }


def _problem(told: str) -> dict[str, Any]:
    return {
        "description": told,
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": REF.format(model="Problem")}}},
    }


def _allowed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @csrf_exempt
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        told = problems.problem(request, 405, f"It takes {response['Allow']}.")
        told["Allow"] = response["Allow"]
        return told

    return wrapper


def as_text(api: NinjaAPI) -> str:
    """Return the description as JSON."""
    schema = dict(api.get_openapi_schema()) | {"servers": [{"url": settings.SITE_URL}]}
    return json.dumps(schema, ensure_ascii=False, indent=2)
