"""A browser without scripts: it follows links and submits forms that a page offers.

It knows no address but the front page's. Only what a person could do is possible: a
field must be in the form, a choice among its choices, a button not disabled.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from django.http import HttpResponse
from django.test import Client

MOST_HOPS = 5


@dataclass
class Browser:
    """One visitor; ``page`` is what is on the screen, ``path`` where it is."""

    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))
    path: str = "/"
    status: int = 0
    page: BeautifulSoup = field(default_factory=BeautifulSoup)
    answer: HttpResponse = field(default_factory=HttpResponse)

    def __post_init__(self) -> None:
        self.ask("get", "/")

    def ask(
        self, method: str, path: str, fields: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Send it, and go where the answers lead, as browsers do."""
        if method == "get" and fields:
            path = f"{path.partition('?')[0]}?{urlencode(fields)}"
        for _ in range(MOST_HOPS):
            answer = self.send(method, path, fields)
            if answer.status_code not in (302, 303):
                break
            method, path = "get", urljoin(path, answer["Location"])
        self.path, self.status, self.answer = path, answer.status_code, answer
        if answer["Content-Type"].startswith("text/html"):
            self.page = BeautifulSoup(answer.content, "html.parser")

    def send(
        self, method: str, path: str, fields: Sequence[tuple[str, str]]
    ) -> HttpResponse:
        if method == "get":
            return self.client.get(path)
        kind = "application/x-www-form-urlencoded"
        told = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
        return self.client.post(
            path, urlencode(fields), content_type=kind, headers=told
        )

    # Links --------------------------------------------------------------------------

    def link(self, text: str, inside: str = "body") -> Tag:
        """The first link whose words begin with ``text``."""
        for one in self.page.select(f"{inside} a[href]"):
            if words(one).startswith(text):
                return one
        raise AssertionError(f"no link {text!r} on {self.path}: {self.links(inside)}")

    def links(self, inside: str = "body") -> list[str]:
        return [words(one) for one in self.page.select(f"{inside} a[href]")]

    def follow(self, link: str | Tag, inside: str = "body") -> None:
        one = self.link(link, inside) if isinstance(link, str) else link
        self.ask("get", urljoin(self.path, str(one["href"]).partition("#")[0]))

    # Forms --------------------------------------------------------------------------

    def form(self, button: str, inside: str = "body") -> Tag:
        """The first form with a button that says so."""
        for one in self.page.select(f"{inside} form"):
            if any(says(b, button) for b in buttons(one)):
                return one
        raise AssertionError(
            f"no form with {button!r} on {self.path}: "
            f"{[says_what(b) for b in self.page.select('button')]}"
        )

    def submit(self, button: str, inside: str = "body", **typed: str) -> None:
        """Fill in the form and press its button."""
        form = self.form(button, inside)
        pressed = next(b for b in buttons(form) if says(b, button))
        assert not pressed.has_attr("disabled"), f"{button!r} cannot be pressed"
        fields = filled(form, typed)
        if pressed.get("name"):
            fields.append((str(pressed["name"]), str(pressed.get("value", ""))))
        # what has no action goes to where the page itself is
        where = pressed.get("formaction") or form.get("action") or self.path
        action = urljoin(self.path, str(where))
        assert not urlsplit(action).netloc, action
        self.ask(str(form.get("method", "get")).lower(), action, fields)

    # What is read -------------------------------------------------------------------

    def text(self, inside: str = "main") -> str:
        return " ".join(words(one) for one in self.page.select(inside))

    def money(self, mark: str) -> str:
        found = self.page.select_one(f"data#{mark}, #{mark} data")
        assert found is not None, f"no amount {mark} on {self.path}"
        return str(found["value"])

    def count(self) -> int:
        """How many results a list has."""
        return int(str(self.page.select_one("#result-count")["value"]))

    def badge(self) -> int:
        return int(words(self.page.select_one("#cart-count")))

    def cards(self) -> list[str]:
        return [
            str(one["data-product"]) for one in self.page.select("li[data-product]")
        ]

    def lines(self) -> dict[str, int]:
        """Units by line in the cart."""
        return {
            str(one["data-line"]): int(str(one.select_one("[name=quantity]")["value"]))
            if not one.select_one("input[type=number]")
            else int(str(one.select_one("input[type=number]")["value"]))
            for one in self.page.select("#cart [data-line]")
        }


def words(part: Tag | None) -> str:
    return re.sub(r"\s+", " ", part.get_text(" ")).strip() if part else ""


def own(form: Tag, selector: str) -> list[Tag]:
    """What belongs to a form: it may stand elsewhere and name the form's id."""
    *_, page = form.parents
    return [one for one in page.select(selector) if owner(one, page) is form]


def owner(one: Tag, page: Tag) -> Tag | None:
    named = one.get("form")
    return page.find(id=str(named)) if named else one.find_parent("form")


def buttons(form: Tag) -> list[Tag]:
    """What submits: not what only a script could use."""
    return own(form, "button:not([type=button]), input[type=submit]")


def says_what(button: Tag) -> str:
    return str(button.get("aria-label") or "") or words(button)


def says(button: Tag, text: str) -> bool:
    return says_what(button).startswith(text)


def filled(form: Tag, typed: dict[str, str]) -> list[tuple[str, str]]:
    """What the browser would send: what stands there, and what was typed over it."""
    left, fields = dict(typed), []
    for one in own(form, "input[name], select[name], textarea[name]"):
        if one.has_attr("disabled"):
            continue
        name, kind = str(one["name"]), str(one.get("type", one.name))
        if kind in ("radio", "checkbox"):
            value = ticked(one, typed)
            left.pop(name, None) if value is not None else None
        elif kind == "select":
            value = chosen(one, left.pop(name, None))
        else:
            assert not (kind == "hidden" and name in typed), f"{name} is hidden"
            value = left.pop(name, str(one.get("value", one.text)))
        if value is not None:
            fields.append((name, value))
    assert not left, f"the form has nothing to put {left} into"
    return fields


def ticked(one: Tag, typed: dict[str, str]) -> str | None:
    name, value = str(one["name"]), str(one.get("value", "on"))
    if name not in typed:
        return value if one.has_attr("checked") else None
    return value if typed[name] == value else None


def chosen(one: Tag, wanted: str | None) -> str:
    options = {str(o.get("value", o.text)): o for o in one.select("option")}
    if wanted is not None:
        assert wanted in options, f"{wanted!r} is not one of {list(options)}"
        return wanted
    picked = [value for value, o in options.items() if o.has_attr("selected")]
    return picked[0] if picked else next(iter(options))
