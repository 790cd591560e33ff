from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Offer the notebook to an assistant over standard input and output, by the Model Context Protocol."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        from notebook.mcp.server import make

        make().run("stdio")
