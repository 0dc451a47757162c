"""The wire itself: requests no browser sends, written byte by byte, through nginx."""

import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.live import servers
from tests.live.conftest import Shop
from tests.live.test_serving import ask_front

pytestmark = pytest.mark.live

HOST = f"Host: {servers.HOST}"
FORM = "Content-Type: application/x-www-form-urlencoded"
HIDDEN = f"GET /hidden HTTP/1.1\r\n{HOST}\r\n\r\n"


def raw(front: servers.Front, request: str) -> str:
    """All that comes back for these bytes on one connection, until it is closed."""
    trust = ssl.create_default_context(cafile=str(front.log.parent / "fullchain.pem"))
    door = socket.create_connection(("127.0.0.1", front.https), timeout=60)
    answer = b""
    with trust.wrap_socket(door, server_hostname=servers.HOST) as line:
        # what is refused before it has been read to its end closes the line
        with suppress(OSError):
            line.sendall(request.encode("latin-1"))
        try:
            while part := line.recv(65_536):
                answer += part
        except (ConnectionResetError, ssl.SSLError):
            pass  # what has come is all there is
    return answer.decode("latin-1")


def post(*headers: str, body: str = "0\r\n\r\n") -> str:
    head = "\r\n".join(["POST /cart/add/ HTTP/1.1", HOST, FORM, *headers])
    return f"{head}\r\n\r\n{body}{HIDDEN}"


def get(*headers: str, line: str = "GET / HTTP/1.1", host: str | None = HOST) -> str:
    head = [line, *([host] if host else []), *headers, "Connection: close"]
    return "\r\n".join(head) + "\r\n\r\n"


CL, TE = "Content-Length: 4", "Transfer-Encoding: chunked"
# What makes proxy and shop disagree where a request ends, if either lets it pass.
SMUGGLED = {
    "length and chunks": post(CL, TE),
    "chunks and length": post(TE, CL),
    "chunks of another name": post(CL, "Transfer-Encoding: xchunked"),
    "chunks twice": post(TE, TE),
    "chunks and none": post(TE, "Transfer-Encoding: identity"),
    "two lengths": post(CL, "Content-Length: 0"),
    "two lengths in one": post("Content-Length: 4, 0"),
    "a plus": post("Content-Length: +4"),
    "a minus": post("Content-Length: -1"),
    "hexadecimal": post("Content-Length: 0x4"),
    "a blank before the colon": post("Content-Length : 4", TE),
    "a line folded": post("Transfer-Encoding:\r\n chunked", CL),
    "a tab before chunked": post("Transfer-Encoding:\tchunked", CL),
    "a vertical tab": post("Transfer-Encoding: \x0bchunked", CL),
    "an odd chunk size": post(TE, body="4;x=\n\r\nabcd\r\nZ\r\n"),
    "a chunk size too large": post(TE, body="fffffffffffffffff\r\n"),
    "a bare line feed in a header": post("X: y\nTransfer-Encoding: chunked", CL),
}


@pytest.mark.parametrize("name", SMUGGLED)
def test_asvs_4_2_1_no_request_hides_behind_another(
    front: servers.Front, name: str
) -> None:
    """One answer for what is one request, a refusal where its end is in doubt; what
    stands behind it is never taken for a request of its own where the body has it."""
    answer = raw(front, SMUGGLED[name])
    statuses = re.findall(r"HTTP/1\.1 (\d{3}) ", answer)

    assert statuses, "not answered"
    assert statuses[0] in LET_THROUGH.get(name, {"400", "411", "501"}), answer[:200]
    if name not in LET_THROUGH:
        assert len(statuses) == 1
        assert "hidden" not in front.log.read_text()


# A proxy may read these in one way only, and passes on what it has read.
LET_THROUGH: dict[str, set[str]] = {}

ODD = {
    "no host": (get(host=None), {"400"}),
    "two hosts": (get("Host: evil.test"), {"400"}),
    "an empty host": (get(host="Host: "), {"400", ""}),
    "another host": (get(host="Host: evil.test"), {""}),
    "a host with a path": (get(host=f"{HOST}/x"), {"400"}),
    "a host with a user": (get(host=f"Host: x@{servers.HOST}"), {"400", ""}),
    "a whole address": (
        get(line="GET https://evil.test/ HTTP/1.1"), {"", "400"}),
    "TRACE": (get(line="TRACE / HTTP/1.1"), {"405"}),
    "TRACK": (get(line="TRACK / HTTP/1.1"), {"405"}),
    "CONNECT": (get(line="CONNECT evil.test:443 HTTP/1.1"), {"400", "405"}),
    "a method of one's own": (get(line="BREW / HTTP/1.1"), {"400", "405"}),
    "a NUL": (get("X-Odd: a\0b"), {"400"}),
    "HTTP/0.9": ("GET /\r\n", {"", "400"}),
    "HTTP/3.0": (get(line="GET / HTTP/3.0"), {"400", "505"}),
    "an endless line": (get(line=f"GET /{'x' * 40_000} HTTP/1.1"), {"414"}),
    "an endless header": (get(f"X-Odd: {'x' * 40_000}"), {"400"}),
    "a thousand headers": (get(*(f"X-{n}: {'y' * 40}" for n in range(1000))), {"400"}),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_asvs_4_2_1_what_is_no_proper_request_is_refused(
    front: servers.Front, name: str
) -> None:
    """An empty status: the connection is closed without a word."""
    request, expected = ODD[name]

    answer = raw(front, request)

    found = re.match(r"HTTP/1\.1 (\d{3}) ", answer)
    assert (found[1] if found else "") in expected, answer[:200]
    assert "evil.test" not in answer


@pytest.mark.parametrize(
    "header",
    ["SCRIPT_NAME: /evil", "Script-Name: /evil", "X_User_Id: 1", "REMOTE_USER: root",
     "X-Forwarded-Host: evil.test", "X-Forwarded-Server: evil.test",
     "X-Original-URL: /orders/", "X-Rewrite-URL: /orders/",
     "X-HTTP-Method-Override: PUT",
     "X-Forwarded-Prefix: /evil", "X-Real-IP: 6.6.6.6", "Forwarded: host=evil.test"],
)  # fmt: skip
def test_asvs_4_1_3_headers_about_the_way_change_nothing(
    front: servers.Front, header: str
) -> None:
    answer = raw(front, get(header, line="GET /orders/ HTTP/1.1"))

    assert answer.startswith("HTTP/1.1 302 ")
    assert re.search(r"\r\nLocation: /account/login/\?next=/orders/\r\n", answer)


def test_asvs_4_1_3_gunicorn_alone_believes_no_script_name(shop: Shop) -> None:
    """The one header that crashed it when it came from a trusted proxy; nginx drops it
    because of its underscore, and no browser can send it by another name."""
    host, _, port = shop.address.partition(":")
    with socket.create_connection((host, int(port)), timeout=60) as line:
        line.sendall(get("X-Forwarded-Proto: https", "Script-Name: /evil").encode())
        answer = line.recv(4096)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"/evil" not in answer


def test_asvs_15_3_4_the_log_has_the_address_that_really_asked(
    front: servers.Front,
) -> None:
    answer = ask_front(
        front,
        "/no-such-page",
        headers={"X-Forwarded-For": "6.6.6.6", "X-Real-IP": "6.6.6.6"},
    )
    name = answer.headers["X-Request-Id"]
    front.server.wait_until(lambda: name in front.log.read_text())

    (line,) = (one for one in front.log.read_text().splitlines() if name in one)
    assert '"from":"127.0.0.1"' in line
    assert "6.6.6.6" not in line


def test_asvs_16_4_1_the_access_log_cannot_be_forged(front: servers.Front) -> None:
    raw(
        front,
        get('User-Agent: x"}\x1b[2J{"status":200', line="GET /%0a%22%1b HTTP/1.1"),
    )
    front.server.wait_until(lambda: "[2J" in front.log.read_text())

    text = front.log.read_text()
    assert "\x1b" not in text
    for line in text.splitlines():
        assert line.startswith('{"at":"')
        assert line.endswith('"}')


@pytest.fixture
def narrow_front(shop: Shop, tmp_path: Path) -> Iterator[servers.Front]:
    """An nginx of its own, since who floods it is remembered."""
    front = servers.start_nginx(tmp_path, upstream=shop.address, static=shop.static)
    yield front
    front.server.end()


@pytest.mark.parametrize("path", ["/account/login/", "/account/register/"])
def test_asvs_2_4_1_a_flood_from_one_address_is_slowed_down(
    narrow_front: servers.Front, path: str
) -> None:
    """Twenty tries in a row get through to the shop, which counts for itself."""
    answers = [ask_front(narrow_front, path, method="POST") for _ in range(30)]

    assert [answer.status for answer in answers[:20]] == [403] * 20
    assert answers[-1].status == 429
    assert answers[-1].headers["Retry-After"] == "5"
    # looking at the form is no try
    assert ask_front(narrow_front, path).status == 200


# TLS ----------------------------------------------------------------------------------


def handshake(front: servers.Front, *words: str) -> str:
    """What openssl tells of it; where there was none, no cipher."""
    openssl = shutil.which("openssl")
    if openssl is None:
        servers.missing("openssl")
        raise AssertionError
    done = subprocess.run(
        [openssl, "s_client", "-connect", f"127.0.0.1:{front.https}", "-CAfile",
         str(front.log.parent / "fullchain.pem"), *words],
        input=b"", capture_output=True, check=False, timeout=30,
    )  # fmt: skip
    return done.stdout.decode(errors="replace")


NAMED = ("-servername", servers.HOST, "-verify_return_error")


@pytest.mark.parametrize("version", ["tls1_2", "tls1_3"])
def test_asvs_12_1_1_modern_tls_is_spoken(front: servers.Front, version: str) -> None:
    said = handshake(front, f"-{version}", *NAMED)

    assert "Verify return code: 0 (ok)" in said
    assert re.search(r"Cipher is (TLS_|ECDHE-)\S+", said)


@pytest.mark.parametrize("version", ["tls1", "tls1_1"])
def test_asvs_12_1_1_old_tls_is_not(front: servers.Front, version: str) -> None:
    said = handshake(front, f"-{version}", "-cipher", "ALL:@SECLEVEL=0", *NAMED)

    assert "Cipher is (NONE)" in said


@pytest.mark.parametrize(
    "ciphers",
    ["AES128-SHA", "AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-SHA", "eNULL", "aNULL"],
)
def test_asvs_12_1_1_weak_ciphers_are_not_taken(
    front: servers.Front, ciphers: str
) -> None:
    said = handshake(front, "-tls1_2", "-cipher", f"{ciphers}:@SECLEVEL=0", *NAMED)

    assert "Cipher is (NONE)" in said


def test_asvs_12_1_1_without_the_shops_name_there_is_no_handshake(
    front: servers.Front,
) -> None:
    for words in (("-noservername",), ("-servername", "evil.test")):
        said = handshake(front, *words)
        assert "Cipher is (NONE)" in said
        assert servers.HOST not in said


@pytest.mark.parametrize("path", ["/", "/account/login/", "/static/", "/healthz"])
def test_asvs_12_2_1_plain_http_gives_nothing_but_the_way_to_https(
    front: servers.Front, path: str
) -> None:
    with socket.create_connection(("127.0.0.1", front.http), timeout=60) as line:
        line.sendall(get(line=f"GET {path} HTTP/1.1").encode())
        answer = line.recv(65_536).decode()

    assert answer.startswith("HTTP/1.1 308 ")
    assert f"Location: https://{servers.HOST}{path}" in answer
    assert "Set-Cookie" not in answer


# Headers ------------------------------------------------------------------------------

ONCE = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy",
        "X-Frame-Options", "Cross-Origin-Opener-Policy", "Permissions-Policy",
        "Strict-Transport-Security", "Cache-Control")  # fmt: skip


@pytest.fixture(scope="module")
def a_file(shop: Shop) -> str:
    name = next(iter(sorted(shop.static.rglob("*.css")))).relative_to(shop.static)
    return f"/static/{name}"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/account/", 302),
        ("GET", "/no-such-page", 404),
        ("POST", "/cart/clear/", 403),
        ("GET", "<file>", 200),
        ("GET", "/static/no-such-file", 404),
        ("GET", "/.git/config", 404),
        ("PUT", "/", 405),
        ("GET", "/healthz", 200),
        ("GET", "/static/img/logo.svg", 200),
    ],
)
def test_asvs_3_4_1_through_nginx_every_answer_has_every_header_once(
    front: servers.Front, a_file: str, method: str, path: str, status: int
) -> None:
    """Pages from the shop, files and refusals from nginx itself."""
    answer = ask_front(front, path.replace("<file>", a_file), method=method)

    assert answer.status == status
    found = {name: answer.headers.get_all(name) or [] for name in ONCE}
    assert {name: len(values) for name, values in found.items()} == dict.fromkeys(
        ONCE, 1
    )
    assert found["Content-Security-Policy"][0].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in found["Content-Security-Policy"][0]
    assert (
        "max-age=31536000; includeSubDomains" in found["Strict-Transport-Security"][0]
    )


def test_asvs_3_3_1_cookies_through_nginx_are_the_hosts_own(
    front: servers.Front,
) -> None:
    told = ask_front(front, "/account/login/").headers.get_all("Set-Cookie") or []

    assert [cookie.partition("=")[0] for cookie in told] == ["__Host-csrf"]
    for cookie in told:
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= parts
        assert not any(part.startswith("domain") for part in parts)


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
def test_asvs_13_4_5_what_is_for_the_operator_is_for_this_computer(
    front: servers.Front, path: str
) -> None:
    """The configuration says so; from here, which is this computer, it can be seen."""
    site = (front.log.parent / "site.conf").read_text()
    (inside,) = re.findall(r"location ~ \^/\(readyz\|metrics\)\$ \{(.*?)\}", site, re.S)

    assert "allow 127.0.0.1;" in inside
    assert "deny all;" in inside
    assert ask_front(front, path).status in (200, 404)


def test_the_configuration_is_what_nginx_calls_sound(front: servers.Front) -> None:
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    folder = Path(front.log.parent)
    done = subprocess.run(
        [nginx, "-t", "-p", str(folder), "-c", str(folder / "nginx.conf"),
         "-e", str(folder / "test.log")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert "test is successful" in done.stderr
    assert "[warn]" not in done.stderr
