"""Many buyers at once over HTTP, each with a connection, a session and a CSRF token.

Every buyer looks at the review, which shows the order's id; when all have, they are let
go together and confirm. Who gets no answer, or 502 to 504, asks again with the very
same form while there is patience.
"""

import http.client
import random
import re
import select
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from tests.live import servers
from tests.live.history import Answer, Buyer, Story

THINK_SECONDS = 0.05
PAUSE_SECONDS = (0.1, 0.4)  # before asking again
PATIENCE_SECONDS = 60
ORDER_ID = re.compile(r'name="order_id" value="([^"]+)"')
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
TOTAL = re.compile(r'<data[^>]*\bid="total"[^>]*>')
VALUE = re.compile(r'\bvalue="([^"]+)"')
SILENCE = (OSError, http.client.HTTPException)


@dataclass(frozen=True, slots=True)
class Door:
    """Where a shop is to be found: gunicorn's own port, or nginx with its TLS."""

    address: str
    tls: ssl.SSLContext | None = None

    def line(self, source: str) -> http.client.HTTPConnection:
        host, _, port = self.address.partition(":")
        where = {"timeout": PATIENCE_SECONDS, "source_address": (source, 0)}
        if self.tls is None:
            return http.client.HTTPConnection(host, int(port), **where)
        return _Front(host, int(port), context=self.tls, **where)


class _Front(http.client.HTTPSConnection):
    """TLS for the shop's name, whatever the address that was called."""

    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        self.sock = self._context.wrap_socket(  # type: ignore[attr-defined]
            self.sock, server_hostname=servers.HOST
        )


@dataclass(frozen=True, slots=True)
class Page:
    status: int
    headers: http.client.HTTPMessage
    text: str


class Browser:
    """One buyer's: keeps the connection open and the cookies; follows nothing."""

    def __init__(self, door: Door, session: str, source: str) -> None:
        self._line = door.line(source)
        self._cookies = {"__Host-session": session}

    def get(self, path: str) -> Page:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> Page:
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None) -> Page:
        headers = {
            "Host": servers.HOST,
            "X-Forwarded-Proto": "https",
            "Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items()),
        }
        if body is not None:
            headers["Origin"] = f"https://{servers.HOST}"
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self._is_over():
            self.close()
        try:
            self._line.request(method, path, body=body, headers=headers)
            answer = self._line.getresponse()
            text = answer.read().decode()
        except SILENCE:
            self.close()  # the next request opens another connection
            raise
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return Page(answer.status, answer.headers, text)

    def _is_over(self) -> bool:
        """A kept connection that the server has closed since, as it may. (Under TLS
        there may be something to read on an open one.)"""
        sock = self._line.sock
        if sock is None or isinstance(sock, ssl.SSLSocket):
            return False
        return bool(select.select([sock], [], [], 0)[0])

    def close(self) -> None:
        self._line.close()


class Visit:
    """One buyer's way through the checkout to the order's page, and the story."""

    def __init__(self, door: Door, buyer: Buyer, number: int, patience: float) -> None:
        self.story = Story(buyer)
        # an address for each: nginx counts requests by address
        source = f"127.1.{number // 250}.{number % 250 + 1}"
        self.browser = Browser(door, buyer.session, source)
        self.patience = patience
        self.chosen = Answer(0)  # what came of choosing a time
        self._form: dict[str, str] = {}

    def enter(self) -> None:
        """The page on which a time is chosen."""
        page = self.browser.get("/checkout/slot/")
        csrf = CSRF.search(page.text)
        assert page.status == 200 and csrf, (page.status, page.text)
        self.story.pages.append(page.text)
        self._form = {
            "csrfmiddlewaretoken": csrf[1],
            "slot_id": self.story.buyer.slot,
            "date": self.story.buyer.day,
        }

    def choose(self) -> None:
        """Ask for the buyer's time once, and put the browser aside."""
        try:
            page = self.browser.post("/checkout/slot/", self._form)
        except SILENCE:
            self.chosen = Answer(0)
            return
        finally:
            self.browser.close()
        code = page.headers.get("X-Error-Code", "")
        self.chosen = Answer(page.status, code, page=page.text)
        self.story.pages.append(page.text)

    def look(self) -> None:
        """The review, with everything that is shown there."""
        page = self.browser.get("/checkout/review/")
        assert page.status == 200, (page.status, page.headers.items(), page.text)
        total = TOTAL.search(page.text)
        value = VALUE.search(total[0]) if total else None
        order, csrf = ORDER_ID.search(page.text), CSRF.search(page.text)
        assert value and order and csrf
        self.story.pages.append(page.text)
        self.story.total, self.story.order_id = Decimal(value[1]), order[1]
        self._form = {
            "csrfmiddlewaretoken": csrf[1],
            "order_id": order[1],
            "payment_method": "cod",
        }

    def confirm(self) -> None:
        """Send the form until there is an answer, then follow it as a browser does."""
        until = time.monotonic() + self.patience
        while True:
            answer = self.ask()
            if answer.status and answer.status not in {502, 503, 504}:
                break
            if time.monotonic() > until:
                break
            time.sleep(random.uniform(*PAUSE_SECONDS))
        if answer.status == 303:
            self._arrive(answer, until)
        self.browser.close()

    def ask(self) -> Answer:
        """Send the form once."""
        self.story.asked = True
        at = time.time()
        try:
            page = self.browser.post("/checkout/place/", self._form)
        except SILENCE:
            answer = Answer(0, at=at, seconds=time.time() - at)
        else:
            order = re.search(r"/orders/([^/]+)/", page.headers.get("Location", ""))
            answer = Answer(
                page.status,
                page.headers.get("X-Error-Code", ""),
                order[1] if order else "",
                page.text,
                at,
                time.time() - at,
            )
        self.story.answers.append(answer)
        return answer

    def _arrive(self, answer: Answer, until: float) -> None:
        while True:
            try:
                page = self.browser.get(f"/orders/{answer.order}/?placed=1")
            except SILENCE:
                page = None
            if page and page.status not in {502, 503, 504}:
                break
            if time.monotonic() > until:
                break
            time.sleep(PAUSE_SECONDS[0])
        there = f'data-order="{answer.order}"'
        self.story.arrived = bool(page) and page.status == 200 and there in page.text
        if page:
            self.story.pages.append(page.text)


def visits(door: Door, buyers: Sequence[Buyer], patience: float = 0.0) -> list[Visit]:
    return [Visit(door, buyer, n, patience) for n, buyer in enumerate(buyers)]


def one_by_one(crowd: Sequence[Visit], act: Callable[[Visit], None]) -> None:
    """What each does beforehand, without a rush."""
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(act, crowd))


def at_once(
    crowd: Sequence[Visit],
    act: Callable[[Visit], None],
    meanwhile: Callable[[threading.Event], None] | None = None,
) -> None:
    """All do it at the same moment, give or take a thought.

    ``meanwhile`` runs beside them from the start, until its event is set at the end.
    """
    together = threading.Barrier(len(crowd) + 1)

    def go(visit: Visit) -> None:
        together.wait()
        time.sleep(random.uniform(0, THINK_SECONDS))
        act(visit)

    over = threading.Event()
    with ThreadPoolExecutor(len(crowd) + 1) as pool:
        going = [pool.submit(go, visit) for visit in crowd]
        together.wait()
        beside = pool.submit(meanwhile, over) if meanwhile else None
        try:
            for one in going:
                one.result()
        finally:
            over.set()
        if beside:
            beside.result()


def rush(
    door: Door,
    buyers: Sequence[Buyer],
    *,
    patience: float = 0.0,
    meanwhile: Callable[[threading.Event], None] | None = None,
) -> list[Story]:
    """All look at the review, then all confirm; what each of them lived through."""
    crowd = visits(door, buyers, patience)
    one_by_one(crowd, Visit.look)
    at_once(crowd, Visit.confirm, meanwhile)
    return [visit.story for visit in crowd]
