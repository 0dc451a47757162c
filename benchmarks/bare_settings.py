"""The floor's settings: the shop's own, middleware and all, with other pages."""

from aurora.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.bare"
