"""Ledger lines of time stamps -> whether each confirms the seal of the line it names.

The file's bytes are checked like all others; here stands what they say. Without the extra that verifies, the number of
stamps is told, and how to check the newest by hand.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.errors import Unreadable
from crawler.language import say
from pipelines.audit.damage import Damage, Found
from pipelines.stamp_token import command_of, is_installed, verified
from pipelines.timestamps import TIMESTAMP

Line = Mapping[str, Any]
_FAR = 1000  # lines between a stamp and what it confirms: the run that asks for it holds the lock


class Stamps:
    """The stamps of one ledger while it is read, line by line."""

    def __init__(self, home: Path, found: Found) -> None:
        self._home, self._found = home, found
        self._seals: OrderedDict[int, str] = OrderedDict()
        self._is_able = is_installed()
        self._unchecked: dict[str, Line] = {}
        self._count = 0

    def take(self, line: Line) -> None:
        """One line; `seq` and `hash` are remembered for the stamps that follow."""
        if line["kind"] == TIMESTAMP:
            self._check(line)
        self._seals[line["seq"]] = str(line.get("hash"))
        if len(self._seals) > _FAR:
            self._seals.popitem(last=False)

    def end(self) -> None:
        """Tell of stamps that nobody here could verify."""
        if self._unchecked:
            newest = list(self._unchecked.values())[-1]
            how = command_of(newest["content"], newest["path"])
            self._found.notes.append(say(
                f"{self._count} cap waktu belum diperiksa: pip install 'tayang[timestamps]', atau {how}",
                f"{self._count} time stamps were not verified: pip install 'tayang[timestamps]', or {how}",
            ))  # fmt: skip

    def _check(self, line: Line) -> None:
        try:
            content = line["content"]
            if self._seals.get(content["seq"]) != content["hash"]:
                self._fail(line, f"confirms another seal than that of seq {content['seq']}")
            elif self._is_able:
                self._verify(line, content)
            else:
                self._unchecked[content["authority"]] = line
                self._count += 1
        except (KeyError, TypeError, ValueError, AttributeError) as oddity:
            self._fail(line, f"{type(oddity).__name__} {oddity}")

    def _verify(self, line: Line, content: Mapping[str, Any]) -> None:
        try:
            answer, roots = (self._bytes_of(path) for path in (line["path"], content["roots"]))
        except OSError:
            return  # a file that is not there is told where all files are checked
        try:
            at = verified(answer, content["hash"], roots)
        except Unreadable as why:
            self._fail(line, f"does not hold: {why}")
            return
        if at != datetime.fromisoformat(content["stamped_at"]):
            self._fail(line, f"was given at {at.isoformat()}, not when its line says")

    def _bytes_of(self, path: str) -> bytes:
        if path.startswith("/") or ".." in path.split("/"):
            raise ValueError(path)
        return (self._home / path).read_bytes()

    def _fail(self, line: Line, why: str) -> None:
        text = f"seq {line['seq']}: {line.get('path')}: time stamp {why}"
        self._found.add(Damage(text, sha256=str(line.get("sha256", "")), seq=line["seq"]), "stamps")
