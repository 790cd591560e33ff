"""The notebook's own settings with two addresses more: bare views to measure against."""

from notebook.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
