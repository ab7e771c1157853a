"""A report request -> its files in the folder asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from crawler.errors import WrongUse
from crawler.language import say
from crawler.problems import nearest
from queries.report.as_json import render_json
from queries.report.content import Content, content_of
from queries.report.explained import explanations_of, write_explanations
from queries.report.page import render_page
from queries.report.pdf import render_pdf
from queries.report.pictures import thumbnails_of
from queries.report.request import ReportRequest
from queries.report.workbook import render_workbook

FORMATS: Mapping[str, tuple[str, Callable[[Content], bytes]]] = {
    "html": ("index.html", render_page),
    "json": ("report.json", render_json),
    "pdf": ("report.pdf", render_pdf),
    "xlsx": ("report.xlsx", render_workbook),
}
_SHOWING = ("html", "pdf")  # formats with thumbnails


def write_report(request: ReportRequest) -> list[Path]:
    """Write the report in the formats asked for; the same request gives the same bytes.

    Returns the files written, without the pictures that they name. Raises: WrongUse for an unknown format.
    """
    for form in request.formats:
        if form not in FORMATS:
            raise WrongUse(_unknown(form))
    content = content_of(request)
    request.out.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(max_workers=1) as beside:
        # Processes beside make the thumbnails while what needs none of them is made.
        thumbnails = beside.submit(thumbnails_of, content) if "html" in request.formats else None
        written = _write_all(_with_explanations(content), request.formats, thumbnails)
    return [written[form] for form in request.formats]


def _with_explanations(content: Content) -> Content:
    """The content that names the pictures beside the page, now written."""
    pictures = explanations_of(content)
    write_explanations(content.request.out, pictures)
    return replace(content, explained={key: name for key, (name, _) in pictures.items()})


def _write_all(content: Content, formats: Sequence[str], thumbnails: Future[Any] | None) -> Mapping[str, Path]:
    """Each format by its name, those with thumbnails last."""
    written: dict[str, Path] = {}
    for form in sorted(dict.fromkeys(formats), key=_SHOWING.__contains__):
        if form in _SHOWING and thumbnails is not None:
            thumbnails.result()  # now they are there for the page, and most of them for the paper
        written[form] = _write(content.request.out, *FORMATS[form], content)
    return written


def _write(folder: Path, name: str, render: Callable[[Content], bytes], content: Content) -> Path:
    """Whole or not at all: a reader never sees half a report."""
    target, fresh = folder / name, folder / f".{name}.new"
    fresh.write_bytes(render(content))
    fresh.replace(target)
    return target


def _unknown(form: str) -> str:
    meant = nearest(form, FORMATS) or ", ".join(FORMATS)
    return say(f"Format laporan {form!r} tidak dikenal; maksudnya {meant}?",
               f"Unknown report format {form!r}; did you mean {meant}?")  # fmt: skip
