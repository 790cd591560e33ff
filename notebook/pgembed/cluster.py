"""The files of the database, and starting a server on them."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

from .binaries import bin_folder_for, major_version, shell_safe
from .home import PORT, PostgresError

if TYPE_CHECKING:
    from .account import Account
    from .home import Home

ROLE = "notebook"
DATABASE = "notebook"
LOG_LIMIT_BYTES = 5_000_000

# The machine's language, time zone and PATH never reach the server: it behaves alike everywhere.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def prepare(home: Home, account: Account) -> Path:
    """Make what is missing and return the folder of the programs to start the server with."""
    if not account.reaches(home.path):
        raise PostgresError(
            f"As root, PostgreSQL runs as {account.name}, who cannot reach {home.path}. Open the folders above it "
            "to others (chmod o+x), or set NOTEBOOK_DATA to a folder outside them."
        )
    programs = bin_folder_for(account, home)
    if not home.data.exists():
        _create(home, account, programs)
    made_by = int((home.data / "PG_VERSION").read_text().split(".")[0])
    if made_by != (major := major_version(programs)):
        raise PostgresError(
            f"The database in {home.data} was made by PostgreSQL {made_by} and this is PostgreSQL {major}. "
            f"Dump it with PostgreSQL {made_by}'s pg_dump (NOTEBOOK_PG_BIN names its programs), move the folder away, "
            "start again and restore the dump."
        )
    _make_socket_folder(home, account)
    if home.log.exists() and home.log.stat().st_size > LOG_LIMIT_BYTES:
        os.truncate(home.log, 0)  # not renamed: a new file might belong to another user
    return programs


def start(home: Home, account: Account, programs: Path) -> subprocess.Popen[bytes]:
    """Start the server and return it without waiting until it is ready."""
    folder = str(home.socket).replace('"', '""')  # the setting is a list, so a name with a space needs quotes
    options = {
        "listen_addresses": "",
        "port": PORT,
        "unix_socket_directories": f'"{folder}"',
        "unix_socket_permissions": "0700",
    }
    command: list[str | Path] = [programs / "postgres", "-D", home.data]
    command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    with home.log.open("ab") as log:
        return _popen(command, account, log)


def _create(home: Home, account: Account, programs: Path) -> None:
    """Make the database files. They get their name last, so an interrupted start leaves none.

    The name until then is a new one each time: an initdb whose parent was killed may still be writing.
    """
    for left in home.path.glob("data.new-*"):
        shutil.rmtree(left, ignore_errors=True)
    unfinished = Path(tempfile.mkdtemp(prefix="data.new-", dir=home.path))
    account.give(unfinished)
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    if major_version(programs) < 17:  # the first with a locale of its own
        locale = ["--locale=C.UTF-8"]
    with shell_safe(programs) as safe:
        _run([safe / "initdb", "-D", unfinished, "-U", ROLE, "--auth=trust", "--encoding=UTF8", *locale], account)
    # --auth=trust is safe here: only the socket leads in, and its folder is closed to other accounts.
    _run([programs / "postgres", "--single", "-D", unfinished, "postgres"], account, f"CREATE DATABASE {DATABASE}\n")
    unfinished.rename(home.data)


def _make_socket_folder(home: Home, account: Account) -> None:
    try:
        home.socket.mkdir(mode=0o700)
        account.give(home.socket)
    except FileExistsError:
        info = home.socket.lstat()  # under /tmp anyone may have made it first
        if info.st_uid != account.uid or info.st_mode & 0o077 or home.socket.is_symlink():
            raise PostgresError(f"{home.socket} is not a closed folder of {account.name}'s; remove it.") from None


def _run(command: list[str | Path], account: Account, text: str = "") -> None:
    with _popen(command, account, subprocess.PIPE) as process:
        told, _ = process.communicate(text.encode())
    if process.returncode:
        raise PostgresError(f"{command[0]} failed:\n{told.decode(errors='replace').strip()}")


def _popen(command: list[str | Path], account: Account, output: int | IO[bytes]) -> subprocess.Popen[bytes]:
    stdin = subprocess.PIPE if output == subprocess.PIPE else subprocess.DEVNULL
    return subprocess.Popen(
        command,
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd="/",
        env=ENVIRONMENT,
        umask=0o077,
        **account.popen,
    )
