"""A page with all pictures side by side, to look them through."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

STYLE = """
body { margin: 16px; font: 14px system-ui, sans-serif; background: #777; color: #fff }
section { margin-block-end: 32px } h2 { margin-block: 0 8px }
.row { display: flex; gap: 12px; overflow-x: auto; align-items: start }
figure { margin: 0; flex: none } img { display: block; background: #fff }
figcaption { padding-block: 4px } a { color: inherit }
"""
THUMB = 0.4  # of the picture's own width


@dataclass(frozen=True)
class Picture:
    view: str
    width: int
    theme: str
    language: str

    @property
    def file(self) -> str:
        return f"{self.view}-{self.width}-{self.theme}-{self.language}.jpg"


def write(folder: Path, pictures: Iterable[Picture]) -> Path:
    """One row for each page."""
    rows: dict[str, list[Picture]] = {}
    for one in pictures:
        rows.setdefault(one.view, []).append(one)
    found = [
        f"<title>Gallery</title><style>{STYLE}</style><h1>Gallery</h1>",
        "<p>" + " · ".join(f"<a href='#{v}'>{escape(v)}</a>" for v in rows),
    ]
    for view, row in rows.items():
        found.append(f"<section id='{view}'><h2>{escape(view)}</h2><div class='row'>")
        found.extend(
            f"<figure><a href='{one.file}'><img src='{one.file}' loading='lazy' "
            f"width='{int(one.width * THUMB)}'></a><figcaption>"
            f"{one.width} {one.theme} {one.language}</figcaption></figure>"
            for one in sorted(row, key=lambda one: (one.width, one.theme, one.language))
        )
        found.append("</div></section>")
    index = folder / "index.html"
    index.write_text("<!doctype html><meta charset='utf-8'>" + "\n".join(found))
    return index
