"""Sessions in the table: keys, expiry, versions, parallel requests."""

import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted

from accounts import sessions
from accounts.models import Session
from accounts.sessions import SessionStore
from aurora.dynamo import StoreUnavailable
from tests.people import items


def saved(**data: Any) -> str:
    """The key of a new stored session."""
    session = SessionStore()
    session.update(data)
    session.create()
    return session.session_key


def add(line: str) -> Callable[[Any], None]:
    def operation(session: Any) -> None:
        session["cart"] = {**session.get("cart", {}), line: 1}

    return operation


def writes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the writes that PynamoDB sends from now on."""
    from botocore.client import BaseClient

    sent: list[str] = []
    call = BaseClient._make_api_call

    def noted(self: Any, name: str, arguments: Any) -> Any:
        if name not in {"GetItem", "Query"}:
            sent.append(name)
        return call(self, name, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", noted)
    return sent


def test_what_was_saved_is_loaded_again() -> None:
    key = saved(cart={"tomato": 2}, pincode="500084")

    assert dict(SessionStore(key).items()) == {
        "cart": {"tomato": 2},
        "pincode": "500084",
    }


def test_the_table_holds_a_digest_of_the_key_json_and_an_expiry(tables: Any) -> None:
    key = saved(cart={"tomato": 2})

    (item,) = items(tables, "Sessions")

    assert item["sessionKey"] == {"S": hashlib.sha256(key.encode()).hexdigest()}
    assert key not in json.dumps(item)
    assert json.loads(item["data"]["S"]) == {"cart": {"tomato": 2}}
    assert item["version"] == {"N": "1"}
    assert abs(int(item["expiresAt"]["N"]) - time.time() - 14 * 86400) < 60
    assert abs(int(item["endsAt"]["N"]) - time.time() - 90 * 86400) < 60


def test_asvs_7_2_1_an_unknown_key_is_not_adopted_and_nothing_is_written(
    tables: Any,
) -> None:
    session = SessionStore("k" * 32)

    assert dict(session.items()) == {}
    assert session.session_key is None
    assert session.is_empty()
    assert items(tables, "Sessions") == []


def test_a_session_begun_under_an_unknown_key_gets_a_new_one() -> None:
    session = SessionStore("k" * 32)
    session["cart"] = {"tomato": 1}
    session.save()

    assert session.session_key not in (None, "k" * 32)
    assert SessionStore(session.session_key)["cart"] == {"tomato": 1}


def test_asvs_7_3_1_an_expired_session_is_empty_although_the_table_still_has_it(
    tables: Any,
) -> None:
    key = saved(cart={"tomato": 2})
    Session(sessions.digest(key)).update([Session.expires_at.set(int(time.time()) - 1)])

    assert dict(SessionStore(key).items()) == {}
    assert not SessionStore().exists(key)
    assert len(items(tables, "Sessions")) == 1


def test_asvs_7_3_2_using_a_session_never_moves_its_absolute_end() -> None:
    key = saved(cart={})
    ends = int(time.time()) + 3 * 86400
    Session(sessions.digest(key)).update([Session.ends_at.set(ends)])

    session = SessionStore(key)
    session["pincode"] = "500084"
    session.save()

    found = Session.get(sessions.digest(key))
    assert found.expires_at == ends
    assert found.ends_at == ends


def test_unreadable_data_gives_an_empty_session() -> None:
    key = saved(cart={})
    Session(sessions.digest(key)).update([Session.data.set("{not json")])

    session = SessionStore(key)
    assert dict(session.items()) == {}
    assert session.session_key is None


def test_creating_under_a_key_in_use_is_refused() -> None:
    key = saved(cart={"tomato": 2})

    with pytest.raises(CreateError):
        SessionStore(key).save(must_create=True)
    assert SessionStore(key)["cart"] == {"tomato": 2}


def test_saving_does_not_bring_back_a_session_that_was_ended(tables: Any) -> None:
    key = saved(cart={"tomato": 2})
    late = SessionStore(key)
    late["cart"] = {"tomato": 3}
    SessionStore(key).flush()

    with pytest.raises(UpdateError):
        late.save()
    assert items(tables, "Sessions") == []


def test_a_request_that_changed_nothing_writes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = saved(cart={"tomato": 2})
    sent = writes(monkeypatch)

    session = SessionStore(key)
    session["cart"] = {"tomato": 2}
    session.save()

    assert sent == []


def test_two_requests_that_changed_different_things_both_count() -> None:
    key = saved(cart={"tomato": 2}, pincode="500084", draft="x")
    one, two = SessionStore(key), SessionStore(key)
    one["cart"] = {"tomato": 5}
    del one["draft"]
    two["pincode"] = "500032"

    one.save()
    two.save()

    assert dict(SessionStore(key).items()) == {
        "cart": {"tomato": 5},
        "pincode": "500032",
    }
    assert dict(two.items()) == {"cart": {"tomato": 5}, "pincode": "500032"}


def test_saving_gives_up_when_other_requests_keep_winning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = saved(count=0)
    session = SessionStore(key)
    session["pincode"] = "500084"
    write = SessionStore._write

    def beaten(self: SessionStore, *, renew: bool) -> bool:
        other = SessionStore(key)
        other["count"] = other["count"] + 1
        assert write(other, renew=False)
        return write(self, renew=renew)

    monkeypatch.setattr(SessionStore, "_write", beaten)

    with pytest.raises(StoreUnavailable):
        session.save()
    monkeypatch.undo()
    assert dict(SessionStore(key).items()) == {"count": sessions.SAVE_TRIES}


def test_an_operation_runs_again_on_what_another_request_stored() -> None:
    key = saved(cart={"tomato": 1})
    slow = SessionStore(key)
    runs: list[dict[str, int]] = []

    def operation(session: Any) -> str:
        runs.append(dict(session["cart"]))
        if len(runs) == 1:
            SessionStore(key).apply(add("onion"))
        add("okra")(session)
        return f"run {len(runs)}"

    assert slow.apply(operation) == "run 2"
    assert runs == [{"tomato": 1}, {"tomato": 1, "onion": 1}]
    assert SessionStore(key)["cart"] == {"tomato": 1, "onion": 1, "okra": 1}
    assert slow.modified is False


def test_an_operation_keeps_what_the_request_had_changed_before() -> None:
    key = saved(cart={})
    session = SessionStore(key)
    session["pincode"] = "500084"

    def operation(inner: Any) -> None:
        if "onion" not in inner["cart"] and "seen" not in vars(session):
            session.seen = True
            SessionStore(key).apply(add("onion"))
        add("okra")(inner)

    session.apply(operation)

    assert dict(SessionStore(key).items()) == {
        "cart": {"onion": 1, "okra": 1},
        "pincode": "500084",
    }


def test_a_refused_operation_leaves_the_session_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = saved(cart={"tomato": 1})
    session = SessionStore(key)
    sent = writes(monkeypatch)

    def refused(inner: Any) -> None:
        inner["cart"]["tomato"] = 99
        inner.modified = True
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        session.apply(refused)

    assert session["cart"] == {"tomato": 1}
    assert session.modified is False
    assert sent == []


def test_an_operation_that_changes_nothing_writes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = saved(cart={"tomato": 1})
    sent = writes(monkeypatch)

    SessionStore(key).apply(lambda session: session.get("cart"))

    assert sent == []


def test_an_operation_begins_a_session_and_asks_for_its_cookie() -> None:
    session = SessionStore()
    session.apply(add("okra"))

    assert session.modified is True  # so that the middleware sends the cookie
    assert SessionStore(session.session_key)["cart"] == {"okra": 1}


def test_an_operation_on_a_session_that_was_ended_is_interrupted(tables: Any) -> None:
    key = saved(cart={})
    session = SessionStore(key)
    session["pincode"] = "500084"
    SessionStore(key).flush()

    with pytest.raises(SessionInterrupted):
        session.apply(add("okra"))
    assert items(tables, "Sessions") == []


def test_an_operation_whose_answer_got_lost_is_not_done_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The client library repeats a request that got no answer; the first counted."""
    from botocore.client import BaseClient

    key = saved(cart={"tomato": 1})
    call = BaseClient._make_api_call

    def repeated(self: Any, name: str, arguments: Any) -> Any:
        if name == "UpdateItem":
            call(self, name, arguments)
        return call(self, name, arguments)

    def one_more(session: Any) -> None:
        session["cart"] = {"tomato": session["cart"]["tomato"] + 1}

    monkeypatch.setattr(BaseClient, "_make_api_call", repeated)
    SessionStore(key).apply(one_more)
    monkeypatch.undo()

    assert SessionStore(key)["cart"] == {"tomato": 2}
    assert Session.get(sessions.digest(key)).version == 2


def test_eight_parallel_additions_are_all_in_the_cart(parallel: Any) -> None:
    key = saved(cart={})
    names = [f"line-{number}" for number in range(8)]

    results = parallel(
        [lambda name=name: SessionStore(key).apply(add(name)) for name in names]
    )

    assert results == [None] * 8
    assert SessionStore(key)["cart"] == dict.fromkeys(names, 1)


def test_a_session_is_renewed_once_a_day_only() -> None:
    key = saved(cart={})
    fresh = SessionStore(key)
    fresh.load()
    assert not fresh.due
    yesterday = int(time.time()) + 13 * 86400 - 60
    Session(sessions.digest(key)).update([Session.expires_at.set(yesterday)])

    session = SessionStore(key)
    session.load()
    assert session.due
    assert session.touch()

    found = Session.get(sessions.digest(key))
    assert found.expires_at > yesterday + 86000
    assert not session.due


def test_a_new_key_keeps_the_data_and_ends_the_old_one(tables: Any) -> None:
    key = saved(cart={"tomato": 1})
    session = SessionStore(key)
    session.cycle_key()

    assert session.session_key != key
    assert SessionStore(session.session_key)["cart"] == {"tomato": 1}
    assert dict(SessionStore(key).items()) == {}
    assert len(items(tables, "Sessions")) == 1
