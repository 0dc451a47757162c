"""A request in another charset must not reach what would decode it with any codec."""

from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from aurora.wsgi import application


def answer(method: str, path: str, kind: str, body: bytes = b"") -> str:
    """The status with which the shop answers, by way of the server's door."""
    path, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": "testserver",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    setup_testing_defaults(environ)
    told: list[str] = []
    response = application(environ, lambda status, headers: told.append(status))
    b"".join(response)
    close = getattr(response, "close", None)
    if close:
        close()
    return told[0]


CHARSETS = ["hex", "rot13", "idna", "utf-16", "unicode_escape", "no-such-charset"]


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "text/plain"])
def test_another_charset_breaks_no_page(charset: str, kind: str) -> None:
    assert answer("GET", "/?q=%41", f"{kind}; charset={charset}", b"x") == "200 OK"
    assert answer("GET", "/?q=%41", f"{kind}; charset*={charset}''x", b"x") == "200 OK"


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_form_in_another_charset_is_not_read(charset: str) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="email"\r\n\r\na@b.in\r\n--b--'
    kind = f"multipart/form-data; boundary=b; charset={charset}"
    assert answer("POST", "/account/login/?x=1", kind, part).startswith("403")


@pytest.mark.parametrize("charset", ["UTF-8", "utf8", '"utf-8"'])
def test_a_request_in_utf_8_is_served(charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert answer("GET", "/products/?q=%E0%A4%86%E0%A4%B2%E0%A5%82", kind, b"a=1") == (
        "200 OK"
    )
