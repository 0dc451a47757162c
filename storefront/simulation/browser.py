"""A small browser: it keeps cookies, follows links and sends the forms it is shown."""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from bs4 import BeautifulSoup, Tag

PATIENCE = 60.0  # seconds; a busy shop is not a broken one
RETURNS = 2  # times one thing is asked for again while the store is out of reach
LONGEST = 10  # seconds between them
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
SUBMITTED = ("input", "select", "textarea")
PRESSED = {"submit", "button", "reset", "image", "file"}  # not sent by themselves


class Missing(Exception):  # noqa: N818 - what the page does not have
    """The page lacks what a shopper would use next; the message says what and where."""


@dataclass(frozen=True)
class Form:
    """A form with what it would send if nothing were typed."""

    address: str
    method: str
    fields: tuple[tuple[str, str], ...]
    page: str

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    def value(self, name: str) -> str:
        """What the field holds. Raises Missing."""
        for known, value in self.fields:
            if known == name:
                return value
        raise Missing(f"no field {name!r} in the form that goes to {self.path}")

    def filled(self, changes: dict[str, str | None]) -> list[tuple[str, str]]:
        """The fields with some replaced or added; ``None`` leaves one out."""
        kept = [pair for pair in self.fields if pair[0] not in changes]
        return kept + [(n, value) for n, value in changes.items() if value is not None]


@dataclass(frozen=True)
class Page:
    """An answer, with every redirect on the way to it."""

    url: str
    status: int
    soup: BeautifulSoup
    header_codes: tuple[str, ...] = ()
    hops: tuple[int, ...] = ()

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def marked_codes(self) -> tuple[str, ...]:
        """The codes of the errors that the page shows."""
        return tuple(str(tag["data-error"]) for tag in self.soup.select("[data-error]"))

    @property
    def codes(self) -> list[str]:
        return sorted({*self.header_codes, *self.marked_codes})

    @property
    def forms(self) -> list[Form]:
        """Also as a button with an address of its own would send them."""
        whole = [form_of(tag, self.url) for tag in self.soup.find_all("form")]
        return whole + [
            replace(
                form_of(owner, self.url),
                address=urljoin(self.url, str(button["formaction"])),
            )
            for button in self.soup.select("button[formaction]")
            if (owner := self._owner(button)) is not None
        ]

    def _owner(self, button: Tag) -> Tag | None:
        named = button.get("form")
        return self.find(f"form#{named}") if named else button.find_parent("form")

    def forms_to(self, path: str) -> list[Form]:
        return [form for form in self.forms if form.path == path]

    def form(self, path: str, **holding: str) -> Form:
        """The first form that goes to ``path`` and holds these values.

        Raises Missing.
        """
        for form in self.forms_to(path):
            if set(holding.items()) <= set(form.fields):
                return form
        raise Missing(f"no form on {self.path} goes to {path} (status {self.status})")

    def find(self, css: str) -> Tag | None:
        return self.soup.select_one(css)

    @property
    def hold(self) -> str:
        """Until when a chosen time is kept, as the page says it."""
        found = self.find("[data-hold]")
        return str(found["data-hold"]) if found else ""

    def marks(self, name: str, within: str = "") -> list[str]:
        """The values of a ``data-`` mark, in the order of the page."""
        return [str(tag[name]) for tag in self.soup.select(f"{within}[{name}]")]

    def value(self, css: str) -> str:
        """The ``value`` of the first element that matches, or nothing."""
        tag = self.find(css)
        return str(tag.get("value", "")) if tag else ""

    def token(self) -> str:
        """The page's CSRF token. Raises Missing."""
        if found := self.value(f"input[name={TOKEN}]"):
            return found
        raise Missing(f"no CSRF token on {self.path} (status {self.status})")


@dataclass
class Browser:
    """One visitor with cookies of their own."""

    base: str
    session: requests.Session = field(default_factory=requests.Session)
    waits: list[int] = field(default_factory=list)  # seconds, one for each 503

    def __post_init__(self) -> None:
        # A proxy for the outside world is of no use on the way to one's own computer.
        self.session.trust_env = not is_loopback(urlsplit(self.base).hostname or "")
        self.session.headers["User-Agent"] = "aurora-simulate"

    def open(self, path: str) -> Page:
        return self._send("GET", urljoin(self.base, path))

    def click(self, page: Page, css: str) -> Page:
        """Follow the first link that matches. Raises Missing."""
        link = page.find(css)
        if link is None or not link.get("href"):
            raise Missing(f"no link {css} on {page.path} (status {page.status})")
        return self._send("GET", urljoin(page.url, str(link["href"])))

    def submit(self, form: Form, /, **changes: str | None) -> Page:
        """Send a form with some fields changed; ``None`` leaves a field out."""
        data = form.filled(changes)
        if form.method == "GET":
            return self._send("GET", form.address, params=data)
        headers = {"Origin": origin_of(form.page), "Referer": form.page}
        return self._send("POST", form.address, data=data, headers=headers)

    def post(self, page: Page, path: str, /, **fields: str) -> Page:
        """Send what no form of the shop would send, with the page's own token."""
        pairs = ((TOKEN, page.token()), *fields.items())
        form = Form(urljoin(self.base, path), "POST", tuple(pairs), page.url)
        return self.submit(form)

    def twin(self) -> Browser:
        """The same visitor in a second window: cookies as they are now."""
        other = Browser(self.base, waits=self.waits)
        other.session.cookies.update(self.session.cookies)
        return other

    def _ask(self, method: str, address: str, **options: Any) -> requests.Response:
        """Ask again where the shop says 503 and when to come back: nothing was done."""
        for _ in range(RETURNS):
            answer = self.session.request(method, address, timeout=PATIENCE, **options)
            wait = answer.headers.get("Retry-After", "")
            if answer.status_code != 503 or not wait.isdecimal():
                return answer
            self.waits.append(min(int(wait), LONGEST))
            time.sleep(self.waits[-1])
        return self.session.request(method, address, timeout=PATIENCE, **options)

    def _send(self, method: str, address: str, **options: Any) -> Page:
        answer = self._ask(method, address, **options)
        chain = [*answer.history, answer]
        codes = [
            a.headers["X-Error-Code"] for a in chain if "X-Error-Code" in a.headers
        ]
        return Page(
            url=answer.url,
            status=answer.status_code,
            soup=BeautifulSoup(
                answer.content.decode("utf-8", "replace"), "html.parser"
            ),
            header_codes=tuple(codes),
            hops=tuple(a.status_code for a in answer.history),
        )


def form_of(tag: Tag, url: str) -> Form:
    """A form as a browser without scripts would send it."""
    pairs: list[tuple[str, str]] = []
    for field_tag in tag.find_all(SUBMITTED):
        if field_tag.get("name") and not field_tag.has_attr("disabled"):
            name = str(field_tag["name"])
            pairs += [(name, value) for value in values_of(field_tag)]
    address = urljoin(url, str(tag.get("action") or url))
    method = str(tag.get("method") or "get").upper()
    return Form(address, method, tuple(pairs), url)


def values_of(tag: Tag) -> list[str]:
    """What one field adds to its form: none, one or (a list) several values."""
    if tag.name == "textarea":
        return [tag.get_text().removeprefix("\n")]
    if tag.name == "select":
        return chosen_of(tag)
    kind = str(tag.get("type") or "text").lower()
    if kind in PRESSED:
        return []
    if kind in {"checkbox", "radio"}:
        return [str(tag.get("value", "on"))] if tag.has_attr("checked") else []
    return [str(tag.get("value", ""))]


def chosen_of(select: Tag) -> list[str]:
    options = [o for o in select.find_all("option") if not o.has_attr("disabled")]
    chosen = [option for option in options if option.has_attr("selected")]
    if not chosen and not select.has_attr("multiple"):
        chosen = options[:1]
    return [str(option.get("value", option.get_text())) for option in chosen]


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
