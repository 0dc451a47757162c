"""How fresh the shop promises its goods to be, as the settings have it."""

from django.conf import settings

from storefront.stock import Freshness


def promised() -> Freshness:
    return Freshness(settings.AURORA_DAYS_LEFT, settings.AURORA_SELL_EXPIRED)
