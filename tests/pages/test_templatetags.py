"""How amounts and times are written, and what the header asks of the session."""

from datetime import UTC, date, datetime, time
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.forms import CharField, Form
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from storefront.money import Money
from storefront.templatetags import storefront as tags
from tests.builders import a_product

AFTERNOON = datetime(2026, 11, 24, 8, 35, tzinfo=UTC)  # 14:05 in India


def shown(source: str, **context: Any) -> str:
    return Template("{% load storefront %}" + source).render(Context(context)).strip()


class Watched(dict):
    """A session that remembers whether anybody looked into it."""

    modified = False
    looked = False

    def __getitem__(self, key: str) -> Any:
        self.looked = True
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.looked = True
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.looked = True
        return super().__contains__(key)


def a_request(*, cookie: bool, **kept: Any) -> Any:
    request = RequestFactory().get("/")
    request.session = Watched(kept)  # type: ignore[assignment]
    if cookie:
        request.COOKIES["session"] = "k"
    return request


# Amounts ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("paise", "value", "words"),
    [
        (0, "0.00", "₹0.00"),
        (123450, "1234.50", "₹1,234.50"),
        (12345600, "123456.00", "₹1,23,456.00"),
        (-2000, "-20.00", "-₹20.00"),
    ],
)
def test_an_amount_is_for_people_and_for_programs(
    paise: int, value: str, words: str
) -> None:
    html = f'<data class="money" value="{value}">{words}</data>'
    assert tags.rupees(Money(paise)) == html
    assert shown("{{ amount|rupees }}", amount=Money(paise)) == html


def test_an_amount_can_carry_a_mark_and_cannot_carry_markup() -> None:
    assert tags.rupees(Money(100), "total") == (
        '<data id="total" class="money" value="1.00">₹1.00</data>'
    )
    assert "<b>" not in tags.rupees(Money(100), '"><b>')


def test_no_amount_shows_nothing() -> None:
    assert tags.rupees(None) == ""


# Days and times -----------------------------------------------------------------------
def test_a_day_is_named_with_its_year_only_when_it_is_another_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: AFTERNOON)
    assert tags.indian_day(date(2026, 11, 24)) == "Tue 24 Nov"
    assert tags.indian_day(date(2027, 1, 1)) == "Fri 1 Jan 2027"
    assert tags.indian_day(None) == ""


def test_a_moment_late_in_the_utc_day_is_the_next_day_in_india(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: AFTERNOON)
    late = datetime(2026, 11, 24, 18, 31, tzinfo=UTC)
    assert tags.indian_day(late) == "Wed 25 Nov"
    assert tags.indian_moment(late) == "Wed 25 Nov, 12:01 am"
    assert tags.indian_moment(AFTERNOON) == "Tue 24 Nov, 2:05 pm"
    assert tags.indian_moment(None) == ""


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (AFTERNOON, "2:05 pm"),
        (time(9), "9 am"),
        ("12:00", "12 noon"),
        ("00:00", "midnight"),
        ("24:00", "midnight"),
        ("12:30", "12:30 pm"),
        ("00:30", "12:30 am"),
        ("21:15", "9:15 pm"),
        ("soon", "soon"),
        (None, ""),
    ],
)
def test_a_clock_time_is_written_as_it_is_said(value: Any, words: str) -> None:
    assert tags.clock(value) == words


def test_a_window_is_written_as_it_is_said_and_other_words_are_kept() -> None:
    assert tags.span("09:00-12:00") == "9 am – 12 noon"
    assert tags.span("9:00 - 21:30") == "9 am – 9:30 pm"
    assert tags.span("Morning") == "Morning"
    assert tags.span("") == ""


def test_an_unknown_step_gets_a_quiet_badge() -> None:
    assert (tags.tone("delivered"), tags.tone("failed")) == ("leaf", "chili")
    assert tags.tone("lost in space") == "soft"


# Forms --------------------------------------------------------------------------------
class Letter(Form):
    name = CharField(help_text="As on the door.")
    note = CharField(required=False)


def test_a_field_in_error_names_help_and_error_and_carries_the_code() -> None:
    form = Letter({})
    form.is_valid()
    form.errors.as_data()["name"][0].code = "INVALID_FIELD"
    html = shown('{% include "partials/_field.html" %}', field=form["name"])
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'data-error="INVALID_FIELD"' in html
    assert 'aria-invalid="true"' in html


def test_a_code_of_django_itself_is_nobody_elses_business() -> None:
    form = Letter({})
    assert not form.is_valid()
    assert tags.field_errors(form["name"]) == [("", "This field is required.")]


def test_the_summary_links_each_error_to_its_field_and_is_absent_without_any() -> None:
    form = Letter({})
    form.is_valid()
    html = shown('{% include "partials/_error_summary.html" %}', form=form)
    assert '<a href="#id_name">This field is required.</a>' in html
    assert 'tabindex="-1"' in html
    fine = Letter({"name": "Asha"})
    assert fine.is_valid()
    assert shown('{% include "partials/_error_summary.html" %}', form=fine) == ""


# The header ---------------------------------------------------------------------------
def test_who_has_no_session_cookie_is_never_looked_up() -> None:
    request = a_request(cookie=False, cart=[["tomato", None, 3, 6000]])
    html = shown(
        "{% cart_count %}{% signed_in as customer %}{% remembered_pincode as pin %}"
        "{{ customer }}{{ pin }}",
        request=request,
    )
    assert html == '<span id="cart-count" data-units="0">0</span>\nFalse'
    assert not request.session.looked


def test_the_badge_counts_units_over_all_lines() -> None:
    cart = [["tomato", None, 3, 6000], ["okra", "small", 2, None]]
    html = shown("{% cart_count %}", request=a_request(cookie=True, cart=cart))
    assert html == '<span id="cart-count" data-units="5">5</span>'


def test_a_changed_badge_travels_out_of_band() -> None:
    assert shown("{% cart_count 7 oob=True %}") == (
        '<span id="cart-count" data-units="7" hx-swap-oob="true">7</span>'
    )


def test_an_error_page_without_a_request_still_has_a_header() -> None:
    assert shown("{% cart_count %}") == '<span id="cart-count" data-units="0">0</span>'
    assert shown("{% signed_in as yes %}{{ yes }}") == "False"


def test_signing_in_shows_at_once_though_no_cookie_was_sent() -> None:
    request = a_request(cookie=False, **{SESSION_KEY: "asha"})
    assert shown("{% signed_in as yes %}{{ yes }}", request=request) == "False"
    request.session.modified = True
    assert shown("{% signed_in as yes %}{{ yes }}", request=request) == "True"


@pytest.mark.parametrize("kept", ["500084", "12", "<b>500084", None, 500084])
def test_only_a_real_pincode_is_shown_again(kept: Any) -> None:
    html = shown(
        "{% remembered_pincode as pin %}{{ pin }}",
        request=a_request(cookie=True, pincode=kept),
    )
    assert html == ("500084" if kept == "500084" else "")


# Pictures -----------------------------------------------------------------------------
def test_a_photograph_comes_before_a_drawing(settings: Any) -> None:
    settings.AURORA_IMAGE_HOSTS = ["pictures.example"]
    product = a_product(image_url="https://pictures.example/t.jpg?a=1&b=2")
    html = shown("{% picture product %}", product=product)
    assert 'src="https://pictures.example/t.jpg?a=1&amp;b=2"' in html
    assert 'alt=""' in html
    assert 'loading="lazy"' in html


def test_without_a_photograph_there_is_a_drawing() -> None:
    html = shown("{% picture product eager=True %}", product=a_product())
    assert 'src="/static/img/categories/' in html
    assert "lazy" not in html


# Messages -----------------------------------------------------------------------------
def test_news_for_htmx_fill_the_live_region_that_is_there_already() -> None:
    html = shown(
        '{% include "partials/_messages.html" with said=words oob=True code="BUSY" %}',
        words="<Tomato> added.",
    )
    assert 'hx-swap-oob="innerHTML"' in html
    assert 'data-error="BUSY"' in html
    assert "&lt;Tomato&gt; added." in html


def test_messages_kept_over_a_redirect_show_their_tone() -> None:
    kept = [SimpleNamespace(level_tag="error", __str__=lambda self: "no")]
    html = shown('{% include "partials/_messages.html" %}', messages=kept)
    assert 'data-tone="chili"' in html
