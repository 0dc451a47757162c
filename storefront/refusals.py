"""Why the shop says no: one exception, one code of the HTTP contract, the facts.

Rules raise; views choose the page; templates word the sentence from code and facts.
"""

from typing import Any


class Refused(Exception):  # noqa: N818 - the trade's word, not an error in the program
    """A request that cannot be met.

    ``code`` is one of the HTTP contract's error codes; ``facts`` hold the numbers and
    names that the message needs, for example ``{"available": 3, "name": "Okra"}``.
    """

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
