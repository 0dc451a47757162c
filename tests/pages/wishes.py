"""Wishes for an order, and reading them from the order form."""

from typing import Any

from tests.pages.shopping import page

ALL = {
    "instructions": "Blue gate",
    "substitution": "similar",
    "change_for": "500",
    "ripeness-tomato": "semi_ripe",
    "substitution-tomato": "leave_out",
    "substitution-okra|small": "call",
}


def form_of(response: Any) -> dict[str, str]:
    """What the order form holds, by field."""
    form = page(response).select_one("#order-form")
    found = {"instructions": form.select_one("textarea").get_text().strip()}
    for radio in form.select("[name=substitution][checked]"):
        found["substitution"] = radio["value"]
    for select in form.select("select"):
        for option in select.select("option[selected]"):
            if option["value"]:
                found[select["name"]] = option["value"]
    return found
