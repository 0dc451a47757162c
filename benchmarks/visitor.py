"""Somebody with cookies who fills a cart by the shop's own forms, over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from urllib.parse import urlencode


@dataclass
class Visitor:
    """A browser's cookies and nothing else of it; ``headers`` go with every request."""

    address: str
    headers: Mapping[str, str]
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> str:
        """A page's text. Raises RuntimeError when it is not there."""
        answer, body = self._ask("GET", path)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        return body

    def post(self, path: str, fields: Mapping[str, str]) -> None:
        """Send a form. Raises RuntimeError when it is refused."""
        token = next(
            (value for name, value in self.cookies.items() if "csrf" in name), ""
        )
        body = urlencode({**fields, "csrfmiddlewaretoken": token})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer, _ = self._ask("POST", path, body, kind)
        if answer.status not in (200, 302, 303):
            raise RuntimeError(f"{path} answered {answer.status}")

    def as_headers(self) -> dict[str, str]:
        """What makes somebody else's requests this visitor's."""
        return {**self.headers, "Cookie": self._cookie()}

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _ask(
        self,
        method: str,
        path: str,
        body: str = "",
        more: Mapping[str, str] | None = None,
    ) -> tuple[HTTPResponse, str]:
        scheme = self.headers.get("X-Forwarded-Proto", "http")
        headers = {
            **self.headers,
            **(more or {}),
            "Origin": f"{scheme}://{self.headers['Host']}",
            "Referer": f"{scheme}://{self.headers['Host']}/",
            **({"Cookie": self._cookie()} if self.cookies else {}),
        }
        caller = HTTPConnection(self.address, timeout=120)
        caller.request(method, path, body or None, headers)
        answer = caller.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie", ()):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        caller.close()
        return answer, text
