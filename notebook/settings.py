"""Every setting of the notebook, from the environment where a deployment may differ.

A fresh clone runs with none set. docs/deploy.md lists the variables and what a real server needs.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from notebook import environment as env

django_stubs_ext.monkeypatch()  # so that ModelAdmin[Module] also works when the program runs

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("NOTEBOOK_DATA") or BASE_DIR / ".data").resolve()
FIXTURES_DIR = BASE_DIR / "fixtures"

DEBUG = env.flag("DEBUG")

# Where the notebook is -------------------------------------------------------------------------------

# What `manage.py serve` listens on.
BIND = os.environ.get("BIND") or "127.0.0.1"
PORT = env.whole("PORT", 8000)

# The address readers see, without a final slash: canonical links, feeds and mails start with it.
SITE_URL = (os.environ.get("SITE_URL") or f"http://127.0.0.1:{PORT}").rstrip("/")
SITE_IS_HTTPS = SITE_URL.startswith("https://")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
if not SITE_HOST:
    raise ImproperlyConfigured(f"SITE_URL is {SITE_URL!r}; write it like https://notebook.example.org.")

ALLOWED_HOSTS = [SITE_HOST, "localhost", "127.0.0.1", "[::1]", *env.words("ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = [SITE_URL, *env.words("CSRF_TRUSTED_ORIGINS")]

# How many proxies stand in front. Each adds one address to X-Forwarded-For; those further left are hearsay.
TRUSTED_PROXIES = env.whole("TRUSTED_PROXIES", 0)

ROOT_URLCONF = "notebook.urls"
WSGI_APPLICATION = "notebook.wsgi.application"

# Database --------------------------------------------------------------------------------------------

DATABASE_URL = os.environ.get("DATABASE_URL", "")
DATABASES = {"default": env.database(DATABASE_URL, DATA_DIR / "postgres")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Secret key ------------------------------------------------------------------------------------------

if os.environ.get("SECRET_KEY"):
    SECRET_KEY = os.environ["SECRET_KEY"]
elif DATABASE_URL:
    raise ImproperlyConfigured(
        "DATABASE_URL names a real server, so SECRET_KEY must be set too: 50 random characters or more."
    )
else:
    SECRET_KEY = env.secret_key(DATA_DIR / "secret-key")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")

# Content ---------------------------------------------------------------------------------------------

# The kinds of file in fixtures/, in the order in which they are loaded.
NOTEBOOK_FILES = [
    "modules.files.catalogue.Catalogue",
    "modules.files.bibliography.Bibliography",
    "modules.files.reference.Reference",
    "modules.files.companies.Companies",
    "modules.files.figures.Figures",
    "modules.files.lesson.Lessons",
    "modules.files.runs.Runs",
    "paths.files.Paths",
]
# How long a process serves a shared page before it asks whether the content has changed.
SHARED_SECONDS = 1.0
# What crawlers may do with the text (contentsignals.org); the text is CC BY 4.0.
CONTENT_SIGNAL = os.environ.get("CONTENT_SIGNAL", "search=yes, ai-input=yes, ai-train=yes")

# Applications ----------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "notebook",
    "progress",
    "paths",
    "modules",
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.contrib.humanize",  # allauth's list of sessions uses it
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "django_htmx",
    "markdownx",
    "csp",
]

# None of these touches the session of a reader who has none, so an anonymous page sets no cookie.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "progress.middleware.study",
    "notebook.twins.Twins",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "progress.context.study",
            ],
        },
    },
]

# One language for the whole notebook, so that shared pages need not vary by reader (docs/decisions/0026).
LANGUAGE_CODE = os.environ.get("LANGUAGE_CODE", "en-gb")
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Files -----------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "notebook.storage.StaticFiles"},
}

# Cache -----------------------------------------------------------------------------------------------

CACHES = {
    # Counters that every worker must see, allauth's rate limits above all: a table, since Postgres is here anyway.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "notebook_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
    # What each worker may keep for itself.
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}},
}

# The API ----------------------------------------------------------------------------------------------

NINJA_NUM_PROXIES = TRUSTED_PROXIES  # by whose addresses it counts requests

# Forms -----------------------------------------------------------------------------------------------

# A lesson's page in the admin has some 17 fields for each of its numbers: Django's 1000 are those of 55.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Mail ------------------------------------------------------------------------------------------------

MAIL_SERVER = env.mail_server(os.environ.get("EMAIL_URL", ""))
if MAIL_SERVER:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = MAIL_SERVER.host, MAIL_SERVER.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL_SERVER.user, MAIL_SERVER.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = MAIL_SERVER.use_ssl, MAIL_SERVER.use_tls
    EMAIL_TIMEOUT = 10  # seconds; a reader waits for this
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL") or f"notebook@{SITE_HOST}"

# Accounts --------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/dashboard/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_CHANGE_EMAIL = True  # one address an account
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_IS_HTTPS else "http"
ACCOUNT_ADAPTER = "progress.accounts.Adapter"
ACCOUNT_FORMS = {"signup": "progress.accounts.SignupForm"}
ACCOUNT_RATE_LIMITS = {  # added to allauth's own, which stay
    "signup_address": "5/5m/key",
    "report": "5/10m/ip,20/d/ip,300/d/key",  # error reports: from one address, and from all together
}
# Sign-in, reset and sign-up answer alike for known and unknown addresses. Without a mail server sign-up can do
# so only by letting everyone in ("strict"): whoever does not know the password gets an account of their own.
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if MAIL_SERVER else "none"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that signed up; its progress comes along
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# Sessions and cookies --------------------------------------------------------------------------------

SESSION_ENGINE = "progress.sessions"
SESSION_COOKIE_AGE = 365 * 24 * 60 * 60  # seconds; a signed-out reader's progress lives in the session
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_IS_HTTPS

# Security headers ------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = SITE_IS_HTTPS
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, past the proxy
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SITE_IS_HTTPS else 0
# Subdomains and preloading concern more than this site: whoever owns the domain decides, in the proxy.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# Logging ---------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # The pool reports only "couldn't get a connection"; why is told here and nowhere else.
        "psycopg.pool": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
