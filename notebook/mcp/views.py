"""The protocol by HTTP: one address that takes POST, and answers each by itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from progress import tokens
from progress.models import ApiToken

MOST_BYTES = 1_000_000


@csrf_exempt  # no cookie says who asks here, so no other site can borrow one
def endpoint(request: HttpRequest) -> HttpResponse:
    """Serve one message, of the stateless revision or of those that begin with a handshake."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return HttpResponse("A message has at most a million bytes.\n", content_type="text/plain", status=413)
    token = None
    if given := request.headers.get("Authorization", ""):
        token = tokens.find(given.removeprefix("Bearer ").strip())
        if token is None:
            return HttpResponse(status=401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    headers = {**request.headers, "Host": request.get_host()}  # which Django has checked
    status, told, body = async_to_sync(_serve)(headers, request.body, token)
    response = HttpResponse(body, status=status)
    for name, value in told:
        if name.lower() not in ("content-length", "connection", "server"):
            response[name] = value
    response["Cache-Control"] = "no-store"
    return response


async def _serve(
    given: dict[str, str], body: bytes, token: ApiToken | None
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Hand a request to the SDK's own application, and return its answer."""
    from mcp.server.transport_security import TransportSecuritySettings  # heavy, and few readers ask

    from notebook.mcp.own import TOKEN
    from notebook.mcp.server import make

    TOKEN.set(token)
    site = urlsplit(settings.SITE_URL)
    security = TransportSecuritySettings(allowed_hosts=[given["Host"]], allowed_origins=[settings.SITE_URL])
    app = make().streamable_http_app(
        streamable_http_path="/mcp/",
        json_response=True,
        stateless_http=True,
        max_request_body_size=MOST_BYTES,
        transport_security=security,
    )
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": site.scheme,
        "path": "/mcp/",
        "raw_path": b"/mcp/",
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in given.items()],
        "server": (site.hostname, site.port or 80),
        "client": ("127.0.0.1", 0),
    }
    sent: list[dict[str, Any]] = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    async with app.router.lifespan_context(app):
        await app(scope, receive, send)
    start = sent[0]
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]]
    return start["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])
