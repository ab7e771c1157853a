"""The folder `evidence/` of a workspace -> what in it holds and what does not. Offline, nothing to install.

    python3 periksa_bukti.py EVIDENCE [--en] [--head SEQ:HASH]

It needs Python 3.8 or newer and nothing else. It only reads. It shares no line of code with `tayang audit`: two
programs that find the same are harder to doubt than one. The store it does not know; `tayang audit` compares that.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
import zlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    Line = dict[str, Any]

GENESIS = "0" * 64
CHUNK = 1 << 20
MAX_HEAD = 1 << 20
MAX_UNPACKED = 1 << 32


class Checked:
    """What was read so far: named spans and files, payloads, runs that began and ended; and what is wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wrong: list[tuple[str, str]] = []
        self.notes: list[str] = []
        self.spans: dict[str, list[tuple[int, int]]] = {}
        self.files: set[str] = set()
        self.payloads: set[str] = set()
        self.begun: set[str] = set()
        self.ended: set[str] = set()
        self.seals: dict[int, str] = {}
        self.fillers: dict[tuple[str, int], str] = {}
        self.deleted: dict[str, int] = {}
        self.deleted_count = 0
        self.stamps: dict[str, str] = {}

    def fail(self, where: str, what: str) -> None:
        """`where`: a path below the folder, or `ledger.jsonl`."""
        self.wrong.append((where, what))


def canonical(line: Line) -> bytes:
    """The bytes that are sealed."""
    return json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def check(folder: Path) -> Checked:
    """Read the ledger and all that it names, then look for what it does not name."""
    done = Checked(folder)
    learn_deletions(done)
    for line in lines_of(done):
        try:
            take(done, line)
        except (KeyError, TypeError, ValueError) as oddity:
            done.fail("ledger.jsonl", f"seq {line.get('seq')}: {oddity!a}")
    for path in sorted(on_disk(folder)):
        check_named(done, path)
    return done


def learn_deletions(done: Checked) -> None:
    """What later lines say was deleted on purpose: payloads, and what stands in ranges since."""
    with (done.folder / "ledger.jsonl").open("rb") as stream:
        for raw in stream:
            line = read_line(raw) if b'"kind":"deletion"' in raw else None
            if line is None or line["kind"] != "deletion":
                continue
            content = line["content"]
            done.deleted[content["sha256"]] = line["seq"]
            for one in content["ranges"]:
                done.fillers[(one["warc_file"], one["warc_offset"])] = one["filler_sha256"]


def lines_of(done: Checked) -> Iterator[Line]:
    """Every line that can be read, checked against its seal, its place and the one before."""
    prev, seq = GENESIS, 0
    with (done.folder / "ledger.jsonl").open("rb") as stream:
        for raw in stream:
            if not raw.endswith(b"\n"):
                done.notes.append(f"ledger.jsonl: torn end ({len(raw)} bytes)")
                return
            seq += 1
            line = read_line(raw)
            if line is None:
                done.fail("ledger.jsonl", f"line {seq} is not written as it was sealed")
                prev = ""
                continue
            bare = {key: value for key, value in line.items() if key != "hash"}
            is_sealed = hashlib.sha256(canonical(bare)).hexdigest() == line.get("hash")
            if line.get("seq") != seq or not is_sealed or (prev and line.get("prev") != prev):
                done.fail("ledger.jsonl", f"line {seq} breaks the chain")
            seq, prev = int(line["seq"]), str(line.get("hash"))
            done.seals[seq] = prev
            yield line


def read_line(raw: bytes) -> Line | None:
    """A line to the byte as it was sealed, else None."""
    try:
        line = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    is_whole = isinstance(line, dict) and isinstance(line.get("seq"), int) and canonical(line) + b"\n" == raw
    return line if is_whole else None


def take(done: Checked, line: Line) -> None:
    """What one line names, and whether it began or ended a run."""
    if "warc_file" in line:
        check_range(done, line)
    elif "path" in line:
        check_file(done, line)
    if line["kind"] == "timestamp":
        check_stamp(done, line)
    if line["kind"] == "begun" or "url" in line:
        done.begun.add(line["run_id"])
    elif line["kind"] in ("run", "import_of"):
        done.ended.add(line["run_id"])


def plain(path: str) -> str:
    """A path that stays inside the folder. Raises: ValueError."""
    if path.startswith("/") or "\\" in path or ".." in path.split("/"):
        raise ValueError(path)
    return path


def check_file(done: Checked, line: Line) -> None:
    """A whole file by its digest; a picture that is named again is read once."""
    path = plain(line["path"])[len("evidence/") :]
    if done.deleted.get(line["sha256"], 0) > line["seq"]:
        done.deleted_count += 1
        return
    if path in done.files:
        return
    done.files.add(path)
    digest = hashlib.sha256()
    try:
        with (done.folder / path).open("rb") as stream:
            for piece in iter(lambda: stream.read(CHUNK), b""):
                digest.update(piece)
    except OSError as trouble:
        done.fail(path, f"seq {line['seq']}: {trouble.strerror}")
        return
    if digest.hexdigest() != line["sha256"]:
        done.fail(path, f"seq {line['seq']}: bytes differ")


def check_stamp(done: Checked, line: Line) -> None:
    """A time stamp as far as plain Python sees: it names an earlier seal, which is in the authority's answer.

    That the authority signed it, openssl tells: the newest of each authority is kept for the last words.
    """
    content, path = line["content"], plain(line["path"])
    answer = done.folder / path[len("evidence/") :]
    if not answer.is_file():
        return
    is_of_it = bytes.fromhex(content["hash"]) in answer.read_bytes()
    if done.seals.get(content["seq"]) != content["hash"] or not is_of_it:
        done.fail(path, f"seq {line['seq']}: the time stamp confirms another seal than that of seq {content['seq']}")
    at = int(datetime.fromisoformat(content["stamped_at"]).timestamp())
    done.stamps[content["authority"]] = (
        f"openssl ts -verify -digest {content['hash']} -in {path} -CAfile {plain(content['roots'])} -attime {at}"
    )


def check_range(done: Checked, line: Line) -> None:
    """A range of a WARC file by its digest, then what is packed in it."""
    path, offset, length = plain(line["warc_file"]), line["warc_offset"], line["warc_bytes"]
    done.spans.setdefault(path, []).append((offset, offset + length))
    payload, filler = line.get("sha256", ""), done.fillers.get((path, offset))
    try:
        with (done.folder / path).open("rb") as stream:
            stream.seek(offset)
            raw = stream.read(length)
    except OSError as trouble:
        done.fail(path, f"seq {line['seq']}: {trouble.strerror}")
        return
    if hashlib.sha256(raw).hexdigest() != (filler or line["warc_sha256"]):
        done.fail(path, f"seq {line['seq']}: bytes differ")
    elif filler:
        done.deleted_count += 1
        return
    elif payload and not holds(raw, payload, payload in done.payloads):
        done.fail(path, f"seq {line['seq']}: the record does not hold what its line names")
    done.payloads.add(payload)


def holds(raw: bytes, payload: str, was_named: bool) -> bool:
    """Whether the first record holds the payload, or refers to one that an earlier line names."""
    unpacker = zlib.decompressobj(31)
    try:
        text = unpacker.decompress(raw, MAX_UNPACKED)
    except zlib.error:
        return False
    head, _, rest = text.partition(b"\r\n\r\n")
    told = re.search(rb"\r\ncontent-length: *(\d{1,18})(?:\r\n|$)", head, re.IGNORECASE)
    kind = re.search(rb"\r\nWARC-Type: *([a-z]+)", head, re.IGNORECASE)
    if not unpacker.eof or not told or not kind or rest[int(told.group(1)) :] != b"\r\n\r\n":
        return False
    content = rest[: int(told.group(1))]
    if kind.group(1) == b"revisit":
        return was_named
    body = content.partition(b"\r\n\r\n")[2] if kind.group(1) == b"response" else content
    return hashlib.sha256(body).hexdigest() == payload


def on_disk(folder: Path) -> Iterator[str]:
    """Files and links below the folder, but for the ledger itself."""
    for place, folders, names in os.walk(str(folder)):
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        for name in names + links:
            path = (Path(place) / name).relative_to(folder).as_posix()
            if path != "ledger.jsonl":
                yield path


def check_named(done: Checked, path: str) -> None:
    """A file that no line names, or bytes of a WARC file that none does; what a kill left is only told."""
    full, killed = done.folder / path, done.begun - done.ended
    run_id = path.rsplit("/", 1)[-1].replace(".warc.gz", "")
    if path in done.spans and not full.is_symlink():
        check_gaps(done, path, full.stat().st_size, run_id in killed)
    elif path in done.files and not full.is_symlink():
        return
    elif full.is_symlink():
        done.fail(path, "a link, not a file")
    elif is_deletion(full, path) or is_left(done, path, killed):
        done.notes.append(f"{path}: left by a run that was killed")
    else:
        done.fail(path, "no line names it")


def is_deletion(full: Path, path: str) -> bool:
    """Whether it is the note of a deletion that a kill cut off, as Tayang writes it."""
    return path == "deleting.json" and bool(re.fullmatch(rb'\{"first_seq": [1-9]\d*\}', full.read_bytes()[:100]))


def is_left(done: Checked, path: str, killed: set[str]) -> bool:
    """Whether a kill can have left a file before its line was written."""
    name = path.rsplit("/", 1)[-1]
    if path.startswith(("said/", "timestamps/")):
        body = (done.folder / path).read_bytes()
        return name.startswith(".") or hashlib.sha256(body).hexdigest() == name.partition(".")[0]
    return name.replace(".warc.gz", "") in killed or bool(killed and path.startswith("media/"))


def check_gaps(done: Checked, path: str, size: int, is_torn: bool) -> None:
    """Between the named ranges of a WARC file, and behind the last."""
    reached = 0
    for start, end in [*sorted(done.spans[path]), (size, size)]:
        if start > reached and not (reached == 0 and opens_a_warc(done.folder / path, start)):
            if start == size and is_torn:
                done.notes.append(f"{path}: {reached}-{start} left by a run that was killed")
            else:
                done.fail(path, f"{reached}-{start}: no line names these bytes")
        reached = max(reached, end)


def opens_a_warc(path: Path, length: int) -> bool:
    """Of before the opening record was sealed too: one packed warcinfo record, to its last byte."""
    with path.open("rb") as stream:
        raw = stream.read(length)
    unpacker = zlib.decompressobj(31)
    try:
        text = unpacker.decompress(raw, MAX_HEAD)
    except zlib.error:
        return False
    is_whole = unpacker.eof and not unpacker.unused_data and raw[4:10] == b"\0\0\0\0\0\3"
    return is_whole and text.startswith(b"WARC/1.1\r\nWARC-Type: warcinfo\r\n")


def has_head(done: Checked, head: str) -> bool:
    """Whether the ledger still has the line of a printed seal; of its hash 16 letters are enough."""
    seq, _, seal = head.partition(":")
    return len(seal) >= 16 and seq.isdecimal() and done.seals.get(int(seq), "").startswith(seal)


def asides(done: Checked) -> list[str]:
    """What else is told at the end: how much was deleted on purpose, how openssl verifies the newest stamps."""
    deleted = f"{done.deleted_count}: deleted on purpose, each named by a line of kind deletion"
    stamped = [f"{authority}: {command}" for authority, command in sorted(done.stamps.items())]
    return ([deleted] if done.deleted_count else []) + stamped


def main(words: list[str] | None = None) -> int:
    """From the words on the command line to the exit code: 0 all holds, 1 it does not."""
    parser = argparse.ArgumentParser(description="Memeriksa folder bukti / checks a folder of evidence")
    parser.add_argument("evidence", type=Path, help="folder evidence/")
    parser.add_argument("--en", action="store_true", help="in English")
    parser.add_argument("--head", default="", metavar="SEQ:HASH", help="segel dari laporan / a seal from a report")
    asked = parser.parse_args(words)
    if not (asked.evidence / "ledger.jsonl").is_file():
        parser.error(f"ledger.jsonl tidak ada di / is not in: {ascii(str(asked.evidence))[1:-1]}")
    done = check(asked.evidence)
    if asked.head and not has_head(done, asked.head):
        done.fail("ledger.jsonl", f"seal {asked.head!a} is not in this ledger")
    for where, what in done.wrong:
        sys.stdout.write(f"{'[WRONG]' if asked.en else '[SALAH]'}  {ascii(where)[1:-1]}: {what}\n")
    for note in done.notes + asides(done):
        sys.stdout.write(f"{'[note]' if asked.en else '[catat]'}  {ascii(note)[1:-1]}\n")
    ending = ("EVERYTHING HOLDS", "DOES NOT HOLD") if asked.en else ("SEMUA COCOK", "TIDAK COCOK")
    sys.stdout.write(f"====  {ending[bool(done.wrong)]}: {len(done.seals)} / {len(done.wrong)}\n")
    return 1 if done.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
