"""The Django half of `make check`: settings, migrations, and every number of the files defended."""

from __future__ import annotations

import os
import subprocess
import sys

REAL_SERVER = {
    "SITE_URL": "https://notebook.example.org",
    "TRUSTED_PROXIES": "1",
    "DATABASE_URL": "postgresql://notebook@db.example.org/notebook",
    "SECRET_KEY": "".join(chr(ord("a") + (i * i) % 26) + str(i) for i in range(30)),
    "EMAIL_URL": "smtps://notebook@mail.example.org",
}


def manage(*arguments: str, **environment: str) -> None:
    print("manage.py", *arguments, flush=True)
    command = [sys.executable, "manage.py", *arguments]
    if subprocess.run(command, env=os.environ | environment, check=False).returncode:
        sys.exit(1)


def defend_the_files() -> None:
    """Load the files into a database of their own, so that what is checked is what is in the files."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "notebook.settings")
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    connection.settings_dict["TEST"]["NAME"] = "check_notebook"
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        print("manage.py load", flush=True)
        call_command("load", verbosity=0)
        print("manage.py defend", flush=True)
        call_command("defend")
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


if __name__ == "__main__":
    manage("check", "--fail-level", "WARNING")
    manage("check", "--deploy", "--fail-level", "WARNING", **REAL_SERVER)
    manage("makemigrations", "--check", "--dry-run")
    defend_the_files()
