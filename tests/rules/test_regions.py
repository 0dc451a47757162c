"""What a pincode tells of where it is."""

import pytest

from accounts.forms.address import STATES
from accounts.regions import _STATES, region_of, town_for


@pytest.mark.parametrize(
    ("pincode", "city", "state"),
    [
        ("500084", "Hyderabad", "Telangana"),
        ("110001", "New Delhi", "Delhi"),
        ("560034", "Bengaluru", "Karnataka"),
        ("506002", "", "Telangana"),
        ("403001", "", "Goa"),
        ("160017", "", ""),  # Chandigarh, with parts of two states around it
        ("605001", "", ""),  # Puducherry and Tamil Nadu
        ("999999", "", ""),
        ("", "", ""),
        ("50008", "", ""),
        ("५०००८४", "", ""),
    ],
)
def test_a_pincode_tells_the_state_where_it_is_sure(
    pincode: str, city: str, state: str
) -> None:
    assert region_of(pincode) == (city, state)


def test_every_state_is_one_of_the_forms_and_no_district_lies_in_two() -> None:
    assert {state for _, _, state in _STATES} <= set(STATES)
    runs = [(low, high) for low, high, _ in _STATES]
    assert all(low <= high for low, high in runs)
    assert all(
        end < begin for (_, end), (begin, _) in zip(runs, runs[1:], strict=False)
    )


@pytest.mark.parametrize(
    ("told", "typed", "filled", "town"),
    [
        ("Hyderabad", "", "", "Hyderabad"),
        ("Bengaluru", "Hyderabad", "", "Bengaluru"),
        ("Bengaluru", "Ameenpur", "Ameenpur", "Bengaluru"),
        ("Bengaluru", "Ameenpur", "Hyderabad", "Ameenpur"),
        ("Hyderabad", "Secunderabad", "", "Secunderabad"),
        ("", "Hyderabad", "Hyderabad", "Hyderabad"),
        ("", "", "", ""),
    ],
)
def test_a_town_of_ones_own_stays(
    told: str, typed: str, filled: str, town: str
) -> None:
    assert town_for(told, typed, filled) == town
