"""Databases beside the one of pytest-django, which is empty: copies are cheap where loading is not."""

from __future__ import annotations

import fcntl
from contextlib import ExitStack, contextmanager

from django.db import connection


@contextmanager
def database(name, *, copy_of):
    create(name, copy_of)
    try:
        yield name
    finally:
        drop(name)


class Shared:
    """Databases that the workers of one run make once, with a folder of theirs to agree in.

    Each worker works on a copy, so it may change what it likes.
    """

    def __init__(self, folder, workers):
        self._folder, self._workers = folder, workers

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with self._alone(), (self._folder / "left").open("a+") as left:
            left.write(".")
            left.seek(0)
            if len(left.read()) == self._workers:
                for made in self._folder.glob("*.made"):
                    drop(made.read_text())

    @contextmanager
    def copy(self, name, make, *, copy_of):
        """Give the name of a copy of what `make` does to a copy of a database, whoever was the first to need it."""
        made = self._folder / f"{name}.made"
        with ExitStack() as stack:
            with self._alone():
                if not made.exists():
                    shared = f"{copy_of}_shared_{name}"
                    create(shared, copy_of)
                    made.write_text(shared)
                    with use(shared):
                        make()
                copy = stack.enter_context(database(f"{copy_of}_{name}", copy_of=made.read_text()))
            yield copy

    @contextmanager
    def _alone(self):
        with (self._folder / "databases.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def create(name, copy_of):
    disconnect()  # PostgreSQL copies no database to which anyone is connected
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{copy_of}"')


def drop(name):
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def use(name, **options):
    """Point every thread's next connection at another database of the same server."""
    settings_dict = connection.settings_dict  # one dictionary, shared by the connections of all threads
    before = settings_dict["NAME"], settings_dict["OPTIONS"]
    disconnect()
    settings_dict["NAME"], settings_dict["OPTIONS"] = name, before[1] | options
    try:
        yield
    finally:
        disconnect()
        settings_dict["NAME"], settings_dict["OPTIONS"] = before


def disconnect():
    connection.close()
    connection.close_pool()
