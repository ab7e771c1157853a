"""What DuckDB raises -> whether the file is damaged or the disk is at fault, and the sentence that says so."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from crawler.language import say

_OF_THE_FILE = {"IOException", "InternalException", "FatalException", "SerializationException"}  # DuckDB's own
OF_THE_DISK = (errno.ENOSPC, errno.EROFS, errno.EDQUOT)


def tells_damage(error: Exception) -> bool:
    """Whether the file, not the statement, is at fault; a failed checksum comes as a bare Error."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    return bool(kinds & _OF_THE_FILE) or str(error).startswith("Corrupt database file")


def raise_for_disk(error: Exception, path: Path) -> None:
    """Raises: OSError, as any other file would, where not the store is at fault but the disk it lies on."""
    for number in OF_THE_DISK:
        if os.strerror(number).lower() in str(error).lower():
            raise OSError(number, os.strerror(number), str(path)) from error


def damaged(name: str, error: Exception) -> str:
    """The sentence about a store that cannot be read; of DuckDB's own words the first line, not its stack."""
    why = str(error).partition("\n")[0]
    return say(
        f"{name} tidak dapat dibaca; pulihkan dari cadangan, atau jalankan `tayang rebuild` ({why})",
        f"{name} cannot be read; restore it from a backup, or run `tayang rebuild` ({why})",
    )


def busy(name: str) -> str:
    """The sentence about a store that another program holds."""
    return say(
        f"{name} sedang dibuka program lain; tutup program itu lalu jalankan lagi",
        f"{name} is held open by another program; close it and run again",
    )
