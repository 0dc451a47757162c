"""A shop that can deliver, on a fixed day, and a customer who is signed in."""

from typing import Any

import pytest
from django.test import Client

from accounts import users
from accounts.addresses import Address
from accounts.models import User
from tests.builders import NOW
from tests.pages.devices import BINA, CHARU
from tests.pages.ordering import go_to_review, home, minted
from tests.pages.shopping import add, serve, stock, stock_sizes
from tests.pages.signing import sign_in
from tests.people import PASSWORD, bina
from tests.tables.conftest import parallel  # noqa: F401 - a fixture here too


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The views live on Monday 2 March 2026, noon in India."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def shop(tables: Any, clock: None) -> Any:
    """Ten tomatoes at 60 rupees, delivered in the mornings for 20."""
    stock(tables, "tomato", 10)
    serve(tables)
    return tables


@pytest.fixture
def shopper(client: Client, shop: Any) -> User:
    """Bina, signed in, with an empty address book."""
    user = bina()
    client.force_login(user)
    return user


@pytest.fixture
def address(shopper: User) -> Address:
    """Her home, which is served."""
    return home(shopper)


@pytest.fixture
def phone(client: Client, shop: Any) -> Client:
    """Bina's, signed in; there are tomatoes, okra and leek."""
    for product in ("okra", "leek"):
        stock(shop, product)
    bina()
    bina(email=CHARU, first_name="Charu")
    sign_in(client, BINA, PASSWORD)
    return client


@pytest.fixture
def laptop(phone: Client) -> Client:
    """Nobody's yet."""
    return Client()


@pytest.fixture
def binas_home(phone: Client) -> Address:
    return home(users.find_by_email(BINA))


@pytest.fixture
def reviewed(client: Client, shop: Any, address: Address) -> str:
    """A reviewed order: 3 tomatoes at 60, 2 small okra at 50, 20 for delivery."""
    stock_sizes(shop, "okra", small=5, large=5)
    add(client, "okra", variant_id="small", quantity="2")
    return minted(go_to_review(client, address))
