"""Signing in and out by the pages, for the tests of accounts."""

from importlib import import_module

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tests.people import PASSWORD

ASHA = {
    "first_name": "Asha",
    "last_name": "Rao",
    "email": "Asha.Rao@Example.com",
    "phone": "98490 12345",
    "password1": PASSWORD,
    "password2": PASSWORD,
}
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/account/"}


def sign_in(client: Client, email: str, password: str, **more: str) -> HttpResponse:
    told = {"email": email, "password": password} | more
    return client.post("/account/login/", told)


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def key(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def with_cart(client: Client) -> list[list[object]]:
    """Begin an anonymous session with something in the cart."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["cart"] = [["tomato", None, 2, 6000]]
    session.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return session["cart"]
