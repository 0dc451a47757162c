"""Guessing passwords is slow, and nobody can make somebody else wait."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts import recognition
from tests.pages.signing import sign_in
from tests.people import PASSWORD, bina, items

BINA = "bina@example.com"


def guess(client: Client, times: int, email: str = BINA) -> list[int]:
    return [sign_in(client, email, f"guess {n}").status_code for n in range(times)]


def test_asvs_6_3_1_twenty_guesses_at_one_account_are_five(client: Client) -> None:
    bina()

    assert guess(client, 20) == [422] * 5 + [429] * 15


def test_asvs_6_3_1_one_network_tries_fifty_accounts_and_then_waits(
    client: Client,
) -> None:
    statuses = [guess(client, 1, f"nobody{n}@example.com")[0] for n in range(60)]

    assert statuses == [422] * 50 + [429] * 10


def test_the_wait_does_not_tell_whether_there_is_an_account(client: Client) -> None:
    bina()

    assert guess(client, 7) == guess(client, 7, "nobody@example.com")


def test_a_stranger_on_the_same_network_makes_no_owner_wait(client: Client) -> None:
    """The owner's browser was there before, so it is known and counted by itself."""
    bina()
    owner, stranger = Client(), Client()
    assert sign_in(owner, BINA, PASSWORD).status_code == 302
    owner.post("/account/logout/")

    assert guess(stranger, 8)[-1] == 429
    for number in range(60):
        guess(stranger, 1, f"nobody{number}@example.com")

    assert sign_in(stranger, BINA, PASSWORD).status_code == 429
    assert sign_in(owner, BINA, PASSWORD).status_code == 302


def test_a_known_browser_cannot_guess_without_end_either(client: Client) -> None:
    bina()
    sign_in(client, BINA, PASSWORD)

    assert guess(client, 7) == [422] * 5 + [429] * 2
    assert sign_in(Client(), BINA, PASSWORD).status_code == 302


def test_a_mark_counts_for_its_own_account_alone(client: Client) -> None:
    bina()
    bina(email="charu@example.com")
    sign_in(client, "charu@example.com", PASSWORD)
    guess(Client(), 5)

    assert guess(client, 1) == [429]


@pytest.mark.parametrize("cookie", ["", "x", "a:b:c", "W10:1tXyZ:bad"])
def test_a_made_up_mark_is_no_mark(cookie: str) -> None:
    assert recognition.device(cookie, BINA) is None


def test_a_mark_names_nobody_and_no_program_of_the_page_can_read_it(
    client: Client,
) -> None:
    bina()

    response = sign_in(client, BINA, PASSWORD)

    cookie = response.cookies[settings.KNOWN_COOKIE_NAME]
    assert "bina" not in cookie.value
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
    assert recognition.device(cookie.value, BINA)
    assert recognition.device(cookie.value, "charu@example.com") is None


def test_signing_in_after_slips_forgets_them(client: Client, tables: Any) -> None:
    bina()
    guess(client, 4)

    assert sign_in(client, BINA, PASSWORD).status_code == 302

    counted = [one["guardID"]["S"] for one in items(tables, "Guards")]
    assert [one for one in counted if one.startswith("attempts#sign-in#")] == []
