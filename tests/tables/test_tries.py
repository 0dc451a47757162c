"""One call is several tries: what the first came to is not forgotten over the last."""

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import (
    ConnectionClosedError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from aurora import dynamo
from aurora.dynamo import OutcomeUnknown, StoreUnavailable
from storefront import models
from storefront.orders import cancel_order
from tests.builders import NOW, rows
from tests.tables.ordering import ASHA, ORDER_ID, a_wish, place

pytestmark = pytest.mark.usefixtures("no_waiting")

WRITE, READ = "TransactWriteItems", "Query"
SILENCE = ReadTimeoutError(endpoint_url="http://store")
REFUSAL = EndpointConnectionError(endpoint_url="http://store")
THROTTLED = "ThrottlingException"


class Tries:
    """Stands below botocore's retries. ``plan`` says what each try of ``operation``
    meets: an exception or an error's code before it is done, ``"lost"`` after it, or
    None."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, operation: str, *plan: Any
    ) -> None:
        self.count = 0
        self.operation = operation
        self.plan = list(plan)
        endpoint = dynamo.connection().client._endpoint
        self.real = endpoint._do_get_response
        monkeypatch.setattr(endpoint, "_do_get_response", self.send)
        monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=bool))

    def send(self, request: Any, model: Any, context: Any) -> Any:
        if model.name != self.operation:
            return self.real(request, model, context)
        step = self.plan[self.count] if self.count < len(self.plan) else None
        self.count += 1
        if step is None:
            return self.real(request, model, context)
        if step == "lost":
            self.real(request, model, context)
            return None, ConnectionClosedError(endpoint_url="http://store")
        if isinstance(step, Exception):
            return None, step
        status = 500 if step in {"InternalServerError", "502"} else 400
        raw = SimpleNamespace(status_code=status, headers={}, content=b"")
        told = {"HTTPStatusCode": status, "HTTPHeaders": {}}
        return (raw, {"Error": {"Code": step}, "ResponseMetadata": told}), None


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client of its own: botocore allows each only so many retries."""
    monkeypatch.setattr(dynamo.connection(), "_client", None)


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("last", [THROTTLED, REFUSAL, "ExpiredTokenException"], ids=str)
def test_an_order_whose_first_answer_got_lost_is_found(
    shop: Any, monkeypatch: pytest.MonkeyPatch, last: Any
) -> None:
    Tries(monkeypatch, WRITE, "lost", last, last)

    assert place(a_wish()).id == ORDER_ID
    (row,) = rows(shop, "Inventory")
    assert row["reservedStock"] == 3


@pytest.mark.usefixtures("fresh")
def test_a_cancellation_whose_first_answer_got_lost_is_found(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(a_wish())
    Tries(monkeypatch, WRITE, "lost", THROTTLED, THROTTLED)

    assert cancel_order(ASHA, ORDER_ID, "", NOW).status == "cancelled"
    (row,) = rows(shop, "Inventory")
    assert row["reservedStock"] == 0


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("first", [SILENCE, "InternalServerError", "502"], ids=str)
def test_a_try_that_may_still_be_under_way_leaves_the_outcome_open(
    shop: Any, monkeypatch: pytest.MonkeyPatch, no_waiting: list[float], first: Any
) -> None:
    Tries(monkeypatch, WRITE, first, THROTTLED, THROTTLED)

    with pytest.raises(OutcomeUnknown):
        place(a_wish())

    assert no_waiting == [1]  # and was looked for twice


@pytest.mark.usefixtures("fresh")
def test_tries_that_were_all_turned_away_wrote_nothing(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = Tries(monkeypatch, WRITE, THROTTLED, REFUSAL, THROTTLED)

    with pytest.raises(StoreUnavailable):
        place(a_wish())

    assert tries.count == 3
    assert rows(shop, "Orders") == []


@pytest.mark.usefixtures("fresh")
def test_a_reading_nobody_answered_says_nothing_of_the_write_after_it(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    Tries(monkeypatch, READ, SILENCE)
    tries = Tries(monkeypatch, WRITE, THROTTLED, THROTTLED, THROTTLED)

    with pytest.raises(StoreUnavailable):
        place(a_wish())

    assert tries.count == 3


# How long -----------------------------------------------------------------------------


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize(("moment", "tries"), [(5.9, 3), (6.1, 1)])
def test_late_in_a_page_nothing_is_repeated(
    shop: Any, monkeypatch: pytest.MonkeyPatch, moment: float, tries: int
) -> None:
    met = Tries(monkeypatch, READ, SILENCE, SILENCE, SILENCE)
    clock = iter([0.0])
    monkeypatch.setattr(dynamo, "monotonic", lambda: next(clock, moment))

    with dynamo.page(), pytest.raises(dynamo.STORE_ERRORS):
        list(models.Order.query(ORDER_ID))

    assert met.count == tries


@pytest.mark.usefixtures("fresh")
def test_a_command_nobody_waits_for_repeats_at_any_time(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dynamo.page():
        pass
    met = Tries(monkeypatch, READ, SILENCE, SILENCE)
    monkeypatch.setattr(dynamo, "monotonic", lambda: 1e9)

    assert list(models.Order.query(ORDER_ID)) == []
    assert met.count == 3
