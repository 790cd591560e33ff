"""What `make check` does after the linters: types, settings, migrations, and every number of the files defended."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

REAL_SERVER = {
    "SITE_URL": "https://notebook.example.org",
    "TRUSTED_PROXIES": "1",
    "DATABASE_URL": "postgresql://notebook@db.example.org/notebook",
    "SECRET_KEY": "".join(chr(ord("a") + (i * i) % 26) + str(i) for i in range(30)),
    "EMAIL_URL": "smtps://notebook@mail.example.org",
}


QUESTIONS: list[tuple[list[str], dict[str, str]]] = [
    (["-m", "mypy"], {}),
    (["manage.py", "check", "--fail-level", "WARNING"], {}),
    (["manage.py", "check", "--deploy", "--fail-level", "WARNING"], REAL_SERVER),
    (["manage.py", "makemigrations", "--check", "--dry-run"], {}),
]


def examine_the_code() -> bool:
    """Ask each question in a process of its own; return whether all are answered well. Each answer is told whole."""
    good = True
    for command, environment in QUESTIONS:
        done = subprocess.run(
            [sys.executable, *command],
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        print(" ".join(command), done.stdout, sep="\n", end="", flush=True)
        good &= done.returncode == 0
    return good


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
        print("manage.py defend --run=unknown", flush=True)  # the tests run all of it
        call_command("defend", "--run=unknown")
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


if __name__ == "__main__":
    with ThreadPoolExecutor() as pool:  # beside the loading, which keeps one processor busy
        is_good = pool.submit(examine_the_code)
        defend_the_files()
    sys.exit(0 if is_good.result() else 1)
