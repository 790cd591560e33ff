"""The notebook as it ships: the real fixtures, loaded once; what a test changes is undone."""

from __future__ import annotations

import pytest

from modules import content
from tests.databases import use


@pytest.fixture(scope="module", autouse=True)
def notebook(loaded, django_db_blocker):
    with django_db_blocker.unblock(), use(loaded):
        content.forget()
        yield
    content.forget()


@pytest.fixture(autouse=True)
def _database(db):
    """Each test may change the notebook; what it changes is undone."""
