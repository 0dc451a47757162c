"""The style sheets become one file, in the order in which they were meant."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings as shop
from django.core.management import call_command

from aurora.sheets import IMPORT

CSS = Path(shop.BASE_DIR) / "static" / "css"


def test_every_sheet_is_imported_once_the_layers_order_first() -> None:
    named = IMPORT.findall((CSS / "site.css").read_text())
    assert named[0] == "tokens.css"
    assert sorted(named) == sorted(
        path.name for path in CSS.glob("*.css") if path.name != "site.css"
    )


def test_browsers_get_one_sheet_that_is_all_of_them(
    settings: Any, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = shop.STORAGES | {
        "staticfiles": {"BACKEND": "aurora.sheets.OneSheet"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)

    (sheet,) = tmp_path.glob("css/site.????????????.css")
    text, parts = sheet.read_text(), IMPORT.findall((CSS / "site.css").read_text())
    assert "@import" not in text
    bare = re.sub(r"url\([^)]*\)", "", text)  # addresses carry names of their own
    places = [
        bare.index(re.sub(r"url\([^)]*\)", "", (CSS / name).read_text()))
        for name in parts
    ]
    assert places == sorted(places)
    for packed in (".gz", ".br"):
        assert sheet.with_name(sheet.name + packed).exists()
