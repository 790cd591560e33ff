from __future__ import annotations

import os
from typing import Any

from django.core.management.base import BaseCommand

from progress import tokens


class Command(BaseCommand):
    help = "Offer the notebook to an assistant over standard input and output, by the Model Context Protocol."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        from notebook.mcp.own import TOKEN
        from notebook.mcp.server import make

        TOKEN.set(tokens.find(os.environ.get("NOTEBOOK_TOKEN", "")))
        make().run("stdio")
