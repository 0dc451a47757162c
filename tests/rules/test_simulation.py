"""The simulated shopper reads pages as a browser does, and is not easily pleased."""

import pytest
from bs4 import BeautifulSoup

from storefront.simulation.browser import Browser, Form, Missing, Page, is_loopback
from storefront.simulation.report import SCENARIOS, to_its_end
from storefront.simulation.steps import FAIL, PASS, judge, new_walk

URL = "http://shop.test/cart/"
FORM = """
<form method="post" action="/cart/update/?a=1">
  <input type="hidden" name="csrfmiddlewaretoken" value="token">
  <input name="line" value="tomato">
  <input name="off" value="x" disabled>
  <input value="without a name">
  <input type="radio" name="slot" value="am"><input type="radio" name="slot" value="pm"
   checked>
  <input type="checkbox" name="default"><input type="checkbox" name="terms" checked>
  <select name="sort"><option value="name">Name</option><option value="price" selected>
  </select>
  <select name="state"><option value="TS">Telangana</option></select>
  <textarea name="note">Ring
twice</textarea>
  <input type="submit" name="pressed" value="Go"><button name="go">Go</button>
</form>
"""


def page(text: str, *, status: int = 200, codes: tuple[str, ...] = ()) -> Page:
    return Page(URL, status, BeautifulSoup(text, "html.parser"), codes)


def refusal(status: int, marked: str = "", header: str = "") -> Page:
    text = f'<p data-error="{marked}"></p>' if marked else "<p></p>"
    return page(text, status=status, codes=(header,) if header else ())


# Forms -------------------------------------------------------------------------------
def test_a_form_sends_what_a_browser_would_send() -> None:
    form = page(FORM).form("/cart/update/")

    assert form == Form(
        "http://shop.test/cart/update/?a=1",
        "POST",
        (
            ("csrfmiddlewaretoken", "token"),
            ("line", "tomato"),
            ("slot", "pm"),
            ("terms", "on"),
            ("sort", "price"),
            ("state", "TS"),
            ("note", "Ring\ntwice"),
        ),
        URL,
    )


def test_a_form_without_action_goes_to_its_page_by_get() -> None:
    form = page("<form><input name=q></form>").forms[0]

    assert (form.address, form.method) == (URL, "GET")


def test_typing_replaces_adds_and_leaves_out() -> None:
    form = Form(URL, "POST", (("a", "1"), ("b", "2"), ("b", "3")), URL)

    assert form.filled({"b": "4", "c": "5"}) == [("a", "1"), ("b", "4"), ("c", "5")]
    assert form.filled({"b": None}) == [("a", "1")]


def test_a_form_is_chosen_by_what_it_holds() -> None:
    two = "".join(
        f'<form action="/cart/remove/"><input name=line value={one}></form>'
        for one in ("okra", "mango")
    )

    assert page(two).form("/cart/remove/", line="mango").value("line") == "mango"


def test_what_is_not_on_the_page_is_named() -> None:
    with pytest.raises(Missing, match=r"no form on /cart/ goes to /cart/add/"):
        page(FORM).form("/cart/add/")
    with pytest.raises(Missing, match=r"no CSRF token on /cart/"):
        page("<p>").token()
    with pytest.raises(Missing, match=r"no link a\.next on /cart/"):
        Browser("http://shop.test").click(page("<a href=/x>"), "a.next")


# Judging -----------------------------------------------------------------------------
def test_a_refusal_passes_with_its_code_in_page_and_header() -> None:
    step = judge(
        "it", refusal(409, "TOO_LATE", "TOO_LATE"), status=409, code="TOO_LATE"
    )

    assert (step.verdict, step.seen) == (PASS, "409 TOO_LATE")
    assert step.line == "  pass  it: 409 TOO_LATE"


@pytest.mark.parametrize(
    "answer",
    [
        refusal(409, marked="TOO_LATE"),
        refusal(409, header="TOO_LATE"),
        refusal(409, "BUSY", "BUSY"),
        refusal(422, "TOO_LATE", "TOO_LATE"),
        refusal(200, "TOO_LATE", "TOO_LATE"),
        refusal(409),
    ],
    ids=[
        "page only",
        "header only",
        "other code",
        "other status",
        "no refusal",
        "bare",
    ],
)
def test_a_refusal_fails_when_any_of_it_differs(answer: Page) -> None:
    assert judge("it", answer, status=409, code="TOO_LATE").verdict == FAIL


def test_a_page_is_judged_by_its_place_and_its_marks() -> None:
    cart = page('<li data-line="okra">')

    assert judge("it", cart, path="/cart/", mark="[data-line]").verdict == PASS
    assert judge("it", cart, path="/orders/").verdict == FAIL
    assert judge("it", cart, mark="[data-order]").verdict == FAIL
    assert judge("it", cart, status=404).verdict == FAIL


# The walk ----------------------------------------------------------------------------
def test_there_are_seven_scenarios() -> None:
    assert len(SCENARIOS) == 7


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_scenario_is_content_with_empty_pages(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Browser, "_send", lambda self, *words, **more: page(""))

    steps = list(to_its_end(SCENARIOS[name], new_walk("http://shop.test/", "500084")))

    assert FAIL in {step.verdict for step in steps}


def test_a_crash_in_a_scenario_is_a_failed_step() -> None:
    def odd(walk: object) -> None:
        raise KeyError("data-date")

    (step,) = to_its_end(odd, new_walk("http://shop.test/", "500084"))

    assert (step.verdict, step.seen) == (FAIL, "KeyError('data-date')")


def test_every_walk_has_customers_of_its_own() -> None:
    one, two = (new_walk("http://shop.test/", "500084") for _ in range(2))
    people = [one.shopper, one.stranger, two.shopper, two.stranger]

    assert len({person.email for person in people}) == 4
    assert len({id(person.browser.session) for person in people}) == 4


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("shop.test", False)],
)
def test_the_way_to_ones_own_computer_needs_no_proxy(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
