from __future__ import annotations

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client


@pytest.fixture(autouse=True)
def _no_attempts_yet(db):
    """Attempts are counted in a table of no model: a test that commits leaves its count to the next."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def client_factory():
    """Return another browser each time it is called."""
    return Client


@pytest.fixture
def strict_client():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def hashings(monkeypatch):
    """Return a list that grows by one each time a password is hashed: what sign-in's time is made of."""
    done = []
    encode = MD5PasswordHasher.encode

    def counted(self, password, salt):
        done.append(salt)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return done
