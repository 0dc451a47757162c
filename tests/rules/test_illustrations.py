"""Every product has a drawing of its own, and no code can ask for anything else."""

import re
from hashlib import sha256
from xml.etree import ElementTree

import pytest

from storefront.demo.shelves import CATEGORIES, GOODS
from storefront.illustrations import (
    IMAGES,
    OTHER,
    category_picture,
    photograph,
    picture_for,
    shared_picture,
)

FILES = sorted(IMAGES.glob("products/*.svg")) + sorted(IMAGES.glob("categories/*.svg"))
SVG = "{http://www.w3.org/2000/svg}"
DRAWN_WITH = {"svg", "g", "defs", "clipPath", "path", "circle", "ellipse", "use"}


def test_a_drawn_product_gets_its_own_picture_however_its_code_is_written() -> None:
    own = "img/products/tom-red-001.svg"
    assert picture_for("TOM-RED-001", "vegetables") == own
    assert picture_for(" tom-red-001 ", "no such category") == own


def test_an_unknown_product_gets_its_categorys_picture_or_the_neutral_one() -> None:
    assert picture_for("QUI-NEW-001", "fruits") == "img/categories/fruits.svg"
    assert picture_for("QUI-NEW-001", " Fruits ") == "img/categories/fruits.svg"
    assert picture_for("", "liters") == OTHER == "img/categories/other.svg"
    assert category_picture("dairy") == "img/categories/dairy.svg"


@pytest.mark.parametrize(
    "hostile",
    [
        "../../settings",
        "..",
        "/etc/passwd",
        "tom-red-001.svg",
        "tom-red-001/../../x",
        "products/tom-red-001",
        "https://elsewhere.example/x.svg",
        "javascript:alert(1)",
        '"><img src=x>',
        "tom-red-001\x00",
        "TOM-RED-001?x",
        "%2e%2e",
        "\u202etom",
        "x" * 10_000,
    ],
)
def test_no_code_or_category_becomes_a_path(hostile: str) -> None:
    assert picture_for(hostile, hostile) == OTHER
    assert category_picture(hostile) == OTHER


def test_every_product_and_category_of_the_demo_shop_is_drawn_and_nothing_else() -> (
    None
):
    wanted = {picture_for(good.code, "") for good in GOODS}
    wanted |= {category_picture(category.key) for category in CATEGORIES}
    assert len(wanted) == len(GOODS) + len(CATEGORIES)
    static = IMAGES.parent
    there = {file.relative_to(static).as_posix() for file in FILES}
    assert there == wanted | {OTHER}


def test_no_two_drawings_are_the_same() -> None:
    assert len({sha256(file.read_bytes()).digest() for file in FILES}) == len(FILES)


@pytest.mark.parametrize(
    "address",
    [
        "https://pictures.example/t.jpg",
        "https://Pictures.Example/t.jpg?a=1&b=2#x",
        "https://other.example:8443/",
    ],
)
def test_a_photograph_is_shown_from_an_allowed_host(address: str) -> None:
    assert photograph(address, ["pictures.example", "other.example:8443"]) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "t.jpg",
        "/media/t.jpg",
        "//pictures.example/t.jpg",
        "http://pictures.example/t.jpg",
        "ftp://pictures.example/t.jpg",
        "javascript:alert(1)",
        "data:image/svg+xml,<svg>",
        "https://elsewhere.example/t.jpg",
        "https://pictures.example.elsewhere.example/t.jpg",
        "https://sub.pictures.example/t.jpg",
        "https://pictures.example:8443/t.jpg",
        "https://me@pictures.example/t.jpg",
        "https://pictures.example@elsewhere.example/t.jpg",
        "https://[pictures.example/t.jpg",
        "https:pictures.example/t.jpg",
    ],
)
def test_a_photograph_from_anywhere_else_is_not(address: str) -> None:
    assert photograph(address, ["pictures.example"]) == ""


def test_every_category_has_a_picture_for_messengers() -> None:
    for category in CATEGORIES:
        file = IMAGES.parent / shared_picture(category.key)
        assert file.read_bytes().startswith(b"\x89PNG"), category.key
        assert file.stat().st_size < 30_000
    for hostile in ("../shop", "", "fruits.png", "fruits\x00"):
        assert shared_picture(hostile) == "img/share/shop.png"


@pytest.mark.parametrize("folder", ["products", "categories"])
def test_drawings_are_small_plain_and_ask_for_nothing_from_elsewhere(
    folder: str,
) -> None:
    for file in sorted((IMAGES / folder).glob("*.svg")):
        text = file.read_text("utf-8")
        assert len(text.encode()) < 3072, file.name
        root = ElementTree.fromstring(text)
        assert root.get("viewBox") == "0 0 160 160", file.name
        for element in root.iter():
            assert element.tag.removeprefix(SVG) in DRAWN_WITH, file.name
            for name, value in element.attrib.items():
                assert name != "style", file.name
                assert not name.startswith("on"), file.name
                if name == "href":
                    assert value.startswith("#"), file.name


def test_what_a_drawing_uses_again_it_has_defined_once() -> None:
    for file in FILES:
        text = file.read_text("utf-8")
        made = re.findall(r' id="([^"]+)"', text)
        used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', text))
        assert used == set(made), file.name
        assert len(made) == len(used), f"{file.name} names two things alike"
