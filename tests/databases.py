"""Databases beside the one of pytest-django, which is empty: copies are cheap where loading is not."""

from __future__ import annotations

from contextlib import contextmanager

from django.db import connection


@contextmanager
def database(name, *, copy_of):
    disconnect()  # PostgreSQL copies no database to which anyone is connected
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{copy_of}"')
    try:
        yield name
    finally:
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
