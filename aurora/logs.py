"""Log lines as JSON: one event a line, no field that could carry a line break, nothing
by which a person could be found."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from logging import Formatter, LogRecord
from typing import Any

from aurora.requests import request_id, user_id

STANDARD = frozenset(vars(LogRecord("", 0, "", 0, "", None, None))) | {
    "message",
    "asctime",
    "request",  # Django attaches the request object: cookies and addresses live there
    "server_time",
}
# The shop's own lines name nobody. These are for what others put into a line: Django an
# address that was asked for, an error the value it stumbled over.
PRIVATE = (
    (re.compile(r"[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"), "<email>"),
    (
        re.compile(r"(?<![\w-])(?:(?:\+|%2B)?91[ -]?)?[6-9]\d{4}[ -]?\d{5}(?![\w-])"),
        "<phone>",
    ),
    # whoever has the address of a reset page can use it
    (re.compile(r"(/account/password/reset/)[^\s\"'?]+"), r"\1<link>"),
)


class JsonLines(Formatter):
    """Time (UTC), level, logger, request, user id, message and the event's fields."""

    def format(self, record: LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "log": record.name,
            "request": request_id.get(),
            "user": user_id(),
            "message": record.getMessage(),
        }
        line |= {
            key: value for key, value in vars(record).items() if key not in STANDARD
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(impersonal(line), ensure_ascii=True)


def impersonal(value: Any) -> Any:
    """The value with e-mail addresses, phone numbers and secret links taken out."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {impersonal(str(key)): impersonal(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [impersonal(inner) for inner in value]
    text = str(value)
    for found, instead in PRIVATE:
        text = found.sub(instead, text)
    return text
