"""The address book in the shared item: both shapes, lost updates, odd entries."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from accounts import addresses, users
from accounts.addresses import AddressNotFound, Draft, TooManyAddresses
from accounts.models import User
from aurora.dynamo import StoreUnavailable
from tests.people import ASHA, JOHN, NOW, bina, items, move_in, stored

HOME = "62c94149-ca7a-4c88-ad17-4202d6f7afd3"
WORK = "bbfc3882-d157-4597-aa1e-487b7c8b388a"
FLAT = Draft(
    type="home",
    line1="Flat 4, Lake View",
    line2="Kondapur",
    landmark="opposite the park",
    city="Hyderabad",
    state="Telangana",
    pincode="500084",
)
STAMP = {"S": "2026-03-02T06:30:00.000000+00:00"}
SIM_MAP = {
    "userID": {"S": "u"},
    "addressID": {"S": "sim-1"},
    "type": {"S": "Work"},
    "street": {"S": "12 Tank Bund"},
    "area": {"S": "Khairatabad"},
    "city": {"S": "Hyderabad"},
    "state": {"S": "Telangana"},
    "pincode": {"N": "500004"},
    "landmark": {"NULL": True},
    "isDefault": {"S": "true"},
}


def john(client: Any, **changes: Any) -> User:
    move_in(client, JOHN, **changes)
    user = users.find_by_email(JOHN)
    assert user is not None
    return user


def entries(client: Any, user: User) -> list[Any]:
    return stored(client, user)["addresses"]["L"]


def defaults(client: Any, user: User) -> list[str]:
    return [
        entry["M"]["id"]["S"]
        for entry in entries(client, user)
        if "M" in entry and entry["M"].get("isDefault") == {"BOOL": True}
    ]


def test_the_console_portals_addresses_are_read(tables: Any) -> None:
    home, work = addresses.addresses_of(john(tables))

    assert home == addresses.Address(
        id=HOME,
        type="home",
        line1="123 MG Road",
        line2="Banjara Hills",
        landmark="near the lake",
        city="Hyderabad",
        state="Telangana",
        pincode="500084",
        is_default=True,
    )
    assert work.one_line == "Plot 9, Hyderabad 500032, Telangana"
    assert work.lines == ("Plot 9", "Hyderabad 500032", "Telangana")
    assert work.is_complete


def test_the_simulators_spelling_is_read_too(tables: Any) -> None:
    user = john(tables, addresses={"L": [{"M": SIM_MAP}]})

    (address,) = addresses.addresses_of(user)
    assert address.id == "sim-1"
    assert address.type == "work"
    assert address.is_default
    assert address.one_line == (
        "12 Tank Bund, Khairatabad, Hyderabad 500004, Telangana"
    )


def test_a_customer_without_the_attribute_has_an_empty_book(tables: Any) -> None:
    move_in(tables, ASHA)
    user = users.find_by_email(ASHA)

    assert addresses.addresses_of(user) == ()
    with pytest.raises(AddressNotFound):
        addresses.find(user, HOME)


def test_the_first_address_is_stored_in_the_console_portals_shape(tables: Any) -> None:
    item = move_in(tables, ASHA, loyalty={"M": {"tier": {"S": "gold"}}})
    user = users.find_by_email(ASHA)

    made = addresses.add(user, FLAT, now=NOW)

    assert made.is_default
    assert stored(tables, user) == item | {
        "updatedAt": STAMP,
        "addresses": {
            "L": [
                {
                    "M": {
                        "id": {"S": made.id},
                        "type": {"S": "home"},
                        "addressLine1": {"S": "Flat 4, Lake View"},
                        "addressLine2": {"S": "Kondapur"},
                        "landmark": {"S": "opposite the park"},
                        "city": {"S": "Hyderabad"},
                        "state": {"S": "Telangana"},
                        "pincode": {"S": "500084"},
                        "isDefault": {"BOOL": True},
                        "createdAt": STAMP,
                    }
                }
            ]
        },
    }


def test_a_second_address_becomes_the_default_only_when_asked() -> None:
    user = bina()
    first = addresses.add(user, FLAT, now=NOW)
    second = addresses.add(user, FLAT, now=NOW)
    assert [found.id for found in addresses.addresses_of(user)] == [first.id, second.id]

    third = addresses.add(user, replace(FLAT, is_default=True), now=NOW)

    assert third.is_default
    shown = addresses.addresses_of(user)
    assert [found.is_default for found in shown] == [True, False, False]
    assert shown[0].id == third.id


def test_editing_keeps_the_keys_we_do_not_know(tables: Any) -> None:
    item = john(tables)
    before = entries(tables, item)
    before[1]["M"]["gateCode"] = {"N": "42"}
    user = john(tables, addresses={"L": before}, loyalty={"BOOL": True})
    later = NOW + timedelta(hours=1)

    edited = addresses.edit(user, WORK, replace(FLAT, type="work"), now=later)

    assert edited.line1 == "Flat 4, Lake View"
    assert not edited.is_default
    assert entries(tables, user) == [
        before[0],
        {
            "M": before[1]["M"]
            | {
                "addressLine1": {"S": "Flat 4, Lake View"},
                "addressLine2": {"S": "Kondapur"},
                "landmark": {"S": "opposite the park"},
                "pincode": {"S": "500084"},
                "updatedAt": {"S": "2026-03-02T07:30:00.000000+00:00"},
            }
        },
    ]
    assert stored(tables, user)["loyalty"] == {"BOOL": True}


def test_editing_the_simulators_map_keeps_both_spellings_alike(tables: Any) -> None:
    user = john(tables, addresses={"L": [{"M": SIM_MAP}]})

    addresses.edit(user, "sim-1", FLAT, now=NOW)

    (entry,) = entries(tables, user)
    assert entry["M"]["street"] == entry["M"]["addressLine1"]
    assert entry["M"]["area"] == entry["M"]["addressLine2"] == {"S": "Kondapur"}
    assert entry["M"]["addressID"] == entry["M"]["id"] == {"S": "sim-1"}
    assert entry["M"]["userID"] == {"S": "u"}
    assert entry["M"]["isDefault"] == {"BOOL": True}


def test_removing_the_default_makes_the_next_one_the_default(tables: Any) -> None:
    user = john(tables)

    addresses.remove(user, HOME, now=NOW)

    assert [found.id for found in addresses.addresses_of(user)] == [WORK]
    assert defaults(tables, user) == [WORK]
    addresses.remove(user, WORK, now=NOW)
    assert entries(tables, user) == []


def test_choosing_a_default_leaves_exactly_one(tables: Any) -> None:
    user = john(tables)

    addresses.make_default(user, WORK, now=NOW)

    assert defaults(tables, user) == [WORK]
    assert addresses.addresses_of(user)[0].id == WORK


def test_of_two_stored_defaults_the_first_counts_and_a_write_settles_it(
    tables: Any,
) -> None:
    both = [
        {"M": {**entry["M"], "isDefault": {"BOOL": True}}}
        for entry in entries(tables, john(tables))
    ]
    user = john(tables, addresses={"L": both})
    shown = addresses.addresses_of(user)
    assert [(found.id, found.is_default) for found in shown] == [
        (HOME, True),
        (WORK, False),
    ]

    addresses.edit(user, WORK, FLAT, now=NOW)

    assert defaults(tables, user) == [HOME]


def test_odd_entries_are_not_shown_and_stay_where_they_are(tables: Any) -> None:
    odd = [
        {"S": "12 Tank Bund"},
        {"NULL": True},
        {"M": {"city": {"S": "no id"}}},
        {"M": {"id": {"NS": ["1", "2"]}}},
        {"L": [{"N": "1.50"}]},
        {"SS": ["a", "b"]},
    ]
    good = entries(tables, john(tables))
    user = john(tables, addresses={"L": [*odd, *good]})
    assert [found.id for found in addresses.addresses_of(user)] == [HOME, WORK]

    addresses.make_default(user, WORK, now=NOW)

    after = entries(tables, user)
    assert after[0:3] == odd[0:3]
    assert len(after) == 8
    assert after[6]["M"] == good[0]["M"] | {"isDefault": {"BOOL": False}}


@pytest.mark.parametrize("wrong", [{"S": "none"}, {"NULL": True}, {"M": {}}])
def test_something_that_is_no_list_is_an_empty_book(
    tables: Any, wrong: dict[str, Any]
) -> None:
    user = john(tables, addresses=wrong)
    assert addresses.addresses_of(user) == ()

    made = addresses.add(user, FLAT, now=NOW)

    assert [found.id for found in addresses.addresses_of(user)] == [made.id]


@pytest.mark.parametrize(
    "change",
    [
        lambda user: addresses.edit(user, "unknown", FLAT, now=NOW),
        lambda user: addresses.remove(user, "unknown", now=NOW),
        lambda user: addresses.make_default(user, "unknown", now=NOW),
        lambda user: addresses.find(user, "unknown"),
    ],
)
def test_an_unknown_address_is_refused_and_nothing_is_written(
    tables: Any, change: Callable[[User], Any]
) -> None:
    user = john(tables)
    before = stored(tables, user)

    with pytest.raises(AddressNotFound):
        change(user)
    assert stored(tables, user) == before


def test_another_customers_address_does_not_exist(tables: Any) -> None:
    john(tables)

    with pytest.raises(AddressNotFound):
        addresses.find(bina(), HOME)


def test_the_twenty_first_address_is_refused(tables: Any) -> None:
    user = bina()
    for _ in range(20):
        addresses.add(user, FLAT, now=NOW)
    before = stored(tables, user)

    with pytest.raises(TooManyAddresses):
        addresses.add(user, FLAT, now=NOW)
    assert stored(tables, user) == before


def between(monkeypatch: pytest.MonkeyPatch, other: Callable[[], Any]) -> None:
    """Let ``other`` happen once between the read and the write of the next change."""
    write, waiting = addresses._write, [other]

    def interrupted(*arguments: Any) -> bool:
        while waiting:
            waiting.pop()()
        return write(*arguments)

    monkeypatch.setattr(addresses, "_write", interrupted)


def test_two_tabs_that_add_at_once_both_keep_their_address(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = john(tables)
    made: list[str] = []
    other = replace(FLAT, line1="Plot 7")
    between(monkeypatch, lambda: made.append(addresses.add(user, other, now=NOW).id))

    made.append(addresses.add(user, FLAT, now=NOW).id)

    assert [found.id for found in addresses.addresses_of(user)] == [HOME, WORK, *made]
    assert defaults(tables, user) == [HOME]


def test_an_edit_of_what_another_tab_removed_is_refused(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = john(tables)
    between(monkeypatch, lambda: addresses.remove(user, WORK, now=NOW))

    with pytest.raises(AddressNotFound):
        addresses.edit(user, WORK, FLAT, now=NOW)
    assert [found.id for found in addresses.addresses_of(user)] == [HOME]


def test_removing_what_another_tab_removed_meanwhile_is_done(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = john(tables)
    between(monkeypatch, lambda: addresses.remove(user, WORK, now=NOW))

    addresses.remove(user, WORK, now=NOW)

    assert [found.id for found in addresses.addresses_of(user)] == [HOME]


def test_eight_parallel_additions_are_all_in_the_book(parallel: Any) -> None:
    user = bina()

    def keep_trying(number: int) -> None:
        draft = replace(FLAT, line1=f"Flat {number}")
        for _ in range(8):
            try:
                addresses.add(user, draft, now=NOW)
                return
            except StoreUnavailable:
                continue
        raise AssertionError("never stored")

    assert parallel([lambda n=n: keep_trying(n) for n in range(8)]) == [None] * 8

    shown = addresses.addresses_of(user)
    assert sorted(found.line1 for found in shown) == [f"Flat {n}" for n in range(8)]
    assert [found.is_default for found in shown].count(True) == 1


def test_an_addition_whose_answer_got_lost_is_stored_once(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from botocore.client import BaseClient

    user = bina()
    call = BaseClient._make_api_call

    def repeated(self: Any, name: str, arguments: Any) -> Any:
        if name == "UpdateItem":
            call(self, name, arguments)
        return call(self, name, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", repeated)
    made = addresses.add(user, FLAT, now=NOW)
    monkeypatch.undo()

    (entry,) = entries(tables, user)
    assert entry["M"]["id"] == {"S": made.id}


def test_the_book_of_an_account_that_is_gone_is_not_brought_back(tables: Any) -> None:
    user = bina()
    User.get(user.user_id, user.email).delete()

    with pytest.raises(StoreUnavailable):
        addresses.add(user, FLAT, now=NOW)
    assert items(tables, "Users") == []
