"""The shop without retries below it, to be served instead of ``aurora.wsgi``.

What botocore would quietly repeat, the shop itself has to answer for.
"""

from importlib import import_module

from aurora.wsgi import application

__all__ = ["application"]

# only now, because it wants the settings that the line above has named
import_module("aurora.dynamo").RETRIES = 0
