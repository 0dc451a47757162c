"""Log lines as JSON: one event a line, no field that could carry a line break."""

import json
from datetime import UTC, datetime
from logging import Formatter, LogRecord
from typing import Any

from aurora.requests import request_id

STANDARD = frozenset(vars(LogRecord("", 0, "", 0, "", None, None))) | {
    "message",
    "asctime",
    "request",  # Django attaches the request object: cookies and addresses live there
    "server_time",
}


class JsonLines(Formatter):
    """Time (UTC), level, logger, request id, message and the event's own fields."""

    def format(self, record: LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "log": record.name,
            "request": request_id.get(),
            "message": record.getMessage(),
        }
        line |= {
            key: value for key, value in vars(record).items() if key not in STANDARD
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=True)
