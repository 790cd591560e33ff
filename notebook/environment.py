"""Settings read from the environment: text in, plain values out."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}


def flag(name: str) -> bool:
    """Return whether `name` is switched on; a word that is neither yes nor no stops the start."""
    value = os.environ.get(name, "").strip().lower()
    if value in TRUE | FALSE:
        return value in TRUE
    raise ImproperlyConfigured(f"{name} is {value!r}; write 1 or 0.")


def words(name: str, default: str = "") -> list[str]:
    """Return the comma-separated words of `name`."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def whole(name: str, default: int) -> int:
    """Return `name` as a whole number, zero or more."""
    value = os.environ.get(name, "").strip() or str(default)
    if value.isascii() and value.isdigit():
        return int(value)
    raise ImproperlyConfigured(f"{name} is {value!r}; write a whole number.")


def database(url: str, embedded: Path) -> dict[str, Any]:
    """Return Django's database settings: the server at `url`, or the embedded one under `embedded`."""
    common = {
        "NAME": "notebook",
        # Asks each connection, as it leaves the pool, whether its server is still there: 0.1 ms,
        # and a restarted server costs no reader an error.
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 0,  # a pool keeps the connections; Django refuses both at once
    }
    pool = {"min_size": 1, "max_size": 4, "timeout": 10}  # four threads a worker
    if not url:
        return common | {"ENGINE": "notebook.pgembed", "EMBEDDED_HOME": embedded, "OPTIONS": {"pool": pool}}
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    query = dict(parse_qsl(parts.query))
    return common | {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or query.pop("host", ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {"pool": pool} | query,
    }


class MailServer(NamedTuple):
    host: str
    port: int
    user: str
    password: str
    use_ssl: bool
    use_tls: bool


def mail_server(url: str) -> MailServer | None:
    """Return the server at `url`, or None when mail is to be kept in files."""
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465."
        )
    implicit = parts.scheme == "smtps"
    # A relay on this machine has no certificate for "localhost", and nothing to hide on the way there.
    near = parts.hostname in ("localhost", "127.0.0.1", "::1")
    return MailServer(
        host=parts.hostname,
        port=parts.port or (465 if implicit else 25 if near else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=implicit,
        use_tls=not implicit and not near,
    )


def secret_key(path: Path) -> str:
    """Return the key kept at `path`, made on first use and readable by its owner only.

    Two processes starting at once agree: a finished file is linked into place, and the first link wins.
    """
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".secret-") as file:
                file.write(secrets.token_urlsafe(64))
                file.flush()
                os.fsync(file.fileno())
                with suppress(FileExistsError):
                    os.link(file.name, path)
        return path.read_text()
    except OSError as error:
        raise ImproperlyConfigured(
            f"Cannot keep the secret key at {path} ({error.strerror}). "
            "Set SECRET_KEY, or NOTEBOOK_DATA to a folder of yours."
        ) from error
