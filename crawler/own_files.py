"""The name of a file in a table of tayang.toml -> the file, which must lie in the workspace."""

from __future__ import annotations

from pathlib import Path

from crawler.language import say
from crawler.sections import Section


def file_in(section: Section, key: str, home: Path) -> Path | None:
    """The file named by `key`; None where nothing is written, or with a problem noted."""
    written = section.text(key)
    if not written:
        return None
    file = (home / written).resolve()
    if not file.is_relative_to(home.resolve()):
        section.wrong(key, say("harus berada di dalam ruang kerja", "must lie inside the workspace"))
    elif not file.is_file():
        section.wrong(key, say(f"berkas '{written}' tidak ada", f"there is no file '{written}'"))
    return file
