#!/usr/bin/env python3
"""The shop's commands: ``demo`` opens a shop to try out, ``help`` lists the rest."""

import os
import sys

NEED_NO_SETTINGS = {"runserver", "demo", "simulate"}  # a fresh clone just runs them


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - an older one must get a sentence
        sys.exit("The shop needs Python 3.11 or newer.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aurora.settings")
    if NEED_NO_SETTINGS.intersection(sys.argv[1:2]) and not os.environ.get("DEBUG"):
        os.environ["DEBUG"] = "true"
    try:
        from django.conf import settings
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is missing: run `pip install -r requirements.txt` first.")
    try:
        _ = settings.DEBUG  # read the settings now: what is wrong there is one sentence
    except ImproperlyConfigured as error:
        sys.exit(str(error))

    from aurora.remedies import out_of_reach, remedy

    try:
        execute_from_command_line(sys.argv)
    except Exception as error:
        if not out_of_reach(error):
            raise
        sys.exit(remedy(error))


if __name__ == "__main__":
    main()
