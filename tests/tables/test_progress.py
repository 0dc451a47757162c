"""How far a long command has come is shown without filling the log."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from storefront.progress import state

# How far it has come ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done", "total", "told"),
    [
        (0, 4, "[..............................] 0 of 4 orders"),
        (2, 4, "[###############...............] 2 of 4 orders"),
        (4, 4, "[##############################] 4 of 4 orders"),
        (0, 0, "[##############################] 0 of 0 orders"),
        (1234, None, "1,234 orders"),
    ],
)
def test_progress_is_a_bar_where_the_end_is_known(
    done: int, total: int | None, told: str
) -> None:
    assert state(done, total, "orders") == told


def test_a_terminal_gets_a_line_that_is_written_over_and_a_log_plain_ones(
    shop: Any,
) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    screen, log = Terminal(), StringIO()
    call_command("settle_orders", stdout=StringIO(), stderr=screen)
    call_command("settle_orders", stdout=StringIO(), stderr=log)

    assert screen.getvalue() == (
        "\r\033[K0 orders looked at\n"
        "\r\033[K[##############################] 0 of 0 orders settled\n"
    )
    assert log.getvalue() == (
        "0 orders looked at\n[##############################] 0 of 0 orders settled\n"
    )
