"""``manage.py makemessages``: Django's, but it guesses no translations."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    # A guess from a similar sentence looks translated and says something else.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
