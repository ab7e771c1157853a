"""Lines of the ledger -> their bytes checked on several cores, and what lies in `evidence/` that no line names."""

from __future__ import annotations

import os
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from crawler.errors import StoreDamaged
from crawler.language import say
from pipelines.audit.damage import Damage, Found
from pipelines.audit.records import Named, is_left_saying, opens_a_warc, why_not
from pipelines.deleting import NOTE, first_of, unfinished_from
from pipelines.deletions import Deletions
from pipelines.evidence import BEGUN, WARCINFO
from pipelines.sealed import IMPORT, RUN
from pipelines.timestamps import FOLDER

Line = Mapping[str, Any]
GROUP_BYTES = 4 << 20
GROUP_NAMED = 200
AHEAD = 8  # groups that wait: enough for every core, too few to fill memory
_TOP = "ledger.jsonl"


class Files:
    """The bytes of one `evidence/` folder while its ledger is read. Use as a context; `end` tells what is left."""

    def __init__(self, home: Path, found: Found, deletions: Deletions) -> None:
        """`deletions`: of the whole ledger, for a line is answered by one that comes later."""
        self._home, self._found, self._deletions = home, found, deletions
        self._unfinished = unfinished_from(home, deletions)
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1)
        self._running: deque[Future[list[tuple[Named, str]]]] = deque()
        self._group: list[Named] = []
        self._waiting = 0
        self._ends: dict[str, list[list[int]]] = defaultdict(list)  # merged spans that lines name, by WARC file
        self._paths: set[str] = set()
        self._gone: dict[str, int] = {}  # and the line that deletes them
        self._payloads: set[bytes] = set()
        self._begun: set[str] = set()
        self._ended: set[str] = set()

    def __enter__(self) -> Files:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def take(self, line: Line) -> None:
        """One line: its bytes wait to be checked, and its run began or ended."""
        named = self._named(line)
        if named:
            self._queue(named, int(line.get("bytes") or line.get("warc_bytes") or 0))
        if line["kind"] == BEGUN or "url" in line:
            self._begun.add(line["run_id"])
        elif line["kind"] in (RUN, IMPORT):
            self._ended.add(line["run_id"])

    def end(self) -> None:
        """Wait for what runs, then look for bytes that no line names."""
        self._submit()
        while self._running:
            self._tell(self._running.popleft())
        for path in sorted(self._on_disk()):
            self._check_named(path)
        self._tell_links()

    def _named(self, line: Line) -> Named | None:
        try:
            return self._of_warc(line) if "warc_file" in line else self._of_file(line) if "path" in line else None
        except (KeyError, TypeError, ValueError):
            self._found.add(Damage(f"seq {line['seq']}: names its bytes otherwise than Tayang does", seq=line["seq"]))
            return None

    def _of_warc(self, line: Line) -> Named:
        payload = line.get("sha256", "") if line["kind"] != WARCINFO else ""
        key, is_deleted = bytes.fromhex(payload), self._deletions.covers(line)
        named = Named(line["seq"], f"evidence/{_plain(line['warc_file'])}", line["warc_sha256"], line["warc_offset"],
                      line["warc_bytes"], payload, key in self._payloads)  # fmt: skip
        if is_deleted:  # what refers to it later must find it written again
            self._found.delete(line["warc_bytes"])
            filler, since = str(self._deletions.expected(line)), self._deletions.payloads.get(payload, 0)
            named = replace(named, filler=filler, is_under_way=since >= self._unfinished)
        else:
            self._payloads.add(key)
        _merge(self._ends[named.path], named.offset, named.offset + named.length)
        return named

    def _of_file(self, line: Line) -> Named | None:
        named = Named(line["seq"], _plain(line["path"]), line["sha256"], payload=line["sha256"])
        if self._deletions.covers(line):
            if named.path not in self._gone:
                self._found.delete(int(line.get("bytes", 0)))
            self._gone[named.path] = self._deletions.payloads[named.sha256]
            return None  # one that is there all the same must be named again by a later line
        if named.path in self._paths and Path(named.path).name.startswith(named.sha256):
            return None  # the same picture again
        self._paths.add(named.path)
        return named

    def _queue(self, named: Named, size: int) -> None:
        self._group.append(named)
        self._waiting += size
        if len(self._group) >= GROUP_NAMED or self._waiting >= GROUP_BYTES:
            self._submit()

    def _submit(self) -> None:
        if self._group:
            self._running.append(self._pool.submit(why_not, self._home, self._group))
            self._group, self._waiting = [], 0
        while len(self._running) > AHEAD:
            self._tell(self._running.popleft())

    def _tell(self, done: Future[list[tuple[Named, str]]]) -> None:
        for named, problem in done.result():
            text = f"seq {named.seq}: {named.path}: {problem}"
            self._found.add(Damage(text, sha256=named.payload, seq=named.seq), "bytes")

    def _on_disk(self) -> Iterator[str]:
        folder = self._home / "evidence"
        for place, folders, names in os.walk(folder):
            links = [name for name in folders if (Path(place) / name).is_symlink()]
            for name in (*names, *links):
                path = Path(place) / name
                if path != folder / _TOP:
                    yield path.relative_to(self._home).as_posix()

    def _tell_links(self) -> None:
        """Whole evidence on another disk is lawful; that it lies elsewhere is worth a word."""
        for path in ("evidence", f"evidence/{_TOP}"):
            if (self._home / path).is_symlink():
                place = (self._home / path).resolve()
                self._found.notes.append(say(f"{path}: tautan ke {place}; diperiksa di sana",
                                             f"{path}: a link to {place}; checked there"))  # fmt: skip

    def _check_named(self, path: str) -> None:
        full = self._home / path
        size = full.lstat().st_size
        self._found.bytes += size
        if full.is_symlink():
            text = say(f"{path}: tautan, bukan berkas", f"{path}: a link, not a file")
            self._found.add(Damage(text), "file")
        elif path in self._ends:
            self._check_gaps(path, size)
        elif path not in self._paths and not self._tells_of_deleting(path):
            self._unnamed(path, size)

    def _tells_of_deleting(self, path: str) -> bool:
        """The note of a deletion that a kill cut off, and files that it had not come to."""
        if path != f"evidence/{NOTE}":
            return self._gone.get(path, -1) >= self._unfinished
        try:
            first_of(self._home)
        except StoreDamaged as odd:
            self._found.add(Damage(str(odd)), "file")
        else:
            self._found.notes.append(say("penghapusan terhenti; putaran berikut menyelesaikannya",
                                         "a deletion was cut off; the next run finishes it"))  # fmt: skip
        return True

    def _check_gaps(self, path: str, size: int) -> None:
        """What lies between and behind the named ranges of a WARC file."""
        spans, reached = sorted(self._ends[path]), 0
        run_id = Path(path).name.removesuffix(".warc.gz")
        for start, end in [*spans, [size, size]]:
            if start > reached and not self._is_opening(path, reached, start):
                self._tell_gap(path, reached, start, start == size and run_id in self._killed())
            reached = max(reached, end)

    def _is_opening(self, path: str, start: int, end: int) -> bool:
        """Of before the opening record was sealed too: it alone may stand there, to its last byte."""
        with (self._home / path).open("rb") as stream:
            return start == 0 and opens_a_warc(stream.read(end))

    def _tell_gap(self, path: str, start: int, end: int, is_torn: bool) -> None:
        where = f"{path}: {start}–{end}"
        if is_torn:
            self._found.notes.append(say(
                f"{where}: sisa putaran yang terhenti; tidak ada pernyataan yang bersandar padanya",
                f"{where}: left by a run that was killed; no statement rests on it",
            ))  # fmt: skip
        else:
            self._found.add(Damage(say(f"{where}: bita yang tidak disebut buku besar",
                                       f"{where}: bytes that no line of the ledger names")), "gap")  # fmt: skip

    def _unnamed(self, path: str, size: int) -> None:
        if self._is_of_kill(path):
            self._tell_gap(path, 0, size, True)
        else:
            self._stranger(path)

    def _is_of_kill(self, path: str) -> bool:
        """Whether a kill can have left it: bytes come before their line."""
        if path.startswith("evidence/warc/"):
            return Path(path).name.removesuffix(".warc.gz") in self._killed()
        if path.startswith(("evidence/said/", f"evidence/{FOLDER}/")):
            return is_left_saying(self._home / path)
        return bool(self._killed() and path.startswith("evidence/media/"))

    def _stranger(self, path: str) -> None:
        text = say(f"{path}: tidak disebut buku besar", f"{path}: no line of the ledger names it")
        self._found.add(Damage(text), "file")

    def _killed(self) -> set[str]:
        return self._begun - self._ended


def _plain(path: str) -> str:
    """A path below the workspace, as Tayang writes it. Raises: ValueError for one that leads elsewhere."""
    if path.startswith("/") or "\\" in path or ".." in path.split("/"):
        raise ValueError(path)
    return path


def _merge(spans: list[list[int]], start: int, end: int) -> None:
    if spans and spans[-1][1] == start:
        spans[-1][1] = end
    else:
        spans.append([start, end])

