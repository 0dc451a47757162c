"""Leaving for good, and taking away what the shop knows."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts import users
from accounts.models import User
from storefront import queries
from tests.builders import put
from tests.pages.history import told
from tests.pages.letters import link, send
from tests.pages.ordering import home
from tests.pages.shopping import add
from tests.pages.signing import ASHA, is_signed_in, sign_in
from tests.people import AMIT, PASSWORD, bina, items, move_in, stored

BINA = "bina@example.com"
ORDER = {"orderID": "o-1", "customerEmail": BINA}


def close(client: Client, password: str = PASSWORD) -> Any:
    return client.post("/account/close/", {"password": password})


# Closing ------------------------------------------------------------------------------


def test_a_closed_account_leaves_its_orders_and_nothing_else(
    client: Client, shop: Any
) -> None:
    user = bina()
    put(shop, "Orders", told(**ORDER, customerID=user.pk))
    sign_in(client, BINA, PASSWORD)
    home(user)
    add(client, "tomato")
    orders = items(shop, "Orders")

    response = close(client)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert items(shop, "Users") == []
    assert items(shop, "Sessions") == []
    assert items(shop, "Orders") == orders
    assert not is_signed_in(client)
    assert sign_in(Client(), BINA, PASSWORD).status_code == 422
    assert send()[-1] == (BINA, "Your Aurora Spark account is closed")
    assert BINA not in json.dumps(items(shop, "Guards"))
    assert "Bina" not in json.dumps(items(shop, "Guards"))


def test_the_wrong_password_closes_nothing(client: Client, tables: Any) -> None:
    user = bina()
    client.force_login(user)
    before = stored(tables, user)

    response = close(client, "guess")

    assert (response.status_code, response["X-Error-Code"]) == (422, "AUTH_FAILED")
    assert stored(tables, user) == before
    assert is_signed_in(client)


def test_who_also_works_here_is_sent_to_the_desk(client: Client, tables: Any) -> None:
    both = {"L": [{"S": "warehouse_manager"}, {"S": "customer"}]}
    before = move_in(tables, AMIT, roles=both)
    sign_in(client, AMIT, "password123")

    response = close(client, "password123")

    assert response.status_code == 422
    assert "staff portals" in response.content.decode()
    after = stored(tables, before)
    assert after | {"lastLogin": before["lastLogin"]} == before


def test_whoever_takes_the_address_next_is_somebody_else(
    client: Client, shop: Any
) -> None:
    first = bina()
    put(shop, "Orders", told(**ORDER, customerID=first.pk))
    client.force_login(first)
    close(client)

    stranger = Client()
    stranger.post("/account/register/", ASHA | {"email": BINA})

    (item,) = items(shop, "Users")
    assert item["userID"] != {"S": first.pk}
    assert stranger.get("/orders/o-1/").status_code == 404
    assert queries.orders_of(users.find_by_email(BINA)).orders == ()
    with pytest.raises(users.EmailTaken):
        bina()


def test_former_addresses_are_free_again_too(client: Client, tables: Any) -> None:
    client.force_login(bina())
    new = {"email": "bina@example.org", "password": PASSWORD}
    client.post("/account/email/", new)
    send()
    client.post(link())

    close(client)

    assert bina().email == BINA
    assert bina(email="bina@example.org").email == "bina@example.org"
    assert len({item["userID"]["S"] for item in items(tables, "Users")}) == 2


def test_a_change_at_the_same_moment_is_seen_before_all_is_deleted(
    client: Client, tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A suspended account, or one that got another role, is not the one to delete."""
    user = bina()
    client.force_login(user)
    look, times = users.item_of, []

    def slow(found: Any) -> Any:
        item = look(found)
        if not times:
            times.append(1)
            User(user.pk, user.email).update([User.roles.set(["customer", "rider"])])
        return item

    monkeypatch.setattr(users, "item_of", slow)

    assert close(client).status_code == 422
    assert stored(tables, user)["email"] == {"S": BINA}


# Taking the data away -----------------------------------------------------------------


def test_the_data_is_a_file_of_all_the_shop_knows(client: Client, shop: Any) -> None:
    user = bina()
    put(shop, "Orders", told(**ORDER, customerID=user.pk))
    put(shop, "Orders", told(orderID="o-2", customerEmail=BINA, customerID="charu"))
    client.force_login(user)
    home(user)
    add(client, "tomato", quantity="3")

    response = client.get("/account/data/")

    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == (
        'attachment; filename="aurora-spark-data.json"'
    )
    assert "no-store" in response["Cache-Control"]
    found = json.loads(response.content)
    assert found["account"]["email"] == BINA
    assert found["account"]["phone"] == "+919849012345"
    assert len(found["addresses"]) == 1
    assert found["cart"] == [{"product": "tomato", "variant": None, "quantity": 3}]
    assert [order["id"] for order in found["orders"]] == ["o-1"]
    text = response.content.decode()
    assert user.password_hash not in text
    for word in ("passwordHash", "roles", "permissions", "costPrice"):
        assert word not in text


def test_nobody_else_gets_it(client: Client) -> None:
    assert client.get("/account/data/")["Location"].startswith("/account/login/")
    client.force_login(bina())
    assert client.post("/account/data/").status_code == 405
