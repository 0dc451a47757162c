"""Where a pincode is, and whether anything is delivered there.

The shop knows its own areas best. Accounts know nothing of deliveries, so it says whom
to ask when it starts; of other pincodes the sorting district tells.
"""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.regions import region_of


@dataclass(frozen=True, slots=True)
class Area:
    """Town and state, each empty where it is not sure; ``served`` unless it is known
    that nothing is delivered there."""

    city: str = ""
    state: str = ""
    served: bool = True


# Whom to ask first, by name; it raises nothing, and says nothing of what it knows not.
ASK: dict[str, Callable[[str], Area]] = {}


def area_of(pincode: str) -> Area:
    """What is known of a pincode; of what is none, nothing."""
    city, state = region_of(pincode)
    for ask in ASK.values():
        own = ask(pincode)
        return Area(own.city or city, own.state or state, own.served)
    return Area(city, state)
