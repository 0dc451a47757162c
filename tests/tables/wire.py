"""A wire to the store that breaks where a test wants it to, and its answers."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from aurora import dynamo


class Wire:
    """Stands between the shop and the store; ``plan`` says what each transaction meets:
    an exception before it is done, ``"lost"`` after it is done, a function, or None."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *plan: Any) -> None:
        self.calls = 0
        self.plan = list(plan)
        client = dynamo.connection().client
        self.real = client._make_api_call
        monkeypatch.setattr(client, "_make_api_call", self.send)

    def send(self, operation: str, told: Any) -> Any:
        if operation != "TransactWriteItems":
            return self.real(operation, told)
        step = self.plan[self.calls] if self.calls < len(self.plan) else None
        self.calls += 1
        if step == "lost":
            self.real(operation, told)
            raise ConnectionClosedError(endpoint_url="http://store")
        if callable(step):
            step = step(self)
        if step is not None:
            raise step
        return self.real(operation, told)


def cancelled(*codes: str) -> ClientError:
    body = {
        "Error": {"Code": "TransactionCanceledException", "Message": "cancelled"},
        "CancellationReasons": [{"Code": code} for code in codes],
    }
    return ClientError(body, "TransactWriteItems")


def failed(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code}}, "TransactWriteItems")
