"""Guests at the door: each with a connection, a token, and a form to send."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.live.crowd import CSRF, Browser, Door, Page


class Guest:
    """Somebody without a session, who has the page of a form before them."""

    def __init__(self, door: Door, page: str, number: int = 0) -> None:
        self.page = page
        self.browser = Browser(door, "", f"127.1.{number // 250}.{number % 250 + 1}")
        found = CSRF.search(self.browser.get(page).text)
        assert found
        self.token = found[1]

    def send(self, fields: Mapping[str, str]) -> Page:
        told = {"csrfmiddlewaretoken": self.token} | dict(fields)
        return self.browser.post(self.page, told)


def all_at_once(
    guests: Sequence[Guest], forms: Sequence[Mapping[str, str]]
) -> list[Page]:
    """Every guest sends their form at the same moment."""
    together = Barrier(len(guests))

    def go(guest: Guest, form: Mapping[str, str]) -> Page:
        together.wait()
        try:
            return guest.send(form)
        finally:
            guest.browser.close()

    with ThreadPoolExecutor(len(guests)) as pool:
        return list(pool.map(go, guests, forms))
