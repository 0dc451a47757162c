"""Everything the shop is told from outside comes through the environment, here."""

import os
import re
from pathlib import Path
from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


# Environment helpers -----------------------------------------------------------------
def env_flag(name: str, default: bool) -> bool:
    text = os.environ.get(name, "").strip().lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {text!r}.")


def env_list(name: str, default: str = "") -> list[str]:
    return [
        part.strip()
        for part in os.environ.get(name, default).split(",")
        if part.strip()
    ]


Default = TypeVar("Default", int, None)


def env_int(name: str, default: Default) -> int | Default:
    text = os.environ.get(name, "").strip()
    try:
        return int(text) if text else default
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} must be a whole number, not {text!r}."
        ) from error


def host_names(names: list[str]) -> list[str]:
    """Lower case; each becomes part of the content policy, so it must be a name."""
    for name in names:
        if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d+)?", name):
            raise ImproperlyConfigured(f"{name!r} is not the name of a host.")
    return [name.lower() for name in names]


# Core and security -------------------------------------------------------------------
DEBUG = env_flag("DEBUG", False)
SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Put a long random text into the environment "
            "variable SECRET_KEY (the same on every host), or set DEBUG=true to try "
            "the shop out."
        )
    SECRET_KEY = "only-for-trying-the-shop-out-on-this-computer-never-in-public"  # noqa: S105
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if DEBUG else "")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

HTTPS = env_flag("AURORA_HTTPS", not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_FAILURE_VIEW = "aurora.errors.form_expired"
DATA_UPLOAD_MAX_MEMORY_SIZE = 128 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
FILE_UPLOAD_HANDLERS: list[str] = []

# Apps and middleware -----------------------------------------------------------------
INSTALLED_APPS = [
    # before whitenoise, because the first app's `runserver` is the one that runs
    "storefront",
    # runserver must hand static files to whitenoise, as production does
    "whitenoise.runserver_nostatic",
    # contrib.auth needs contenttypes to be importable; no table is ever made for them
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "accounts",
]
MIDDLEWARE = [
    "aurora.requests.name_request",
    "aurora.events.note_refusals",
    "aurora.headers.content_policy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "aurora.languages.speak",
    "aurora.headers.keep_private",
    "aurora.errors.answer_store_errors",
    "django_htmx.middleware.HtmxMiddleware",
    "aurora.http.leave_page_on_redirect",
    # outside of whatever sets a cookie
    "aurora.caching.keep_for_all",
    "accounts.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "aurora.csrf.CsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "aurora.urls"
WSGI_APPLICATION = "aurora.wsgi.application"
# W003 looks for Django's own CSRF middleware by name; ours is a subclass of it
SILENCED_SYSTEM_CHECKS = ["security.W003"]

# Pages of the catalogue that every stranger is shown, in the worker's memory ----------
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 400},  # of some 50 KB
    },
}

# Templates ---------------------------------------------------------------------------
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "aurora.caching.nothing_personal",
            ],
            "builtins": ["aurora.kept", "aurora.links"],
            "loaders": [
                "django.template.loaders.filesystem.Loader",
                "django.template.loaders.app_directories.Loader",
            ]
            if DEBUG
            else [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    },
    # letters are plain text: nothing in them is to be escaped for HTML
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "NAME": "letters",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"autoescape": False},
    },
]

# Sessions, sign-in, messages ---------------------------------------------------------
DATABASES: dict[str, dict[str, str]] = {}
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
OFFLINE_COOKIE_NAME = "__Host-offline" if HTTPS else "offline"
KNOWN_COOKIE_NAME = "__Host-known" if HTTPS else "known"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_SAVE_EVERY_REQUEST = False
AUTH_USER_MODEL = "accounts.SessionUser"
AUTHENTICATION_BACKENDS = ["accounts.backends.EmailBackend"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "storefront:home"
LOGOUT_REDIRECT_URL = "storefront:home"
PASSWORD_HASHERS = ["accounts.hashers.Argon2", "accounts.hashers.BareSha256"]
# For shops that run the old console beside this one: it understands nothing else.
if env_flag("AURORA_LEGACY_PASSWORDS", False):
    PASSWORD_HASHERS.reverse()
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
# Messages must not cost a write to the store. They name products and no more of a
# person than the first name; the cookie is signed, and closed to scripts.
MESSAGE_STORAGE = "aurora.http.Notices"

# Languages, each named in its own script ---------------------------------------------
USE_I18N = True
LANGUAGE_CODE = "en-in"
LANGUAGES = [("en-in", "English"), ("hi", "हिन्दी"), ("te", "తెలుగు")]
LOCALE_PATHS = [BASE_DIR / "aurora" / "locale"]
LANGUAGE_COOKIE_NAME = "__Host-language" if HTTPS else "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

# Static files ------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "aurora.sheets.OneSheet"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site needs to read our files
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# DynamoDB ----------------------------------------------------------------------------
AWS_REGION = os.environ.get("AWS_REGION", "ap-south-1")
AWS_ENDPOINT = os.environ.get("AWS_ENDPOINT_URL_DYNAMODB", "")
if AWS_ENDPOINT and not AWS_ENDPOINT.startswith(("http://", "https://")):
    raise ImproperlyConfigured(
        f"AWS_ENDPOINT_URL_DYNAMODB must begin with http(s)://: {AWS_ENDPOINT!r}."
    )
AURORA_TABLE_PREFIX = os.environ.get("AURORA_TABLE_PREFIX", "AuroraSparkTheme-")
# AURORA_EMBEDDED is set by the program that starts the embedded store, together with
# AWS_ENDPOINT_URL_DYNAMODB, so that its children know whose endpoint that is.
AURORA_STORE = os.environ.get("AURORA_STORE") or (
    "embedded" if DEBUG and not AWS_ENDPOINT else "aws"
)
if AURORA_STORE not in {"embedded", "aws"}:
    raise ImproperlyConfigured(
        f"AURORA_STORE must be embedded or aws, not {AURORA_STORE!r}."
    )
if AURORA_STORE == "embedded" and not DEBUG:
    raise ImproperlyConfigured(
        "AURORA_STORE=embedded keeps every order in memory and is only for trying the "
        "shop out. Set AURORA_STORE=aws (with AWS credentials), or DEBUG=true."
    )

# Shop rules --------------------------------------------------------------------------
TIME_ZONE = "Asia/Kolkata"
USE_TZ = True
AURORA_THROTTLE = env_flag("AURORA_THROTTLE", True)
AURORA_CUTOFF_HOURS = env_int("AURORA_CUTOFF_HOURS", 2)
# whole days; unset: a share of each product's shelf life, see storefront/stock.py
AURORA_DAYS_LEFT = env_int("AURORA_DAYS_LEFT", None)
if AURORA_DAYS_LEFT is not None and not 0 <= AURORA_DAYS_LEFT <= 366:
    raise ImproperlyConfigured("AURORA_DAYS_LEFT must be from 0 to 366 days.")
AURORA_SELL_EXPIRED = env_flag("AURORA_SELL_EXPIRED", False)
AURORA_SETTLE_ON_DELIVERY = env_flag("AURORA_SETTLE_ON_DELIVERY", True)
AURORA_STATE_DIR = Path(os.environ.get("AURORA_STATE_DIR") or BASE_DIR / ".aurora")
AURORA_CATALOG_SECONDS = env_int("AURORA_CATALOG_SECONDS", 120)
AURORA_IMAGE_HOSTS = host_names(env_list("AURORA_IMAGE_HOSTS"))
PAGE_SIZE = 24
MAX_LINES = 60  # distinct batches in one order stay below DynamoDB's 100 actions
MAX_UNITS = 20  # of one line: a household's need; larger orders are phoned in

# Who runs the shop: shown in the footer, each line only when it is set ---------------
LEGAL = {
    "name": os.environ.get("AURORA_LEGAL_NAME", "Aurora Spark"),
    "fssai": os.environ.get("AURORA_FSSAI", ""),
    "officer": os.environ.get("AURORA_GRIEVANCE_OFFICER", ""),
    "email": os.environ.get("AURORA_HELP_EMAIL", ""),
    "phone": os.environ.get("AURORA_HELP_PHONE", ""),
}

# Mail and logging --------------------------------------------------------------------
EMAIL_BACKEND = os.environ.get(
    "EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = env_int("EMAIL_PORT", 25)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env_flag("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = env_flag("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20  # seconds; a claim on a letter lasts much longer
DEFAULT_FROM_EMAIL = os.environ.get(
    "DEFAULT_FROM_EMAIL", "Aurora Spark <shop@localhost>"
)
LOG_LEVEL = os.environ.get("LOG_LEVEL", "DEBUG" if DEBUG else "INFO").upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "aurora.logs.JsonLines"},
        "plain": {"format": "%(message)s"},
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "json",
        },
        # a traceback on one line is for machines
        "console": {"class": "logging.StreamHandler", "formatter": "plain"},
    },
    "root": {"handlers": ["stdout"], "level": "WARNING"},
    "loggers": {
        "django": {
            "handlers": ["console" if DEBUG else "stdout"],
            "level": "INFO",
            "propagate": False,
        },
        # what was refused has its line in aurora.events, without the address asked for
        "django.request": {"level": "WARNING" if DEBUG else "ERROR"},
        "aurora": {"level": LOG_LEVEL},
        "storefront": {"level": LOG_LEVEL},
        "accounts": {"level": LOG_LEVEL},
        # their DEBUG lines contain whole items
        "botocore": {"level": "WARNING"},
        "pynamodb": {"level": "WARNING"},
    },
}
