"""As whom PostgreSQL runs. It refuses to be root, and we change nothing about the machine's accounts."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .home import PostgresError

if TYPE_CHECKING:
    from pathlib import Path

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int
    borrowed: bool  # we are root and become this account for PostgreSQL only

    @property
    def popen(self) -> dict[str, Any]:
        """Arguments that make `subprocess` run a program as this account."""
        if not self.borrowed:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Hand over a folder we have just made."""
        if self.borrowed:
            os.chown(path, self.uid, self.gid)

    def reaches(self, path: Path) -> bool:
        """Whether every folder above `path`, and `path` itself, may be passed through by this account."""
        return not self.borrowed or all(self._passes(step) for step in (path, *path.parents))

    def _passes(self, path: Path) -> bool:
        info = path.stat()
        if info.st_uid == self.uid:
            return bool(info.st_mode & stat.S_IXUSR)
        if info.st_gid == self.gid:
            return bool(info.st_mode & stat.S_IXGRP)
        return bool(info.st_mode & stat.S_IXOTH)


def account_for(data: Path) -> Account:
    """Return the account that owns `data`, or is to own it.

    As root: the owner if the folder exists, since a postgres account made later must not shut us out.
    """
    if os.geteuid() != 0:
        return _ourselves(data)
    owner = _owner(data)
    for found in [_by_uid(owner) if owner is not None else None, *map(_by_name, CANDIDATES)]:
        if found and found.pw_uid != 0:
            return Account(found.pw_name, found.pw_uid, found.pw_gid, borrowed=True)
    raise PostgresError(
        "PostgreSQL refuses to run as root, and this machine has no account named postgres or nobody to run it as. "
        "Start the notebook as an ordinary user, or set DATABASE_URL."
    )


def _ourselves(data: Path) -> Account:
    uid, owner = os.geteuid(), _owner(data)
    if owner not in (None, uid):
        them = _by_uid(owner)
        raise PostgresError(
            f"The database in {data} belongs to {them.pw_name if them else 'someone else'}. "
            "Start the notebook as that user or as root, or set NOTEBOOK_DATA to a folder of yours."
        )
    known = _by_uid(uid)
    return Account(known.pw_name if known else str(uid), uid, os.getegid(), borrowed=False)


def _owner(data: Path) -> int | None:
    return data.stat().st_uid if data.exists() else None


def _by_uid(uid: int) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None


def _by_name(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None
