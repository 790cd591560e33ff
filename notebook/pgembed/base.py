"""Django's database backend for the embedded server: PostgreSQL's own, which starts the server when first used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import OperationalError
from django.db.backends.postgresql import base, client

from .binaries import bin_folder
from .cluster import ROLE
from .home import PORT, PostgresError
from .server import ensure

if TYPE_CHECKING:
    from collections.abc import Iterable


class DatabaseClient(client.DatabaseClient):
    """`manage.py dbshell` with the psql that belongs to the server."""

    def runshell(self, parameters: Iterable[str]) -> None:
        self.executable_name = str(bin_folder() / "psql")
        self.connection.get_connection_params()
        super().runshell(parameters)


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        settings = self.settings_dict
        try:
            settings["HOST"] = str(ensure(settings["EMBEDDED_HOME"]))
        except PostgresError as error:
            raise OperationalError(str(error)) from error
        settings["PORT"], settings["USER"] = PORT, ROLE
        return super().get_connection_params()
