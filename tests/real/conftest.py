"""The notebook as it ships: the real fixtures, loaded once for each file of tests."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import transaction

from modules import content


@pytest.fixture(scope="module", autouse=True)
def notebook(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load", verbosity=0)
        yield
        transaction.set_rollback(True)
    content.forget()


@pytest.fixture(autouse=True)
def _database(db):
    """Each test may change the notebook; what it changes is undone."""
