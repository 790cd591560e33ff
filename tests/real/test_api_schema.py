"""Whatever the description allows is answered as it says, and whatever it does not is refused: schemathesis asks."""

from __future__ import annotations

import json

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from notebook.api import limits
from notebook.api.described import as_text
from notebook.api.index import api
from notebook.wsgi import application
from progress import tokens
from tests.make import make_reader

schema = schemathesis.openapi.from_dict(json.loads(as_text(api)))
schema.app, schema.location = application, "/api/openapi.json"


@pytest.fixture
def token(monkeypatch):
    """Return a token for everything; requests are asked on the connection of the test, as django.test.Client does."""
    for limit in (limits.READS, limits.WHAT_IFS, limits.RECORDS):
        monkeypatch.setattr(limit, "most", 1_000_000)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield tokens.make(make_reader(), "schemathesis", ["read", "record"])
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=4, suppress_health_check=list(HealthCheck), database=None)
def test_every_operation_keeps_its_word(case, token):
    case.call_and_validate(
        headers={"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"},
        # What looks as it should may still name nothing: a part that is not there, a number that is none.
        excluded_checks=[positive_data_acceptance],
    )
