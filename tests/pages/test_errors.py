"""What a visitor sees when something is wrong: the right status, a page, a way on."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pynamodb.exceptions import GetError

from aurora import dynamo, remedies
from aurora.dynamo import OutcomeUnknown, StoreUnavailable
from aurora.urls import urlpatterns as shop

trouble: Exception = StoreUnavailable()


def view(request: HttpRequest) -> HttpResponse:
    raise trouble


def calm(request: HttpRequest) -> HttpResponse:
    return HttpResponse("calm")


def broken_inside(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """As a session middleware that cannot save."""

    def middleware(request: HttpRequest) -> HttpResponse:
        get_response(request)
        raise trouble

    return middleware


urlpatterns = [path("trouble", view), path("calm", calm), *shop]
handler500 = "aurora.errors.broken"


def short(error: Any) -> str:
    """A test's name for an error: its kind and code."""
    code = dynamo.error_code(error) if isinstance(error, Exception) else None
    return f"{type(error).__name__} {code or ''}".strip()


def client_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code}}, "GetItem")


OUT_OF_REACH = [
    StoreUnavailable("the store is asleep"),
    OutcomeUnknown(),
    NoCredentialsError(),
    EndpointConnectionError(endpoint_url="http://nowhere"),
    ReadTimeoutError(endpoint_url="http://slow"),
    client_error("ResourceNotFoundException"),
    client_error("AccessDeniedException"),
    client_error("ThrottlingException"),
    GetError("in PynamoDB's wrapping", client_error("ResourceNotFoundException")),
]


@pytest.fixture(autouse=True)
def own_urls(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def quiet() -> Client:
    return Client(raise_request_exception=False)


def fail_with(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "trouble", error)


def assert_store_page(response: Any) -> None:
    assert response.status_code == 503
    assert response["X-Error-Code"] == "STORE_UNAVAILABLE"
    assert response["Retry-After"] == "5"
    assert response["Cache-Control"] == "no-store"
    assert b"<html" in response.content.lower()
    assert b"Traceback" not in response.content


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("error", OUT_OF_REACH, ids=short)
def test_a_store_out_of_reach_in_a_view_is_a_503_page(
    quiet: Client,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    debug: bool,
) -> None:
    settings.DEBUG = debug
    fail_with(error, monkeypatch)

    assert_store_page(quiet.get("/trouble"))


@pytest.mark.parametrize("debug", [False, True])
def test_a_store_out_of_reach_in_a_middleware_is_a_503_page_too(
    quiet: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, debug: bool
) -> None:
    settings.DEBUG = debug
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.broken_inside"]
    fail_with(EndpointConnectionError(endpoint_url="http://nowhere"), monkeypatch)

    assert_store_page(quiet.get("/calm"))


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a mistake of the program"),
        client_error("ValidationException"),
        GetError("in PynamoDB's wrapping", client_error("ValidationException")),
    ],
    ids=short,
)
def test_a_mistake_of_the_program_is_a_500_page_with_a_reference(
    quiet: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    fail_with(error, monkeypatch)

    response = quiet.get("/trouble", headers={"X-Request-Id": "0123456789abcdef"})

    assert response.status_code == 500
    assert b"0123456789abcdef" in response.content
    assert response["X-Request-Id"] == "0123456789abcdef"
    assert "X-Error-Code" not in response


def test_an_error_page_that_cannot_be_rendered_is_still_an_answer(
    quiet: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_with(ValueError("a mistake of the program"), monkeypatch)
    monkeypatch.setattr("aurora.errors.render_to_string", fail_to_render)

    response = quiet.get("/trouble")

    assert response.status_code == 500
    assert b"Something went wrong" in response.content


def fail_to_render(*_: Any) -> str:
    raise ValueError("a mistake in the template")


def test_an_unknown_address_is_a_404_page_with_the_strict_policy(
    client: Client,
) -> None:
    response = client.get("/no-such-page")

    assert response.status_code == 404
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            client_error("ResourceNotFoundException"),
            "A table is missing in DynamoDB in ap-south-1: run `python manage.py "
            "setup_tables`, or check AWS_REGION and AURORA_TABLE_PREFIX.",
        ),
        (
            NoCredentialsError(),
            "No AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
        ),
        (
            client_error("AccessDeniedException"),
            "These credentials lack a permission in DynamoDB in ap-south-1: `python "
            "manage.py doctor` lists which.",
        ),
        (
            EndpointConnectionError(endpoint_url="https://nowhere"),
            "Cannot connect to DynamoDB in ap-south-1: check the network, AWS_REGION "
            "and AWS_ENDPOINT_URL_DYNAMODB.",
        ),
        (
            client_error("UnrecognizedClientException"),
            "The AWS credentials are not valid: check AWS_ACCESS_KEY_ID, "
            "AWS_SECRET_ACCESS_KEY and, for temporary ones, AWS_SESSION_TOKEN.",
        ),
    ],
    ids=short,
)
def test_the_operator_is_told_the_remedy(
    settings: Any, error: Exception, sentence: str
) -> None:
    settings.AWS_ENDPOINT = ""

    assert remedies.remedy(error) == sentence
    assert remedies.remedy(GetError("wrapped", error)) == sentence
