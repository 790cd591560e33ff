from __future__ import annotations

import re
import tomllib

import pytest
from django.conf import settings

LOCKS = ["requirements.lock", "requirements-dev.lock"]


def read(name):
    return (settings.BASE_DIR / name).read_text()


def pins(name):
    """Return version and hashes of each package, by name."""
    found = {}
    for block in re.split(r"\n(?=\S)", read(name).rstrip()):
        head, *hashes = block.split(" \\\n")
        package, _, version = head.partition(";")[0].strip().partition("==")
        found[package] = (version, hashes)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_place_to_install_from(name):
    assert not re.search(r"https?:|file:|git\+|@|--(?!hash=)", read(name))


@pytest.mark.parametrize("name", LOCKS)
def test_lock_pins_every_package_with_hashes(name):
    for package, (version, hashes) in pins(name).items():
        assert version, package
        assert hashes, package
        assert all(re.fullmatch(r"\s+--hash=sha256:[0-9a-f]{64}", line) for line in hashes), package


def test_tests_run_with_the_versions_that_serve():
    served, tested = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {package: tested[package] for package in served} == served


def test_every_dependency_is_locked_and_says_what_it_is_for():
    text = read("pyproject.toml")
    project = tomllib.loads(text)
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    for line in wanted:
        package = re.match(r"[\w-]+", line)[0].lower()
        assert package in pins("requirements-dev.lock")
        assert re.search(rf'^    "{re.escape(line)}",\s+# \w', text, re.MULTILINE), (
            f"{line} does not say what it is for"
        )
