"""The seven scenarios in their order, walked one after the other and told step by step.

A page that lacks what a shopper needs next ends its scenario, not the walk.
"""

from collections import Counter
from collections.abc import Callable, Iterator

import requests

from storefront.simulation.account import profile
from storefront.simulation.basket import cart
from storefront.simulation.browser import Missing
from storefront.simulation.browsing import browsing
from storefront.simulation.entrance import authentication, registration
from storefront.simulation.ordering import order_placement
from storefront.simulation.places import addresses
from storefront.simulation.steps import FAIL, PASS, SKIP, Scenario, Step, Walk

SCENARIOS: dict[str, Scenario] = {
    "Registration": registration,
    "Authentication": authentication,
    "Browsing": browsing,
    "Cart": cart,
    "Addresses": addresses,
    "Order placement": order_placement,
    "Profile": profile,
}


def tell(walk: Walk, write: Callable[[str], object]) -> bool:
    """Walk every scenario and write a line for each step; True when none failed."""
    total: Counter[str] = Counter()
    for name, scenario in SCENARIOS.items():
        write(name)
        for step in to_its_end(scenario, walk):
            write(step.line)
            total[step.verdict] += 1
    write(
        f"{len(SCENARIOS)} scenarios: {total[PASS]} passed, {total[FAIL]} failed, "
        f"{total[SKIP]} skipped"
    )
    if waits := [*walk.browser.waits, *walk.stranger.browser.waits]:
        write(f"The shop's store was out of reach {len(waits)} times; asked again.")
    return not total[FAIL]


def to_its_end(scenario: Scenario, walk: Walk) -> Iterator[Step]:
    """The scenario's steps, and a failed one for what kept it from going on."""
    try:
        yield from scenario(walk)
    except Missing as error:
        yield Step("the scenario could not go on", FAIL, str(error))
    except requests.RequestException as error:
        yield Step("the shop did not answer", FAIL, str(error))
    except Exception as error:  # an odd page must not hide what the others show
        yield Step("the scenario could not go on", FAIL, repr(error))
