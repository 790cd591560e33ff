"""What every test shares: real Postgres, no manifest, nothing written outside a temporary folder."""

from __future__ import annotations

import pytest
from django.conf import settings


def pytest_configure():
    """Change settings before anything reads them."""
    # Hashed names need a collectstatic first; tests serve the sources.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one is slow on purpose


@pytest.fixture(autouse=True)
def _files_stay_in_the_test(settings, tmp_path_factory):
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / "media"
