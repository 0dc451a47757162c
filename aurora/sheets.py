"""One style sheet for browsers, though it is written as many."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/site.css"
IMPORT = re.compile(r'^@import "(\w+\.css)";$', re.MULTILINE)


def imported() -> list[str]:
    """The sheets that ``site.css`` is made of, by name."""
    found = finders.find(SHEET)
    text = Path(found).read_text("utf-8") if isinstance(found, str) else ""
    return [f"css/{name}" for name in IMPORT.findall(text)]


class OneSheet(CompressedManifestStaticFilesStorage):
    """Puts what ``site.css`` imports in its place when files are collected: on a slow
    line every further file is a further wait before anything is to be seen."""

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        if SHEET in paths and not dry_run:
            whole = IMPORT.sub(lambda found: self._text(f"css/{found[1]}"),
                               self._text(SHEET))  # fmt: skip
            self.delete(SHEET)
            self._save(SHEET, ContentFile(whole.encode()))
            paths = {**paths, SHEET: (self, SHEET)}
        yield from super().post_process(paths, dry_run, **options)

    def _text(self, name: str) -> str:
        with self.open(name) as file:
            return bytes(file.read()).decode()
