"""The folders of daily reports -> the days that a public site may carry, and their files.

A report that shows what an agency handed in itself stays at home: personal submissions are not published.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from markupsafe import escape

from queries.site.names import DAYS

PAGE, VALUES = "index.html", "report.json"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LINK = re.compile(r'href="([^"]+)"')
_PICTURE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\.jpg")


@dataclass(frozen=True, slots=True)
class Days:
    """`files`: by name within the site, where each lies; `left_out`: days whose report is not published."""

    published: frozenset[date]
    files: Mapping[str, Path]
    left_out: tuple[date, ...]


def read_days(reports: Path, ids: Set[str], addresses: Set[str]) -> Days:
    """All days under `reports`; `ids` and `addresses` are those of submissions."""
    folders = {day: folder for folder in _folders(reports) if (day := _day_of(folder.name))}
    written = {str(escape(address)) for address in addresses}
    allowed = {day for day, folder in folders.items() if _is_public(folder, ids, written)}
    files = {f"{DAYS}/{day}/{name}": path for day in sorted(allowed) for name, path in _files(folders[day]).items()}
    return Days(frozenset(allowed), files, tuple(sorted(folders.keys() - allowed)))


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
