"""The list of places one is signed in, and signing out there and everywhere."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts import devices, users
from accounts.lockers import Locker
from accounts.models import Session
from accounts.versions import digest
from tests.pages.shopping import page
from tests.pages.signing import is_signed_in, key, sign_in
from tests.people import JOHN, PASSWORD, bina, items, move_in, stored

PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.fixture
def phone() -> Client:
    bina()
    return signed_in(PHONE)


@pytest.fixture
def laptop(phone: Client) -> Client:
    return signed_in(LAPTOP)


def signed_in(agent: str, email: str = "bina@example.com") -> Client:
    client = Client(HTTP_USER_AGENT=agent)
    assert sign_in(client, email, PASSWORD).status_code == 302
    return client


def listed(client: Client) -> dict[str, str]:
    """Handle by the name of the device."""
    found = page(client.get("/account/devices/"))
    return {
        item.strong.text: item["data-device"] for item in found.select("[data-device]")
    }


def test_the_list_names_each_device_and_marks_this_one(
    phone: Client, laptop: Client
) -> None:
    found = page(laptop.get("/account/devices/"))

    names = [item.strong.text for item in found.select("[data-device]")]
    assert names == ["Firefox on Linux", "Chrome on Android"]
    marked = [item.strong.text for item in found.select("[data-device]:has(.badge)")]
    assert marked == ["Firefox on Linux"]


def test_nothing_in_the_list_opens_a_session(phone: Client, laptop: Client) -> None:
    body = phone.get("/account/devices/").content.decode()

    for client in (phone, laptop):
        assert key(client) not in body
        assert digest(key(client)) not in body


def test_one_device_is_signed_out_by_another(
    phone: Client, laptop: Client, tables: Any
) -> None:
    handle = listed(laptop)["Chrome on Android"]

    response = laptop.post(f"/account/devices/{handle}/end/")

    assert response["Location"] == "/account/devices/"
    assert not is_signed_in(phone)
    assert is_signed_in(laptop)
    assert list(listed(laptop)) == ["Firefox on Linux"]
    assert laptop.post(f"/account/devices/{handle}/end/").status_code == 404


def test_somebody_elses_device_is_not_there(phone: Client) -> None:
    bina(email="charu@example.com")
    charu = signed_in(LAPTOP, "charu@example.com")
    theirs = listed(phone)["Chrome on Android"]

    missing = charu.post("/account/devices/none/end/")
    foreign = charu.post(f"/account/devices/{theirs}/end/")

    assert missing.status_code == foreign.status_code == 404
    assert is_signed_in(phone)


def test_ending_this_very_device_is_the_ordinary_sign_out(phone: Client) -> None:
    handle = listed(phone)["Chrome on Android"]

    response = phone.post(f"/account/devices/{handle}/end/")

    assert response["Location"] == "/account/login/"
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_signed_in(phone)


def test_asvs_7_4_3_signing_out_everywhere_ends_all_listed_or_not(
    phone: Client, laptop: Client, tables: Any
) -> None:
    user = users.find_by_email("bina@example.com")
    unlisted = Client()
    unlisted.force_login(user)

    response = phone.post("/account/devices/end/")

    assert response["Location"] == "/account/login/"
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    for client in (phone, laptop, unlisted):
        assert not is_signed_in(client)
    assert sign_in(Client(), "bina@example.com", PASSWORD).status_code == 302


def test_signing_out_takes_the_device_off_the_list(
    phone: Client, laptop: Client
) -> None:
    phone.post("/account/logout/")

    assert list(listed(laptop)) == ["Firefox on Linux"]


def test_asvs_7_4_3_a_new_password_leaves_this_device_alone_on_the_list(
    phone: Client, laptop: Client, tables: Any
) -> None:
    new = "okra and onion 7"
    told = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}

    assert laptop.post("/account/password/", told).status_code == 302

    assert not is_signed_in(phone)
    assert list(listed(laptop)) == ["Firefox on Linux"]
    sessions = [item for item in items(tables, "Sessions") if "endsAt" in item]
    assert len(sessions) == 1


def test_a_session_that_a_reset_has_shut_is_not_shown_as_open(
    phone: Client, tables: Any
) -> None:
    user = users.find_by_email("bina@example.com")
    user.update([users.User.password_hash.set("reset by the desk")])
    reader = Client()
    reader.force_login(user)

    assert listed(reader) == {}


def test_a_session_that_is_over_leaves_the_list(phone: Client, laptop: Client) -> None:
    Session.get(digest(key(phone))).update([Session.expires_at.set(1)])

    assert list(listed(laptop)) == ["Firefox on Linux"]
    user = users.find_by_email("bina@example.com")
    assert len(devices.Register(user.pk).items()) == 1


def test_the_list_has_an_end_and_the_oldest_session_makes_room(
    phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "MOST", 3)

    others = [signed_in(LAPTOP) for _ in range(3)]

    assert not is_signed_in(phone)
    assert all(is_signed_in(client) for client in others)


def test_asvs_7_2_4_the_list_lies_apart_from_sessions_and_carts(phone: Client) -> None:
    user = users.find_by_email("bina@example.com")
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = devices.Register(user.pk).item_key

    assert not is_signed_in(stolen)
    assert devices.Register(user.pk).item_key != Locker(user.pk).item_key


@pytest.mark.parametrize("status", ["inactive", "suspended", "pending"])
def test_asvs_7_4_2_a_session_ends_with_the_account_and_stays_ended(
    client: Client, tables: Any, status: str
) -> None:
    move_in(tables, JOHN)
    sign_in(client, JOHN, "password123")
    user = users.find_by_email(JOHN)

    user.update([users.User.status.set(status)])
    assert not is_signed_in(client)
    user.update([users.User.status.set("active")])

    assert not is_signed_in(client)
    assert stored(tables, user)["status"] == {"S": "active"}
