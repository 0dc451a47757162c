"""The shop as in production: nginx in front of gunicorn in front of DynamoDB."""

import http.client
import os
import re
import signal
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.live import servers
from tests.live.conftest import Shop

pytestmark = pytest.mark.live


class Answer(NamedTuple):
    status: int
    headers: Message
    body: bytes


def ask_front(
    front: servers.Front,
    path: str,
    *,
    method: str = "GET",
    host: str = servers.HOST,
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
) -> Answer:
    """One request through nginx over TLS. Raises when nginx gives no answer."""
    trust = ssl.create_default_context(cafile=str(front.log.parent / "fullchain.pem"))
    raw = socket.create_connection(("127.0.0.1", front.https), timeout=60)
    line = http.client.HTTPSConnection(servers.HOST)
    line.sock = trust.wrap_socket(raw, server_hostname=servers.HOST)
    return _ask(line, method, path, {"Host": host} | (headers or {}), body)


def ask_gunicorn(address: str, path: str) -> Answer:
    """One request to gunicorn, as nginx would pass it on."""
    host, _, port = address.partition(":")
    line = http.client.HTTPConnection(host, int(port), timeout=60)
    headers = {"Host": servers.HOST, "X-Forwarded-Proto": "https"}
    return _ask(line, "GET", path, headers, None)


def _ask(
    line: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes | None,
) -> Answer:
    try:
        line.request(method, path, body=body, headers=headers)
        answer = line.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        line.close()


# The shop behind gunicorn -------------------------------------------------------------


def test_many_at_once_are_all_served(shop: Shop) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: ask_gunicorn(shop.address, "/"), range(80)))

    assert {answer.status for answer in answers} == {200}


def test_a_killed_worker_is_replaced_and_nobody_notices_for_long(shop: Shop) -> None:
    before = servers.workers(shop.server.process.pid)
    assert len(before) == 4

    os.kill(before[0], signal.SIGKILL)
    shop.server.wait_until(
        lambda: len(set(servers.workers(shop.server.process.pid)) - {before[0]}) == 4
    )

    assert ask_gunicorn(shop.address, "/healthz").status == 200


def test_a_reload_loses_no_request(shop: Shop) -> None:
    before = set(servers.workers(shop.server.process.pid))

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(ask_gunicorn, shop.address, "/healthz") for _ in range(60)]
        os.kill(shop.server.process.pid, signal.SIGHUP)
        asked += [
            pool.submit(ask_gunicorn, shop.address, "/healthz") for _ in range(60)
        ]
        assert {one.result().status for one in asked} == {200}

    shop.server.wait_until(
        lambda: not before & set(servers.workers(shop.server.process.pid))
    )
    assert ask_gunicorn(shop.address, "/").status == 200


def test_ready_says_whether_the_store_answers(shop: Shop, tmp_path: Path) -> None:
    assert ask_gunicorn(shop.address, "/readyz").status == 200

    nowhere = f"http://127.0.0.1:{servers.free_port()}"
    server, address = servers.start_gunicorn(
        tmp_path, shop.environment | {"AWS_ENDPOINT_URL_DYNAMODB": nowhere}, workers=1
    )
    try:
        assert ask_gunicorn(address, "/healthz").status == 200
        unready = ask_gunicorn(address, "/readyz")
        page = ask_gunicorn(address, "/account/login/")
        listing = ask_gunicorn(address, "/products/")
    finally:
        server.end()

    assert unready.status == 503
    assert f"Cannot connect to {nowhere}" in unready.body.decode()
    for answer in (listing, page):
        assert answer.status in {200, 503}
        assert b"Traceback" not in answer.body
    assert listing.status == 503
    assert listing.headers["X-Error-Code"] == "STORE_UNAVAILABLE"
    assert listing.headers["Retry-After"]


# nginx in front -----------------------------------------------------------------------


def test_a_page_comes_through_with_every_safety_header(front: servers.Front) -> None:
    answer = ask_front(front, "/")

    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"] == (
        "max-age=31536000; includeSubDomains; preload"
    )
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Server"] == "nginx"


def test_plain_http_is_sent_to_https(front: servers.Front) -> None:
    line = http.client.HTTPConnection("127.0.0.1", front.http)
    answer = _ask(line, "GET", "/cart/?x=1", {"Host": servers.HOST}, None)

    assert answer.status == 308
    assert answer.headers["Location"] == f"https://{servers.HOST}/cart/?x=1"


def test_another_name_gets_no_answer_at_all(front: servers.Front) -> None:
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        ask_front(front, "/", host="evil.test")
    line = http.client.HTTPConnection("127.0.0.1", front.http)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        _ask(line, "GET", "/", {"Host": "evil.test"}, None)


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_methods_the_shop_does_not_know_are_refused(
    front: servers.Front, method: str
) -> None:
    assert ask_front(front, "/", method=method).status == 405


def test_what_a_visitor_claims_about_the_way_here_is_not_believed(
    front: servers.Front,
) -> None:
    answer = ask_front(
        front,
        "/orders/",
        headers={
            "X-Forwarded-Proto": "http",
            "X-Forwarded-Host": "evil.test",
            "Forwarded": "for=6.6.6.6;proto=http;host=evil.test",
            "X-Request-Id": "chosen-by-the-visitor",
        },
    )

    # Believing the scheme would redirect to https for ever, the host would lead away.
    assert answer.status == 302
    assert answer.headers["Location"].startswith("/account/login/")
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-Id"])


def test_a_request_has_one_name_from_nginx_to_the_page(front: servers.Front) -> None:
    answer = ask_front(front, "/no-such-page")
    name = answer.headers["X-Request-Id"]

    assert answer.status == 404
    front.server.wait_until(lambda: f'"request":"{name}"' in front.log.read_text())


def test_the_access_log_keeps_no_query_and_no_reset_link(front: servers.Front) -> None:
    ask_front(front, "/products/?q=secret-wish")
    last = ask_front(front, "/account/password/reset/secret-link/token/")
    name = last.headers["X-Request-Id"]
    front.server.wait_until(lambda: name in front.log.read_text())

    assert "secret" not in front.log.read_text()


@pytest.fixture
def hashed(front: servers.Front, shop: Shop) -> str:
    """Address of a static file with a hash in its name."""
    name = next(
        path.relative_to(shop.static)
        for path in sorted(shop.static.rglob("*.css"))
        if re.search(r"\.[0-9a-f]{12}\.css$", path.name)
    )
    return f"/static/{name}"


def test_files_with_a_hash_are_kept_for_ever(front: servers.Front, hashed: str) -> None:
    answer = ask_front(front, hashed)

    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"].startswith("text/css")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_files_without_a_hash_are_asked_for_again(
    front: servers.Front, hashed: str
) -> None:
    plain = re.sub(r"\.[0-9a-f]{12}\.css$", ".css", hashed)

    answer = ask_front(front, plain)

    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_files_come_compressed_to_who_can_take_it(
    front: servers.Front, hashed: str
) -> None:
    answer = ask_front(front, hashed, headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/static/../aurora/settings.py", "/static/%2e%2e/manage.py",
     "/manage.py", "/.env"],
)  # fmt: skip
def test_nothing_but_pages_and_static_files_is_given_out(
    front: servers.Front, path: str
) -> None:
    assert ask_front(front, path).status in {400, 404}


def test_a_flood_of_data_is_cut_short(front: servers.Front) -> None:
    body = b"x" * (300 * 1024)

    assert ask_front(front, "/cart/add/", method="POST", body=body).status == 413


def test_two_lengths_in_one_request_are_refused(front: servers.Front) -> None:
    """Where proxy and shop disagree on the length, a second request can hide."""
    trust = ssl.create_default_context(cafile=str(front.log.parent / "fullchain.pem"))
    raw = socket.create_connection(("127.0.0.1", front.https), timeout=60)
    with trust.wrap_socket(raw, server_hostname=servers.HOST) as line:
        line.sendall(
            b"POST /cart/add/ HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 4\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            b"GET /hidden HTTP/1.1\r\nHost: shop.test\r\n\r\n"
        )
        answer = line.recv(4096)

    assert answer.startswith(b"HTTP/1.1 400 ")


@pytest.fixture
def front_alone(shop: Shop, tmp_path: Path) -> Iterator[servers.Front]:
    """nginx before a gunicorn that is not there."""
    front = servers.start_nginx(
        tmp_path, upstream=f"127.0.0.1:{servers.free_port()}", static=shop.static
    )
    yield front
    front.server.end()


def test_a_shop_that_restarts_is_a_503_page_with_a_time(
    front_alone: servers.Front,
) -> None:
    answer = ask_front(front_alone, "/")

    assert answer.status == 503
    assert answer.headers["Retry-After"] == "10"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"Back in a moment" in answer.body
