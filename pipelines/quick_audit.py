"""The end of the ledger -> what does not hold in it, or in the bytes it names last: seconds instead of minutes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipelines.deletions import Deletions
from pipelines.ledger import sealed

NEWEST = 200  # entries whose bytes are read again
TAIL_BYTES = 1 << 20


def newest_entries(home: Path, most: int = NEWEST) -> list[dict[str, Any]]:
    """The last whole lines of the ledger; [] where there is none. Changes nothing. Raises: ValueError."""
    path = home / "evidence" / "ledger.jsonl"
    if not path.exists():
        return []
    with path.open("rb") as stream:
        start = max(0, path.stat().st_size - TAIL_BYTES)
        stream.seek(start)
        whole = stream.read().rpartition(b"\n")[0].split(b"\n")
    return [json.loads(raw) for raw in whole[1 if start else 0 :] if raw][-most:]


def problems_of(home: Path, entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """Every place where the chain of these entries, or the bytes they name, do not hold."""
    deletions = Deletions.of(entries)  # a line's deletion comes after it
    found = [f"seq {one.get('seq')}" for one in entries if not _is_sealed(one)]
    found += [f"seq {later.get('seq')}" for earlier, later in pairwise(entries) if later.get("prev") != earlier["hash"]]
    return [*found, *(f"seq {one.get('seq')}: {place}" for one in entries
              if (place := _wrong_place(home, one, deletions)))]


def _is_sealed(entry: Mapping[str, Any]) -> bool:
    unsealed = {key: value for key, value in entry.items() if key != "hash"}
    return bool(sealed(unsealed)["hash"] == entry.get("hash"))


def _wrong_place(home: Path, entry: Mapping[str, Any], deletions: Deletions) -> str | None:
    """The file that does not hold what the entry says, or None."""
    try:
        if "warc_file" in entry:
            with (home / "evidence" / entry["warc_file"]).open("rb") as stream:
                stream.seek(entry["warc_offset"])
                body = stream.read(entry["warc_bytes"])
            return None if hashlib.sha256(body).hexdigest() == deletions.expected(entry) else str(entry["warc_file"])
        if "path" in entry and not deletions.covers(entry):
            with (home / entry["path"]).open("rb") as stream:
                held = hashlib.file_digest(stream, "sha256").hexdigest() == entry["sha256"]
            return None if held else str(entry["path"])
    except OSError as error:
        return f"{error.filename}: {error.strerror}"
    return None
