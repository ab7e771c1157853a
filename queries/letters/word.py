"""The python-docx package, asked for only where a DOCX is made, and files of Word with the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from crawler.errors import WrongUse
from crawler.language import say

if TYPE_CHECKING:
    from docx.document import Document

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # a zip file knows no earlier


def open_document(template: bytes | None = None) -> Document:
    """A Word document; an empty one without template. Raises: WrongUse where python-docx is not installed."""
    return _docx()(None if template is None else io.BytesIO(template))  # type: ignore[no-any-return]


def saved(document: Document, title: str, author: str, as_of: datetime) -> bytes:
    """The document's file, which bears `as_of` and no other time."""
    at = max(as_of.astimezone(UTC), EARLIEST).replace(microsecond=0)
    bare = at.replace(tzinfo=None)
    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.comments = title[:255], author[:255], author[:255], ""
    core.created, core.modified, core.last_printed, core.revision = bare, bare, bare, 1
    written = io.BytesIO()
    document.save(written)
    return _stamped(written.getvalue(), at)


def _stamped(file: bytes, at: datetime) -> bytes:
    """The same zip with one time on every part."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as read, zipfile.ZipFile(written, "w") as fresh:
        for name in read.namelist():
            part = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
            part.compress_type, part.create_system, part.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            fresh.writestr(part, read.read(name))
    return written.getvalue()


def _docx() -> Callable[..., Any]:
    try:
        from docx import Document
    except ImportError as absent:
        raise WrongUse(
            say("DOCX memerlukan python-docx; pasang dengan pip install 'tayang[letters]'",
                "a DOCX needs python-docx; install it with pip install 'tayang[letters]'")
        ) from absent  # fmt: skip
    return Document
