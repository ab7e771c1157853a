"""A file that holds a secret -> its text, refused where others can read it."""

from __future__ import annotations

import os
from pathlib import Path

from crawler.errors import WrongUse
from crawler.language import say


def private_text(file: Path, setting: str) -> str:
    """The text of `file`, which `setting` names. Raises: WrongUse when it is open to others or unusable."""
    try:
        if os.name == "posix" and file.stat().st_mode & 0o077:
            raise WrongUse(
                say(
                    f"{file} dapat dibaca orang lain; jalankan: chmod 600 {file}",
                    f"{file} can be read by others; run: chmod 600 {file}",
                )
            )
        return file.read_text(encoding="utf-8-sig").strip()
    except OSError as trouble:
        reason = trouble.strerror or type(trouble).__name__
    except UnicodeDecodeError:  # its own words show bytes of the secret
        reason = "UTF-8?"
    raise WrongUse(
        say(f"{setting} tidak dapat dibaca: {file}: {reason}", f"{setting} cannot be read: {file}: {reason}")
    )
