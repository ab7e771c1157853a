"""Statements about kept bytes -> an append-only file in which each line seals all before it.

One JSON object a line, keys sorted. `hash` is the SHA-256 of the line without it, and `prev` is
the hash of the line before (64 zeros for the first): no line can be changed, removed or moved
without breaking every later one.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from io import FileIO
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, BinaryIO

from crawler.errors import StoreDamaged
from crawler.language import say

GENESIS = "0" * 64
_TAIL_BYTES = 1 << 16


class Ledger:
    """The writer of one ledger file; lines are held until `commit`. `seq` is the last one given.

    Raises: StoreDamaged when its last line cannot be continued, its first is not the first, or when somebody else wrote
    or deleted since.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._waiting: list[dict[str, Any]] = []
        self.seq, self._prev, self._end = _mend(path)

    def add(self, statement: Mapping[str, Any]) -> None:
        """Seal one statement after all earlier ones; on disk only after `commit`."""
        self.seq += 1
        line = sealed({**statement, "seq": self.seq, "prev": self._prev})
        self._prev = line["hash"]
        self._waiting.append(line)

    def commit(self) -> list[dict[str, Any]]:
        """Write and fsync the waiting lines; return them. What a full disk refuses goes on waiting, whole."""
        if self._waiting:
            self._append(b"".join(_encode(line) for line in self._waiting))
        lines, self._waiting = self._waiting, []
        return lines

    def _append(self, lines: bytes) -> None:
        """All of it, durable, or nothing: half a line would break the chain for those that follow."""
        with self.path.open("ab", buffering=0) as stream:
            if stream.seek(0, os.SEEK_END) != self._end:
                raise StoreDamaged(say(f"{self.path.name}: diubah atau dihapus selagi putaran berjalan",
                                       f"{self.path.name}: changed or deleted while the run was at work"))  # fmt: skip
            append_whole(stream, lines, is_durable=True)
        self._end += len(lines)


def append_whole(stream: FileIO, body: bytes, is_durable: bool = False) -> int:
    """Write all of it at the end of an unbuffered file, or nothing; returns where it begins. Raises: OSError."""
    before = stream.seek(0, os.SEEK_END)
    try:
        rest = memoryview(body)
        while rest:
            rest = rest[stream.write(rest) or 0 :]
        if is_durable:
            os.fsync(stream.fileno())
    except OSError:
        stream.truncate(before)
        raise
    return before


def sealed(statement: Mapping[str, Any]) -> dict[str, Any]:
    """The statement with its `hash`."""
    return {**statement, "hash": hashlib.sha256(_canonical(statement)).hexdigest()}


def sealed_bytes(line: Mapping[str, Any]) -> bytes:
    """The bytes whose SHA-256 a line's `hash` is: the line without it."""
    return _canonical({key: value for key, value in line.items() if key != "hash"})


def last_line(path: Path) -> dict[str, Any] | None:
    """The newest whole line; None of an empty ledger. Raises: ValueError where it is not what `Ledger` writes."""
    if not path.exists():
        return None
    with path.open("rb") as stream:
        tail = _tail(stream, path.stat().st_size)
    whole = tail[: tail.rfind(b"\n") + 1].splitlines(keepends=True)
    return decode_line(whole[-1], 0) if whole else None


def read_lines(path: Path, after: int = 0) -> Iterator[dict[str, Any]]:
    """All lines with `seq` above `after`, as written; stops before a torn last line.

    Raises: ValueError where a line is not what `Ledger` writes, to the byte.
    """
    if not path.exists():
        return
    with path.open("rb") as stream:
        for number, raw in enumerate(stream, 1):
            if not raw.endswith(b"\n"):
                return
            line = decode_line(raw, number)
            if line["seq"] > after:
                yield line


def lines_of_kind(path: Path, kind: str) -> Iterator[dict[str, Any]]:
    """The whole lines of one kind; only they are decoded. One that is not as it was sealed is the audit's to tell."""
    mark = f'"kind":"{kind}"'.encode()
    if not path.exists() or not path.stat().st_size:
        return
    with path.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as whole:
        at = whole.find(mark)
        while at >= 0 and (end := whole.find(b"\n", at) + 1):
            with suppress(ValueError):
                line = decode_line(whole[whole.rfind(b"\n", 0, at) + 1 : end], 0)
                if line.get("kind") == kind:
                    yield line
            at = whole.find(mark, end)


def broken_links(lines: Sequence[Mapping[str, Any]]) -> list[str]:
    """Every place where the chain does not hold, as `seq N: what`; [] when it holds."""
    found, prev = [], GENESIS
    for number, line in enumerate(lines, 1):
        unsealed = {key: value for key, value in line.items() if key != "hash"}
        if line.get("seq") != number:
            found.append(f"seq {line.get('seq')}: expected {number}")
        if line.get("prev") != prev:
            found.append(f"seq {number}: does not follow the line before it")
        if sealed(unsealed)["hash"] != line.get("hash"):
            found.append(f"seq {number}: content does not match its seal")
        prev = str(line.get("hash"))
    return found


def _mend(path: Path) -> tuple[int, str, int]:
    """Cut off a last line that a kill left torn, and return the last seq and hash, and where the file ends."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        return 0, GENESIS, 0
    size = path.stat().st_size
    with path.open("r+b") as stream:
        first, tail = stream.readline(), _tail(stream, size)
        whole = tail.rfind(b"\n") + 1
        if whole < len(tail):
            stream.truncate(size - len(tail) + whole)
    if not whole:
        return 0, GENESIS, 0
    try:
        if (number := decode_line(first, 1)["seq"]) != 1:
            raise ValueError(f"begins with seq {number}")
        last = decode_line(tail[:whole].splitlines(keepends=True)[-1], 0)
        return last["seq"], last["hash"], size - len(tail) + whole
    except (ValueError, KeyError) as error:
        raise StoreDamaged(f"{path.name}: {error}") from error


def _tail(stream: BinaryIO, size: int) -> bytes:
    """The end of the file: at least one whole line, or all of it."""
    length = _TAIL_BYTES
    while True:
        stream.seek(max(0, size - length))
        tail = stream.read()
        if tail.count(b"\n") > 1 or length >= size:
            return tail
        length *= 4


def decode_line(raw: bytes, number: int) -> dict[str, Any]:
    """One line as it was sealed, to the byte. Raises: ValueError, telling `number` (0 = the last)."""
    where = f"line {number}" if number else "last line"
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{where}: {error}") from error
    if not isinstance(line, dict) or not isinstance(line.get("seq"), int) or _encode(line) != raw:
        raise ValueError(f"{where}: not written as it was sealed")
    return line


def _canonical(statement: Mapping[str, Any]) -> bytes:
    return json.dumps(statement, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _encode(line: Mapping[str, Any]) -> bytes:
    return _canonical(line) + b"\n"
