"""Letters are sent once, however many send them, and tried again when that failed."""

import json
from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ReadTimeoutError
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.management import CommandError, call_command

from accounts import letters, outbox
from accounts.outbox import Facts
from tests.people import bina, items, stored

NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)


def note(facts: Facts) -> EmailMultiAlternatives:
    return EmailMultiAlternatives("News", facts["text"], None, ["bina@example.com"])


WRITERS = {"note": note}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    moment = [NOW]
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment[0])
    return moment


def post(text: str = "hello", **more: Any) -> bool:
    return outbox.post("note", {"text": text}, now=NOW, **more)


def deliver_all(now: datetime = NOW) -> list[str]:
    return [outbox.deliver(one, WRITERS) for one in outbox.waiting(now)]


def test_a_letter_waits_until_a_run_sends_it_and_leaves_nothing_of_itself(
    tables: Any, clock: Any
) -> None:
    assert post("where is the okra")
    (item,) = items(tables, "Guards")
    assert json.loads(item["facts"]["S"]) == {
        "language": "en-in",
        "text": "where is the okra",
    }

    assert deliver_all() == ["sent"]

    assert [letter.body for letter in mail.outbox] == ["where is the okra"]
    (item,) = items(tables, "Guards")
    assert item["state"] == {"S": "done"}
    assert "facts" not in item
    left = int(item["expiresAt"]["N"]) - datetime.now(UTC).timestamp()
    assert 6 * 86400 < left <= 7 * 86400
    assert deliver_all(NOW + timedelta(days=1)) == []


def test_of_letters_of_one_name_one_is_sent(clock: Any) -> None:
    assert post("first", name="order-1")
    assert post("second", name="order-1")
    deliver_all()
    assert post("third", name="order-1")

    assert deliver_all() == []
    assert [letter.body for letter in mail.outbox] == ["first"]


def test_eight_runs_at_once_send_each_letter_once(parallel: Any, clock: Any) -> None:
    for number in range(6):
        post(f"letter {number}")

    results = parallel([deliver_all] * 8)

    assert sorted(letter.body for letter in mail.outbox) == [
        f"letter {number}" for number in range(6)
    ]
    told = [word for words in results for word in words]
    assert told.count("sent") == 6
    assert set(told) <= {"sent", "taken"}


def test_a_letter_being_sent_is_nobody_elses_until_its_claim_is_old(
    clock: list[datetime],
) -> None:
    post()
    (letter,) = outbox.waiting(NOW)
    assert outbox._claimed(letter)  # and that run is killed

    assert outbox.deliver(letter, WRITERS) == "taken"
    clock[0] = NOW + timedelta(seconds=outbox.CLAIM_SECONDS - 1)
    assert deliver_all(clock[0]) == []
    clock[0] = NOW + timedelta(seconds=outbox.CLAIM_SECONDS)
    assert deliver_all(clock[0]) == ["sent"]


def test_a_letter_has_the_same_message_id_at_every_try(clock: list[datetime]) -> None:
    post(name="order-1")
    deliver_all()

    assert mail.outbox[0].extra_headers["Message-ID"] == "<note.order-1@localhost>"


def test_a_failed_letter_is_tried_again_later_and_given_up_in_the_end(
    tables: Any, clock: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Any, fail_silently: bool = False) -> int:
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailMultiAlternatives, "send", broken)
    post()
    pauses = []
    for _ in range(5):
        assert deliver_all(clock[0]) == ["later"]
        assert deliver_all(clock[0]) == []
        (item,) = items(tables, "Guards")
        pauses.append(int(item["until"]["N"]) - int(clock[0].timestamp()))
        clock[0] += timedelta(seconds=pauses[-1])

    assert deliver_all(clock[0]) == ["given up"]
    assert pauses == [60, 300, 900, 3600, 14400]
    (item,) = items(tables, "Guards")
    assert item["state"] == {"S": "given up"}
    assert "facts" not in item
    assert deliver_all(clock[0] + timedelta(days=1)) == []


def test_a_letter_with_nothing_to_say_any_more_is_dropped(clock: Any) -> None:
    outbox.post("of a kind nobody writes", {}, now=NOW)

    assert deliver_all() == ["dropped"]
    assert mail.outbox == []


def test_a_store_that_takes_no_letter_stops_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def silent(*_: Any) -> Any:
        raise ReadTimeoutError(endpoint_url="http://store")

    monkeypatch.setattr(BaseClient, "_make_api_call", silent)

    assert post() is False


# The command --------------------------------------------------------------------------


def test_the_command_sends_what_waits_and_counts_it(capsys: Any) -> None:
    user = bina()
    letters.ask_verification(user, "https://shop.example", now=datetime.now(UTC))
    letters.ask_reset("nobody@example.com", "https://shop.example", now=NOW)

    call_command("send_mail")

    said = capsys.readouterr()
    assert "letters sent: 1\nhad nothing to say any more: 1\n" in said.out
    assert "2 of 2 letters" in said.err
    (letter,) = mail.outbox
    assert letter.to == ["bina@example.com"]
    assert "https://shop.example/account/verify/" in letter.body
    assert "Hello Bina," in letter.body


def test_the_command_says_when_a_letter_was_not_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    letters.ask_verification(bina(), "https://shop.example", now=datetime.now(UTC))

    def refused(*_: Any, **__: Any) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMultiAlternatives, "send", refused)

    with pytest.raises(CommandError, match="Not every letter was sent"):
        call_command("send_mail")


def test_names_in_a_letter_are_plain_text(tables: Any) -> None:
    user = bina(first_name="D'Souza & <Sons>")
    letters.ask_verification(user, "https://shop.example", now=datetime.now(UTC))

    call_command("send_mail")

    assert "Hello D'Souza & <Sons>," in mail.outbox[0].body
    assert stored(tables, user)["emailVerified"] == {"BOOL": False}
