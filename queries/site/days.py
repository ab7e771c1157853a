"""The folders of daily reports -> the days that a public site may carry, and their files.

A report that shows what an agency handed in itself stays at home: personal submissions are not published.
PDF and XLSX go along where they were made of the same report.json, whose digest they name; an older one stays.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from markupsafe import escape

from queries.site.names import DAYS

PAGE, VALUES, PAPER, WORKBOOK = "index.html", "report.json", "report.pdf", "report.xlsx"
_PROPERTIES, _MOST_PROPERTIES = "docProps/core.xml", 1_000_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LINK = re.compile(r'href="([^"]+)"')
_PICTURE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\.jpg")


@dataclass(frozen=True, slots=True)
class Days:
    """`files`: by name within the site, where each lies; `left_out`: days whose report is not published.

    `outdated`: published days whose PDF or XLSX stays behind, since it tells another state than the page.
    """

    published: frozenset[date]
    files: Mapping[str, Path]
    left_out: tuple[date, ...]
    outdated: tuple[date, ...]

    def paper(self, day: date) -> str | None:
        """The name of a day's PDF within the site."""
        return self._named(paper_name(day))

    def workbook(self, day: date) -> str | None:
        """The name of a day's XLSX within the site."""
        return self._named(workbook_name(day))

    def _named(self, name: str) -> str | None:
        return name if name in self.files else None


def paper_name(day: date) -> str:
    """`hari/DAY/laporan-DAY.pdf`: a file that is saved keeps its day."""
    return f"{DAYS}/{day}/laporan-{day}.pdf"


def workbook_name(day: date) -> str:
    """`hari/DAY/laporan-DAY.xlsx`."""
    return f"{DAYS}/{day}/laporan-{day}.xlsx"


def read_days(reports: Path, ids: Set[str], addresses: Set[str]) -> Days:
    """All days under `reports`; `ids` and `addresses` are those of submissions."""
    folders = {day: folder for folder in _folders(reports) if (day := _day_of(folder.name))}
    written = {str(escape(address)) for address in addresses}
    allowed = {day for day, folder in folders.items() if _is_public(folder, ids, written)}
    left_out = tuple(sorted(folders.keys() - allowed))
    return _days({day: folders[day] for day in sorted(allowed)}, left_out)


def _days(folders: Mapping[date, Path], left_out: tuple[date, ...]) -> Days:
    files, outdated = dict[str, Path](), list[date]()
    for day, folder in folders.items():
        beside = _beside(day, folder)
        files |= {f"{DAYS}/{day}/{name}": path for name, path in _files(folder).items()}
        files |= {name: path for name, (path, is_same) in beside.items() if is_same}
        outdated += [] if all(is_same for _, is_same in beside.values()) else [day]
    return Days(frozenset(folders), files, left_out, tuple(outdated))


def _folders(reports: Path) -> list[Path]:
    """Those of days; a link could lead anywhere."""
    found = sorted(reports.iterdir()) if reports.is_dir() else []
    return [path for path in found if not path.is_symlink() and (path / PAGE).is_file()]


def _day_of(name: str) -> date | None:
    try:
        return date.fromisoformat(name) if _DAY.fullmatch(name) else None
    except ValueError:
        return None


def _is_public(folder: Path, ids: Set[str], addresses: Set[str]) -> bool:
    """Whether the report is known to show no submission: without its values nobody can tell."""
    try:
        told = json.loads((folder / VALUES).read_bytes())
        page = (folder / PAGE).read_text(encoding="utf-8")
        rests = any(_is_submitted(one, ids) for key in ("verdicts", "not_read") for one in told[key])
        rests = rests or any(_is_submitted(one, ids) for one in told.get("decisions", ()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return not rests and addresses.isdisjoint(_LINK.findall(page))


def _is_submitted(one: Mapping[str, Any], ids: Set[str]) -> bool:
    return one.get("grade") == "D" or one.get("post_id") in ids


def _files(folder: Path) -> dict[str, Path]:
    """The page, its values, and the pictures it links to."""
    pictures = sorted((folder / "explain").glob("*.jpg")) if not (folder / "explain").is_symlink() else []
    named = {PAGE: folder / PAGE, VALUES: folder / VALUES}
    named |= {f"explain/{path.name}": path for path in pictures if _PICTURE.fullmatch(path.name)}
    return {name: path for name, path in named.items() if path.is_file() and not path.is_symlink()}


def _beside(day: date, folder: Path) -> dict[str, tuple[Path, bool]]:
    """PDF and XLSX by name within the site: where each lies, and whether it was made of the report.json beside it."""
    digest = hashlib.sha256((folder / VALUES).read_bytes()).hexdigest().encode()
    found = {paper_name(day): (folder / PAPER, _of_paper), workbook_name(day): (folder / WORKBOOK, _of_workbook)}
    return {name: (path, digest in told(path)) for name, (path, told) in found.items()
            if path.is_file() and not path.is_symlink()}  # fmt: skip


def _of_paper(path: Path) -> bytes:
    """Where a PDF of ours names its source: its metadata are not compressed."""
    return path.read_bytes()


def _of_workbook(path: Path) -> bytes:
    """The same of a workbook; nothing of what is none."""
    try:
        with ZipFile(path) as book, book.open(_PROPERTIES) as told:
            return told.read(_MOST_PROPERTIES)
    except (BadZipFile, KeyError, OSError, ValueError, NotImplementedError, RuntimeError):
        return b""
