"""What is a customer's own: who can open it, how long it stays, lost answers."""

import hashlib
import json
import time
from typing import Any

import pytest

from accounts import lockers
from accounts.lockers import Locker
from accounts.models import Session
from accounts.sessions import SessionStore
from aurora.dynamo import StoreUnavailable
from tests.builders import a_line
from tests.people import items
from tests.tables.devices import (
    BINA,
    add,
    cart_on,
    device,
    item,
    units,
)


# The item -----------------------------------------------------------------------------
def test_the_item_says_nothing_of_its_owner_and_stays_for_90_days(tables: Any) -> None:
    add(device(), a_line("okra", 2))
    name = "customer." + hashlib.sha256(BINA.encode()).hexdigest()
    (found,) = (i for i in items(tables, "Sessions") if i["sessionKey"] == {"S": name})
    assert BINA not in json.dumps(found)
    assert json.loads(found["data"]["S"]) == {"cart": [["okra", None, 2, None]]}
    assert abs(int(found["expiresAt"]["N"]) - time.time() - 90 * 86400) < 60
    assert "endsAt" not in found


@pytest.mark.parametrize(
    "cookie",
    [
        BINA,
        Locker(BINA).item_key,
        Locker(BINA).item_key.removeprefix("customer."),
        "customer." + BINA,
    ],
)
def test_no_cookie_opens_it(cookie: str) -> None:
    add(device(), a_line("okra", 2))
    forged = SessionStore(cookie)
    assert dict(forged.items()) == {}
    assert forged.session_key is None
    assert not SessionStore().exists(cookie)


def test_a_change_keeps_it_for_another_90_days() -> None:
    key = device()
    add(key, a_line("okra"))
    soon = int(time.time()) + 86400
    Session(Locker(BINA).item_key).update([Session.expires_at.set(soon)])
    cart_on(key)
    assert item().expires_at == soon  # looking at it costs no write
    add(key, a_line("leek"))
    assert item().expires_at > soon + 80 * 86400


@pytest.mark.parametrize("gone", ["expired", "deleted"])
def test_a_cart_that_is_over_is_begun_anew_and_is_newer_than_the_old_one(
    gone: str,
) -> None:
    key = device()
    for _ in range(3):
        add(key, a_line("okra"))
    old = Session(Locker(BINA).item_key)
    before = int(item().version)
    if gone == "deleted":
        # more than three changes have gone into the 90 days it takes to get there
        old.delete()
        now = time.time()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(lockers.time, "time", lambda: now + lockers.KEPT_SECONDS)
            add(device(), a_line("leek"))
    else:
        old.update([Session.expires_at.set(int(time.time()) - 1)])
        assert units(device()) == {}
        add(device(), a_line("leek"))
    assert item().version > before
    assert units(key) == {"leek": 1}


def test_a_cart_that_cannot_be_read_is_begun_anew() -> None:
    key = device()
    add(key, a_line("okra"))
    Session(Locker(BINA).item_key).update([Session.data.set("{not json")])
    assert units(key) == {}
    add(key, a_line("leek"))
    assert units(key) == {"leek": 1}


@pytest.mark.parametrize("begun", [False, True])
def test_a_change_whose_answer_got_lost_counts_once(
    monkeypatch: pytest.MonkeyPatch, begun: bool
) -> None:
    """The client library repeats a request that got no answer; the first counted."""
    from botocore.client import BaseClient

    key = device()
    if begun:
        add(key, a_line("okra"))
    call = BaseClient._make_api_call

    def repeated(self: Any, name: str, arguments: Any) -> Any:
        if name in {"UpdateItem", "PutItem"}:
            call(self, name, arguments)
        return call(self, name, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", repeated)
    add(key, a_line("okra"))
    monkeypatch.undo()
    assert units(key) == {"okra": 1 + begun}


def test_it_gives_up_when_other_requests_keep_winning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key, other = device(), device()
    add(key, a_line("okra"))
    write = Locker._write

    def beaten(self: Locker, *, renew: bool) -> bool:
        monkeypatch.setattr(Locker, "_write", write)
        add(other, a_line("leek"))
        monkeypatch.setattr(Locker, "_write", beaten)
        return write(self, renew=renew)

    monkeypatch.setattr("accounts.versions.JITTER_SECONDS", 0)
    monkeypatch.setattr(Locker, "_write", beaten)
    with pytest.raises(StoreUnavailable):
        add(key, a_line("dill"))
    monkeypatch.undo()
    assert units(key) == {"okra": 1, "leek": 8}
