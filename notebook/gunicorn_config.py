"""How gunicorn serves the notebook; `manage.py serve` gives it the socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notebook.pgembed import server as postgres

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter

    from notebook.pgembed.home import Home

wsgi_app = "notebook.wsgi"
worker_class = "gthread"  # a slow reader holds a thread, not a worker
workers = 2
threads = 4
preload_app = False  # each worker has its own pool of connections
control_socket_disable = True
loglevel = "warning"
graceful_timeout = 10  # seconds


def on_starting(arbiter: Arbiter) -> None:
    """Keep an embedded server running as long as the master does, whatever becomes of the workers."""
    for home in _embedded():
        postgres.hold(home)


def on_exit(arbiter: Arbiter) -> None:
    """Leave nothing running behind: the prompt comes back once the database has stopped too."""
    for home in _embedded():
        postgres.leave(home)


def _embedded() -> list[Home]:
    from django.conf import settings

    database = settings.DATABASES["default"]
    return [postgres.settle(database["EMBEDDED_HOME"])] if "EMBEDDED_HOME" in database else []
