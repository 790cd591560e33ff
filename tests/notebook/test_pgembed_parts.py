from __future__ import annotations

import os
import pwd
import subprocess

import pytest

from notebook.pgembed import account, binaries, cluster, server
from notebook.pgembed.account import Account
from notebook.pgembed.home import Home, Lock, PostgresError

STRANGER = Account("stranger", 54321, 54321, borrowed=True)
OURSELVES = Account("us", os.geteuid(), os.getegid(), borrowed=False)


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def test_lock_is_kept_until_every_copy_of_its_file_is_closed(tmp_path):
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    copy = os.dup(first.fd)
    assert first.try_exclusive()
    first.close()
    assert not second.try_exclusive()
    os.close(copy)
    assert second.try_exclusive()
    second.close()


def test_socket_moves_to_a_short_folder_of_its_own(home):
    names = [Home(home.path / name).socket for name in ("x" * 100, "y" * 100, "a, b")]
    assert len(set(names)) == 3
    assert all(str(name).startswith("/tmp/notebook-") for name in names)


@pytest.mark.parametrize("text", ["", "\n", "nonsense\n", "0\n", "999999999\n", "1\n", "-1\n"])
def test_pid_file_of_no_postmaster_of_ours_is_stale(home, text):
    home.data.mkdir()
    (home.data / "postmaster.pid").write_text(text)
    assert home.postmaster() is None
    assert not home.is_ready()


def test_process_that_works_in_the_folder_is_its_postmaster(home):
    home.data.mkdir()
    with subprocess.Popen(["sleep", "60"], cwd=home.data) as process:
        (home.data / "postmaster.pid").write_text(f"{process.pid}\n\n\n\n\n\n\nstarting\n")
        assert home.postmaster() == process.pid
        assert not home.is_ready()
        (home.data / "postmaster.pid").write_text(f"{process.pid}\n\n\n\n\n\n\nready   \n")
        assert home.is_ready()
        process.kill()


def test_account_reaches_what_no_folder_on_the_way_closes(tmp_path):
    open_folder = tmp_path / "open"
    open_folder.mkdir(mode=0o755)
    tmp_path.chmod(0o700)
    assert not STRANGER.reaches(open_folder)
    assert OURSELVES.reaches(open_folder)
    assert STRANGER.reaches(tmp_path.parents[-1])


def test_owner_of_the_data_stays_its_owner_for_root(monkeypatch, tmp_path):
    someone = next(entry for entry in pwd.getpwall() if entry.pw_uid and entry.pw_name not in account.CANDIDATES)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(account, "_owner", lambda data: someone.pw_uid)
    assert account.account_for(tmp_path).name == someone.pw_name


def test_root_without_an_account_to_borrow_is_told_so(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(account, "CANDIDATES", ("nobody-of-this-name",))
    with pytest.raises(PostgresError, match="refuses to run as root"):
        account.account_for(tmp_path / "data")


def test_data_of_someone_else_is_left_alone(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(PostgresError, match=r"belongs to .* NOTEBOOK_DATA"):
        account.account_for(tmp_path)


def test_folder_closed_to_the_borrowed_account_is_moved_to_a_shared_place(monkeypatch, tmp_path):
    monkeypatch.setattr(server, "account_for", lambda data: STRANGER)
    monkeypatch.setattr(server, "SHARED_PLACE", tmp_path / "shared")
    closed = tmp_path / "closed" / ".data" / "postgres"
    closed.parent.mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    moved = server.settle(closed)
    assert moved.path.parent == tmp_path / "shared"
    assert moved.path.stat().st_mode & 0o777 == 0o711
    assert server.settle(closed) == moved
    assert (tmp_path / "closed").stat().st_mode & 0o777 == 0o700


def test_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PostgresError, match="Cannot keep a database in"):
        server.ensure(tmp_path / "file" / "postgres")


def test_home_that_was_closed_later_is_named(home):
    home.path.chmod(0o700)
    with pytest.raises(PostgresError, match=r"stranger, who cannot reach .*chmod o\+x"):
        cluster.prepare(home, STRANGER)


def test_data_of_another_major_version_is_not_touched(home):
    home.data.mkdir()
    (home.data / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(PostgresError, match=r"made by PostgreSQL 9 and this is PostgreSQL \d+"):
        cluster.prepare(home, OURSELVES)


def test_socket_folder_someone_else_made_is_not_used(home):
    home.socket.mkdir(mode=0o755)
    with pytest.raises(PostgresError, match="is not a closed folder of us's"):
        cluster._make_socket_folder(home, OURSELVES)


def test_programs_that_are_not_there_are_named(monkeypatch, tmp_path):
    monkeypatch.setenv("NOTEBOOK_PG_BIN", str(tmp_path))
    with pytest.raises(PostgresError, match="NOTEBOOK_PG_BIN must name a folder"):
        binaries.bin_folder()


def test_chosen_programs_that_cannot_be_reached_are_named(monkeypatch, home):
    (home.path / "postgres").write_text("")
    home.path.chmod(0o700)
    monkeypatch.setenv("NOTEBOOK_PG_BIN", str(home.path))
    with pytest.raises(PostgresError, match="stranger, who cannot reach"):
        binaries.bin_folder_for(STRANGER, home)


def test_unreachable_programs_are_copied_once_for_everyone(monkeypatch, home):
    monkeypatch.delenv("NOTEBOOK_PG_BIN", raising=False)
    monkeypatch.setattr(Account, "reaches", lambda self, path: False)
    copy = binaries.bin_folder_for(STRANGER, home)
    assert copy.is_relative_to(home.path)
    assert (copy / "postgres").stat().st_mode & 0o555 == 0o555
    assert binaries.major_version(copy) >= 17
    (copy / "mark").touch()
    assert (binaries.bin_folder_for(STRANGER, home) / "mark").exists()


def test_initdb_never_runs_from_a_path_its_shell_would_misread(monkeypatch, tmp_path):
    monkeypatch.delenv("NOTEBOOK_PG_BIN", raising=False)
    with binaries.shell_safe(tmp_path / 'a "b" $c') as safe:
        assert str(safe).startswith("/tmp/notebook-initdb-")
        assert binaries.major_version(safe) >= 17
    assert not safe.exists()
    with binaries.shell_safe(tmp_path / "it's fine") as safe:
        assert safe == tmp_path / "it's fine"
