"""Confirming an e-mail address, and moving the account to another one."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts import mailboxes, users
from tests.builders import put
from tests.pages.history import cards, told
from tests.pages.letters import link, send
from tests.pages.shopping import codes, page
from tests.pages.signing import ASHA, is_signed_in, sign_in
from tests.people import JOHN, PASSWORD, bina, digest, items, move_in, stored

OLD, NEW = "bina@example.com", "bina.iyer@example.org"


def ask(client: Client, email: str = NEW, password: str = PASSWORD) -> Any:
    return client.post("/account/email/", {"email": email, "password": password})


# Confirming ---------------------------------------------------------------------------


def test_registering_sends_a_link_and_the_account_page_reminds_of_it(
    client: Client, tables: Any
) -> None:
    client.post("/account/register/", ASHA)
    assert send() == [
        ("asha.rao@example.com", "Confirm your e-mail address for Aurora Spark")
    ]
    assert "not confirmed yet" in client.get("/account/").content.decode()

    asked = client.get(link())
    assert asked.status_code == 200
    assert "asha.rao@example.com" in asked.content.decode()
    (user,) = items(tables, "Users")
    assert user["emailVerified"] == {"BOOL": False}  # a look confirms nothing
    assert client.post(link())["Location"] == "/account/"

    (user,) = items(tables, "Users")
    assert user["emailVerified"] == {"BOOL": True}
    assert "not confirmed yet" not in client.get("/account/").content.decode()


def test_an_unconfirmed_customer_may_do_everything(client: Client) -> None:
    client.post("/account/register/", ASHA)

    for path in ("/account/", "/orders/", "/account/addresses/new/", "/cart/"):
        assert client.get(path).status_code == 200


def test_asvs_6_4_2_a_link_works_once(client: Client) -> None:
    client.post("/account/register/", ASHA)
    send()
    client.post(link())

    assert client.post(link()).status_code == 404
    assert client.get(link()).status_code == 404


def test_a_link_of_yesterday_is_dead(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/account/register/", ASHA)
    send()
    assert mailboxes.LIFETIME == 86400
    monkeypatch.setattr(mailboxes, "LIFETIME", -1)

    assert client.post(link()).status_code == 404


def test_nobody_is_reminded_whose_address_is_confirmed(client: Client) -> None:
    user = bina()
    user.update([users.User.email_verified.set(True)])
    client.force_login(user)

    client.post("/account/verify/")

    assert "not confirmed yet" not in client.get("/account/").content.decode()
    assert send() == []


def test_the_letter_is_sent_again_but_not_without_end(client: Client) -> None:
    client.force_login(bina())

    answers = [client.post("/account/verify/") for _ in range(6)]

    assert [one.headers.get("X-Error-Code") for one in answers] == [
        *[None] * 5,
        "TOO_MANY_ATTEMPTS",
    ]
    assert len(send()) == 5


@pytest.mark.parametrize("path", ["verify/x/y", "verify/bm9ib2R5/a:b:c", "email/a:b:c"])
def test_a_forged_link_opens_nothing(client: Client, path: str) -> None:
    assert client.get(f"/account/{path}/").status_code == 404
    assert client.post(f"/account/{path}/").status_code == 404


# Moving -------------------------------------------------------------------------------


def test_asvs_7_5_1_another_address_takes_the_password_and_a_link(
    client: Client, tables: Any
) -> None:
    user = bina()
    user.update([users.User.first_name.set("Bina Devi")])
    sign_in(client, OLD, PASSWORD)
    before = stored(tables, user)

    wrong = ask(client, password="guess")
    assert (wrong.status_code, wrong["X-Error-Code"]) == (422, "AUTH_FAILED")
    assert codes(wrong) == {"AUTH_FAILED"}
    assert send() == []
    assert ask(client, "Bina.Iyer@Example.org")["Location"] == "/account/"
    assert send() == [(NEW, "Your new e-mail address at Aurora Spark")]
    assert NEW in client.get(link()).content.decode()
    assert stored(tables, user) == before
    assert client.post(link())["Location"] == "/account/"

    (item,) = items(tables, "Users")
    assert item.pop("updatedAt") != before.pop("updatedAt")
    assert item == before | {
        "email": {"S": NEW},
        "emailVerified": {"BOOL": True},
        "formerEmails": {"L": [{"S": OLD}]},
    }
    assert is_signed_in(client)
    assert send()[-1] == (OLD, "Your Aurora Spark account has a new e-mail address")
    assert sign_in(Client(), NEW, PASSWORD).status_code == 302
    assert sign_in(Client(), OLD, PASSWORD).status_code == 422
    assert client.post(link(0)).status_code == 404


def test_orders_stay_the_customers_under_the_address_they_had(
    client: Client, shop: Any
) -> None:
    user = bina()
    put(shop, "Orders", told(orderID="o-1", customerID=user.pk))
    client.force_login(user)
    ask(client)
    send()
    client.post(link())

    assert [name for name, _ in cards(client.get("/orders/"))] == ["o-1"]
    assert client.get("/orders/o-1/").status_code == 200
    assert client.post("/orders/o-1/cancel/").status_code == 302
    assert "Bina" in client.get("/account/data/").content.decode()


def test_an_address_given_up_is_nobody_elses(client: Client, tables: Any) -> None:
    client.force_login(bina())
    ask(client)
    send()
    client.post(link())

    refused = Client().post("/account/register/", ASHA | {"email": OLD})

    assert refused["X-Error-Code"] == "EMAIL_TAKEN"
    assert len(items(tables, "Users")) == 1


def test_one_may_move_back(client: Client, tables: Any) -> None:
    client.force_login(bina())
    for wanted in (NEW, OLD):
        ask(client, wanted)
        send()
        assert client.post(link()).status_code == 302
        send()

    (item,) = items(tables, "Users")
    assert item["email"] == {"S": OLD}
    assert item["formerEmails"] == {"L": [{"S": NEW}]}


def test_an_address_that_has_an_account_answers_alike_and_is_told_by_letter(
    client: Client, tables: Any
) -> None:
    bina(email=NEW, first_name="Charu")
    client.force_login(bina())

    response = ask(client)

    assert (response.status_code, response["Location"]) == (302, "/account/")
    assert send() == [(NEW, "This e-mail address already has an Aurora Spark account")]
    assert "http://" not in mail.outbox[0].body
    assert len(items(tables, "Users")) == 2


def test_an_address_taken_meanwhile_is_not_taken_over(
    client: Client, tables: Any
) -> None:
    client.force_login(bina())
    ask(client)
    send()
    bina(email=NEW, first_name="Charu")
    before = items(tables, "Users")

    assert client.post(link()).status_code == 404
    assert items(tables, "Users") == before


def test_an_address_marked_but_not_in_the_index_yet_is_not_taken_over(
    client: Client, tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(bina())
    ask(client)
    send()
    found = link()
    bina(email=NEW, first_name="Charu")
    monkeypatch.setattr(users, "is_taken", lambda email, by: False)
    monkeypatch.setattr(users, "JITTER_SECONDS", 0)
    before = items(tables, "Users")

    assert client.post(found).status_code == 404
    assert items(tables, "Users") == before


def test_a_reset_by_the_super_admin_kills_the_link(client: Client, tables: Any) -> None:
    user = bina()
    client.force_login(user)
    ask(client)
    send()
    user.update([users.User.password_hash.set(digest("reset-by-the-desk"))])

    assert client.post(link()).status_code == 404
    (item,) = items(tables, "Users")
    assert item["email"] == {"S": OLD}


def test_what_a_portal_writes_at_the_same_moment_is_not_lost(
    client: Client, tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = bina()
    client.force_login(user)
    ask(client)
    send()
    look, times = users.item_of, []

    def slow(found: Any) -> Any:
        item = look(found)
        if not times:
            times.append(1)
            user.update([users.User.first_name.set("Changed by the desk")])
        return item

    monkeypatch.setattr(users, "item_of", slow)
    client.post(link())

    (item,) = items(tables, "Users")
    assert item["firstName"] == {"S": "Changed by the desk"}
    assert item["email"] == {"S": NEW}


def test_a_console_customer_in_capitals_can_move_to_small_letters(
    client: Client, tables: Any
) -> None:
    move_in(tables, JOHN, loyalty={"M": {"tier": {"S": "gold"}}})
    sign_in(client, JOHN, "password123")

    ask(client, JOHN.lower(), "password123")
    send()
    assert client.post(link()).status_code == 302

    (item,) = items(tables, "Users")
    assert item["email"] == {"S": JOHN.lower()}
    assert item["loyalty"] == {"M": {"tier": {"S": "gold"}}}


def test_the_form_is_the_same_alone_and_in_its_page(client: Client) -> None:
    client.force_login(bina())
    wrong = {"email": "no address", "password": PASSWORD}

    alone = client.post("/account/email/", wrong, headers={"HX-Request": "true"})
    whole = client.post("/account/email/", wrong)

    assert alone.status_code == whole.status_code == 422
    assert alone["X-Error-Code"] == "INVALID_FIELD"
    assert "<html" not in alone.content.decode()
    assert page(whole).select_one("html #email-form")
