"""django-oscar as its own sandbox sets it up: SQLite, Whoosh, no debugging."""

import os
from pathlib import Path

from oscar import INSTALLED_APPS as OSCAR_APPS
from oscar.defaults import *  # noqa: F403

DIRECTORY = Path(os.environ["OSCAR_DIRECTORY"])

DEBUG = False
SECRET_KEY = "for-benchmarks-only-and-long-enough-to-pass-every-check"
ALLOWED_HOSTS = ["shop.test"]
SITE_ID = 1
ROOT_URLCONF = "benchmarks.oscar.urls"
WSGI_APPLICATION = "benchmarks.oscar.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = True
TIME_ZONE = "Asia/Kolkata"
LANGUAGE_CODE = "en-gb"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DIRECTORY / "oscar.sqlite3",
        "ATOMIC_REQUESTS": True,
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
        "PATH": str(DIRECTORY / "whoosh"),
    }
}
# the index is written once, when the shelves are full
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"

INSTALLED_APPS = [*OSCAR_APPS, "sorl.thumbnail"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
    "django.middleware.common.CommonMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
]
AUTHENTICATION_BACKENDS = (
    "oscar.apps.customer.auth_backends.EmailBackend",
    "django.contrib.auth.backends.ModelBackend",
)
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,  # compiled once, as DEBUG is off
        "OPTIONS": {
            "context_processors": [
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.media",
                "django.template.context_processors.static",
                "django.contrib.messages.context_processors.messages",
                "oscar.apps.search.context_processors.search_form",
                "oscar.apps.checkout.context_processors.checkout",
                "oscar.apps.communication.notifications.context_processors.notifications",
                "oscar.core.context_processors.metadata",
            ],
        },
    }
]
STATIC_URL, MEDIA_URL = "/static/", "/media/"
STATIC_ROOT, MEDIA_ROOT = DIRECTORY / "static", DIRECTORY / "media"

OSCAR_SHOP_NAME = "Benchmark"
OSCAR_DEFAULT_CURRENCY = "INR"
OSCAR_PRODUCTS_PER_PAGE = 24  # as many as the other shop shows
OSCAR_SLUG_ALLOW_UNICODE = False
OSCAR_INITIAL_ORDER_STATUS = OSCAR_INITIAL_LINE_STATUS = "Pending"
LOGGING = {"version": 1, "root": {"level": "ERROR"}}
