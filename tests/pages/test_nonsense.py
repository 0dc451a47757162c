"""Two thousand bad requests over every address: each is answered, none is a crash."""

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from tests.pages.nonsense import Nonsense, nonsense
from tests.pages.routes import routes
from tests.pages.shopping import add
from tests.pages.test_tampering import Door

MANY = 2_000
SEED = 20260302


def send(client: Client, one: Nonsense) -> HttpResponse:
    own = "; ".join(f"{m.key}={m.value}" for m in client.cookies.values())
    return client.generic(
        one.method,
        one.path,
        one.body,
        one.content_type,
        QUERY_STRING=one.query,
        headers=one.headers,
        # what is sent twice counts once: at times the own cookie, at times the bad one
        HTTP_COOKIE="; ".join(
            filter(None, (own, one.cookies) if one.number % 2 else (one.cookies, own))
        ),
    )


def test_asvs_16_5_1_two_thousand_bad_requests_are_no_crash(
    client: Client, shop: Any, shopper: User, settings: Any
) -> None:
    """Half of them by nobody, half by a customer with a cart."""
    settings.AURORA_THROTTLE = False
    answers: Counter[int] = Counter()
    crashes = []
    visitors = (client, Client())
    for visitor in visitors:
        visitor.handler = Door(enforce_csrf_checks=False)
        visitor.raise_request_exception = False
    for one in nonsense(routes(), MANY, SEED):
        if one.number % 200 == 0:
            client.force_login(shopper)
            add(client, "tomato")
        response = send(visitors[one.number % 2], one)
        answers[response.status_code] += 1
        if response.status_code >= 500 or b"Traceback" in response.content:
            crashes.append((one, getattr(response, "exc_info", None)))

    assert crashes == []
    assert sum(answers.values()) == MANY
    # it was no shut door that they all ran into
    assert {200, 302, 400, 404, 405, 409, 422} <= set(answers)


def test_every_address_has_its_turn() -> None:
    patterns = set(routes().values())
    firsts = {pattern.partition("<")[0] for pattern in patterns}
    asked = [one.path for one in nonsense(routes(), MANY, SEED)]

    for first in firsts:
        assert sum(path.startswith(first) for path in asked) >= 20, first


def test_the_same_seed_draws_the_same_requests() -> None:
    assert [*nonsense(routes(), 50, 1)] == [*nonsense(routes(), 50, 1)]
    assert [*nonsense(routes(), 50, 1)] != [*nonsense(routes(), 50, 2)]
