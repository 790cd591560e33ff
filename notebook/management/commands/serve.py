"""Start the notebook: one command between a fresh clone and a page."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import connections

from modules import publishing
from modules.models import Module
from notebook import serving


class Command(BaseCommand):
    help = "Prepare the database and the static files, then serve on PORT (8000) of BIND (127.0.0.1)."
    requires_system_checks = ()  # run below, once it is clear that we may start at all

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--end-with-parent", action="store_true", help="stop when the process that started this dies (Linux)"
        )

    def handle(self, *, end_with_parent: bool, **options: Any) -> None:
        if end_with_parent:
            serving.end_with_parent()
        address = f"http://{settings.BIND}:{settings.PORT}"
        try:
            lock = serving.claim(settings.DATA_DIR / "serve.lock", address)
            listener = serving.listen(settings.BIND, settings.PORT)
            self.prepare()
        except serving.ServingError as error:
            raise CommandError(error) from error
        self.announce(address)
        for fd in (lock.fd, listener.fileno()):
            os.set_inheritable(fd, True)
        # Becoming gunicorn, rather than starting it, leaves one process to signal and none to orphan.
        os.chdir(settings.BASE_DIR)
        gunicorn = [sys.executable, "-m", "gunicorn", "--config", "python:notebook.gunicorn_config"]
        os.execv(sys.executable, [*gunicorn, "--bind", f"fd://{listener.fileno()}"])

    def prepare(self) -> None:
        self.check()
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        if not Module.objects.exists():
            self.stdout.write("Loading the lessons ...")
            call_command("load")
        else:
            publishing.refresh()  # a newer renderer, or another SITE_URL, makes pages anew
        collect_static()
        connections.close_all()

    def announce(self, address: str) -> None:
        home = settings.DATA_DIR / "postgres"
        database = "the server of DATABASE_URL" if settings.DATABASE_URL else home.resolve()
        mail = (
            "" if settings.MAIL_SERVER else f"\n  Mail      kept as files in {settings.EMAIL_FILE_PATH} (no EMAIL_URL)"
        )
        self.stdout.write(
            f"\n  Notebook  {address}\n"
            f"  Admin     {address}/admin/ (make admin creates an account)\n"
            f"  Data      {settings.DATA_DIR}\n"
            f"  Database  {database}{mail}\n"
            "  Stop      Ctrl-C\n"
        )
        self.stdout.flush()


def collect_static() -> None:
    """Collect static files unless none has changed since they were last collected."""
    stamp = Path(settings.STATIC_ROOT, ".collected")
    current = static_fingerprint()
    if stamp.exists() and stamp.read_text() == current:
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(current)


def static_fingerprint() -> str:
    """Return a hash of the name, size and time of every static file, and of how they are stored."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list(["CVS", ".*", "*~"]):
            info = Path(storage.path(name)).stat()
            digest.update(f"{name} {info.st_size} {info.st_mtime_ns}\n".encode())
    return digest.hexdigest()
