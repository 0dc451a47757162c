"""What load balancers ask, and what every answer and log line carries."""

import io
import json
import logging
import re
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from django.test import Client

from aurora import remedies
from aurora.logs import JsonLines
from aurora.requests import at_hand, request_id
from storefront.index import keeping


def test_alive_asks_nothing_of_the_store(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remedies, "connection", no_connection)

    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "alive"})
    assert not response.cookies


def test_ready_when_the_store_answers(client: Client) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"status": "ready", "catalogue_age_seconds": None}
    assert not response.cookies


def test_ready_tells_how_old_the_catalogue_index_is(client: Client) -> None:
    keeping.build()

    age = client.get("/readyz").json()["catalogue_age_seconds"]

    assert isinstance(age, int)
    assert 0 <= age < 600


def test_not_ready_when_it_does_not(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remedies, "connection", no_connection)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert response.json()["status"] == "store unavailable"
    assert response.json()["why"].startswith("Cannot connect to")


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_health_is_only_looked_at_and_never_cached(
    client: Client, address: str
) -> None:
    assert client.post(address).status_code == 405
    assert "no-store" in client.get(address)["Cache-Control"]


def no_connection() -> Any:
    raise EndpointConnectionError(endpoint_url="http://nowhere")


def test_a_request_keeps_the_name_nginx_gave_it(client: Client) -> None:
    response = client.get("/healthz", headers={"X-Request-Id": "0123456789abcdef"})

    assert response["X-Request-Id"] == "0123456789abcdef"


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "with space in it", "<script>alert</script>"]
)
def test_a_request_without_a_proper_name_gets_one(client: Client, given: str) -> None:
    response = client.get("/healthz", headers={"X-Request-Id": given})

    assert re.fullmatch(r"[0-9a-f]{32}", response["X-Request-Id"])


def test_every_answer_carries_the_strict_policy(client: Client) -> None:
    for address in ("/healthz", "/", "/no-such-page"):
        policy = client.get(address)["Content-Security-Policy"]

        assert policy.startswith("default-src 'none'; script-src 'self'; style-src")
        assert "unsafe" not in policy


def logged(message: str, *values: Any, **fields: Any) -> str:
    """What one log call puts on standard output."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    log = logging.Logger("aurora.test")
    log.addHandler(handler)
    log.warning(message, *values, extra=fields)
    return out.getvalue()


def test_a_log_line_is_json_with_the_requests_name_and_the_events_fields() -> None:
    request_id.set("0123456789abcdef")
    at_hand.set(None)

    line = json.loads(logged("sold %s", "tomatoes", units=3))

    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "warning",
        "log": "aurora.test",
        "request": "0123456789abcdef",
        "user": "",
        "message": "sold tomatoes",
        "units": 3,
    }


def test_nothing_a_visitor_types_can_forge_a_log_line_or_steer_a_terminal() -> None:
    text = logged("asked for %s", 'x\r\n{"level": "info"}\x1b[31m\u2028', q="a\nb")

    assert text.count("\n") == 1
    assert text.isascii()
    assert "\x1b" not in text


def test_a_request_object_never_reaches_the_log() -> None:
    assert "cookie" not in logged("refused", request="its cookie and address")
