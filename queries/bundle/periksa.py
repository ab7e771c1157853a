"""A bundle of evidence, unpacked -> what in it holds and what does not. Offline, nothing to install.

    python3 periksa.py [FOLDER] [--en] [--ledger FILE]

It needs Python 3.8 or newer and nothing else, so it is written in the Python of then. It only reads. Nothing a
bundle says is taken for granted: names are looked at before a file is opened, and no more is read than was declared.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import stat
import sys
import zlib
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    Line = dict[str, Any]

INDEX, SEAL, LEDGER, EVIDENCE = "indeks.json", "indeks.sha256", "buku-besar.jsonl", "bukti"
FORMAT, GENESIS = 1, "0" * 64
CLOSED = {"closed", "seq", "prev", "hash"}  # a line of which only the seal was handed over
TOLD = ("penjelasan.txt", "keterangan.json")  # what Tayang wrote about the evidence; the rest of a folder is evidence
LEFT_BY_SYSTEMS = (".DS_Store", "Thumbs.db", "desktop.ini")  # put into every folder that somebody opens
CHUNK, MAX_NAMED = 1 << 16, 20
MAX_INDEX_BYTES, MAX_LINE_BYTES, MAX_HEAD_BYTES = 1 << 28, 1 << 24, 1 << 20

SAFE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


class Wrong(Exception):
    """Something does not hold; the arguments say what, in Indonesian and in English."""


class Findings:
    """What was found so far, printed at once."""

    def __init__(self, english: bool) -> None:
        self.english = english
        self.failures = 0

    def say(self, mark: str, indonesian: str, english: str) -> None:
        """One line, of plain letters: what a bundle says must not steer a terminal."""
        text = "".join(letter if " " <= letter <= "~" else "?" for letter in (english if self.english else indonesian))
        sys.stdout.write(f"{mark:8} {text}\n")

    def holds(self, indonesian: str, english: str) -> None:
        """Something was checked and is right."""
        self.say("[ok]", indonesian, english)

    def fails(self, indonesian: str, english: str) -> None:
        """Something is wrong: the bundle is not what it says."""
        self.failures += 1
        if self.failures <= MAX_NAMED:
            self.say("[WRONG]" if self.english else "[SALAH]", indonesian, english)

    def notes(self, indonesian: str, english: str) -> None:
        """Something to know that is not wrong."""
        self.say("[note]" if self.english else "[catat]", indonesian, english)


def check(folder: Path, findings: Findings, whole_ledger: Path | None = None) -> None:
    """Check the bundle in `folder`; everything is told to `findings`."""
    try:
        index = read_index(folder)
        check_files(folder, index, findings)
        lines = check_ledger(folder, index, findings, whole_ledger)
        check_pieces(folder, index, lines, findings)
        check_deleted(index, lines, findings)
        tell_heads(folder, index, findings)
    except Wrong as wrong:
        findings.fails(*wrong.args)
    except OSError as trouble:
        name = ascii(str(trouble.filename))
        findings.fails(f"{name} tidak dapat dibaca", f"{name} cannot be read")
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as oddity:
        what = ascii(oddity)[:200]
        findings.fails(f"isi tidak berbentuk semestinya: {what}", f"content is not of the right form: {what}")


# -- files ----------------------------------------------------------------------------------


def read_index(folder: Path) -> dict[str, Any]:
    """indeks.json, whose own digest stands in indeks.sha256."""
    raw = bounded(regular(folder, INDEX), MAX_INDEX_BYTES)
    sealed = f"{hashlib.sha256(raw).hexdigest()}  {INDEX}\n"
    if bounded(regular(folder, SEAL), 200) != sealed.encode():
        raise Wrong(f"{INDEX} tidak sesuai dengan {SEAL}", f"{INDEX} does not match {SEAL}")
    index = json.loads(raw.decode("utf-8"), object_pairs_hook=without_doubles)
    if not isinstance(index, dict) or index.get("format") != FORMAT:
        raise Wrong(f"{INDEX} bukan indeks yang dikenal alat ini", f"{INDEX} is no index this tool knows")
    return index


def without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object in which no key stands twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def bounded(path: Path, most: int) -> bytes:
    """A small file's bytes."""
    with path.open("rb") as stream:
        body = stream.read(most + 1)
    if len(body) > most:
        raise Wrong(f"{path.name!a} terlalu besar", f"{path.name!a} is too large")
    return body


def regular(folder: Path, name: object) -> Path:
    """The path of a plain file inside the folder; no link, and no name that leads elsewhere."""
    if not isinstance(name, str) or len(name) > 400 or not SAFE.fullmatch(name):
        raise Wrong(f"nama berkas tidak diizinkan: {ascii(name)[:200]}", f"no lawful name: {ascii(name)[:200]}")
    path = folder
    parts = name.split("/")
    for number, part in enumerate(parts, 1):
        path = path / part
        try:
            mode = os.lstat(str(path)).st_mode
        except FileNotFoundError:
            raise Wrong(f"berkas hilang: {name}", f"a file is missing: {name}") from None
        if not (stat.S_ISREG(mode) if number == len(parts) else stat.S_ISDIR(mode)):
            raise Wrong(f"bukan berkas biasa: {name}", f"not a plain file: {name}")
    return path


def check_files(folder: Path, index: dict[str, Any], findings: Findings) -> None:
    """Every file has its digest, and there is no file beside them."""
    told = {one["path"]: one for one in index["files"]}
    before = findings.failures
    if len(told) != len(index["files"]) or not {"BACA-DULU.txt", "periksa.py", LEDGER}.issubset(told):
        findings.fails("daftar berkas dalam indeks tidak utuh", "the index's list of files is not whole")
    for name in sorted(told):
        check_file(folder, told[name], findings)
    for name in strangers(folder, set(told) | {INDEX, SEAL}):
        tell_stranger(name, findings)
    if findings.failures == before:
        findings.holds(f"{len(told)} berkas sama dengan sidik SHA-256-nya",
                       f"{len(told)} files have their SHA-256 digests")  # fmt: skip


def check_file(folder: Path, told: dict[str, Any], findings: Findings) -> None:
    """One file: its length first, then its digest."""
    name = told["path"]
    try:
        path = regular(folder, name)
        if path.stat().st_size != told["bytes"] or digest_of(path) != told["sha256"]:
            raise Wrong(f"isi berkas berubah: {name}", f"a file's content has changed: {name}")
    except Wrong as wrong:
        findings.fails(*wrong.args)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for piece in iter(lambda: stream.read(CHUNK), b""):
            digest.update(piece)
    return digest.hexdigest()


def strangers(folder: Path, told: set[str]) -> Iterator[str]:
    """Names of files and links in the folder that the index does not tell of."""
    for place, folders, names in os.walk(str(folder), followlinks=False):
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        for name in sorted(names + links):
            path = (Path(place) / name).relative_to(folder).as_posix()
            if path not in told:
                yield path


def tell_stranger(name: str, findings: Findings) -> None:
    """Among the evidence nothing may be added; beside it lies what others put there."""
    shown = ascii(name)
    if name.startswith(EVIDENCE + "/") and name.rsplit("/", 1)[-1] not in LEFT_BY_SYSTEMS:
        findings.fails(f"berkas tambahan di antara bukti: {shown}", f"a file was added to the evidence: {shown}")
    else:
        findings.notes(f"bukan bagian dari bundel ini: {shown}", f"no part of this bundle: {shown}")


# -- ledger ---------------------------------------------------------------------------------


def check_ledger(
    folder: Path, index: dict[str, Any], findings: Findings, whole_ledger: Path | None
) -> dict[int, Line]:
    """The chain from the first needed line to the head; returns the lines that pieces name, by number."""
    told = index["ledger"]
    pieces = (piece for one in index["documents"] for piece in (*one["pieces"], *one.get("deleted", [])))
    wanted = {piece["ledger_seq"] for piece in pieces} - {None}
    seals = seals_of(whole_ledger) if whole_ledger else {}
    first, seq, prev = told["first_seq"], told["first_seq"] - 1, told["first_prev"]
    found, closed, opened = {}, 0, 0
    with regular(folder, LEDGER).open("rb") as stream:
        for line in chained(stream, seq, prev):
            seq, prev = line["seq"], line["hash"]
            if line.keys() == CLOSED:
                closed += 1
                opened += seals.get(seq) == (line["prev"], prev)
            elif seq in wanted:
                found[seq] = line
    if (seq, prev) != (told["last_seq"], told["last_hash"]):
        raise Wrong(f"buku besar terpotong di baris {seq}", f"the ledger is cut off at line {seq}")
    findings.holds(f"buku besar: baris {first} sampai {seq} berantai tanpa putus",
                   f"ledger: lines {first} to {seq} are an unbroken chain")  # fmt: skip
    tell_closed(closed, opened, bool(whole_ledger), findings)
    return found


def chained(stream: BinaryIO, seq: int, prev: str) -> Iterator[Line]:
    """Lines of a ledger that follow each other, each under its own seal."""
    if seq < 0 or (seq == 0 and prev != GENESIS):
        raise Wrong("buku besar tidak dimulai semestinya", "the ledger does not begin as it should")
    while True:
        raw = stream.readline(MAX_LINE_BYTES)
        if not raw:
            return
        seq += 1
        line = line_of(raw, seq)
        if (line["seq"], line["prev"]) != (seq, prev):
            raise Wrong(f"buku besar: baris {seq} tidak menyambung baris sebelumnya",
                        f"ledger: line {seq} does not follow the one before it")  # fmt: skip
        if line.keys() != CLOSED and sealed(line) != line["hash"]:
            raise Wrong(f"buku besar: isi baris {seq} tidak sesuai segelnya",
                        f"ledger: the content of line {seq} does not match its seal")  # fmt: skip
        prev = line["hash"]
        yield line


def line_of(raw: bytes, seq: int) -> Line:
    """One line, to the byte as it was sealed."""
    line = json.loads(raw.decode("utf-8"))
    if not isinstance(line, dict) or canonical(line) + b"\n" != raw:
        raise Wrong(f"buku besar: baris {seq} tidak tertulis seperti saat disegel",
                    f"ledger: line {seq} is not written as it was sealed")  # fmt: skip
    return line


def canonical(line: Line) -> bytes:
    """The bytes that were sealed."""
    return json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def sealed(line: Line) -> str:
    """The SHA-256 of a line without its own seal."""
    return hashlib.sha256(canonical({key: line[key] for key in line if key != "hash"})).hexdigest()


def seals_of(path: Path) -> dict[int, tuple[str, str]]:
    """By number: what each line of a whole ledger follows, and its seal, computed anew."""
    with path.open("rb") as stream:
        lines = (line_of(raw, 0) for raw in iter(lambda: stream.readline(MAX_LINE_BYTES), b""))
        return {line["seq"]: (line["prev"], sealed(line)) for line in lines}


def tell_closed(closed: int, opened: int, is_asked: bool, findings: Findings) -> None:
    """Closed lines hold their place in the chain; what they say cannot be seen here."""
    if is_asked:
        tell = findings.holds if opened == closed else findings.fails
        tell(f"{opened} dari {closed} baris tertutup cocok dengan buku besar lengkap",
             f"{opened} of {closed} closed lines match the whole ledger")  # fmt: skip
    elif closed:
        findings.notes(f"{closed} baris tertutup: hanya segelnya disertakan (data pribadi)",
                       f"{closed} closed lines: only their seals are here (personal data)")  # fmt: skip


# -- evidence -------------------------------------------------------------------------------


def check_pieces(folder: Path, index: dict[str, Any], lines: dict[int, Line], findings: Findings) -> None:
    """Every piece of evidence is named by a line of the ledger; every kept answer holds what it says."""
    told = {one["path"]: one for one in index["files"]}
    pieces = {piece["path"]: piece for one in index["documents"] for piece in one["pieces"]}
    before, records = findings.failures, 0
    for name in sorted(told):
        if not name.startswith(EVIDENCE + "/"):
            continue
        try:
            records += check_piece(folder, told, pieces.get(name), name, lines)
        except Wrong as wrong:
            findings.fails(*wrong.args)
    if findings.failures == before:
        evidence = sum(piece["ledger_seq"] is not None for piece in pieces.values())
        findings.holds(f"{evidence} bukti disebut oleh baris buku besar",
                       f"{evidence} pieces of evidence are named by lines of the ledger")  # fmt: skip
        findings.holds(f"{records} jawaban sumber (WARC) memuat isi yang sama",
                       f"{records} answers of sources (WARC) hold the same content")  # fmt: skip


def check_deleted(index: dict[str, Any], lines: dict[int, Line], findings: Findings) -> None:
    """Evidence that is not here because it was deleted: a sealed line must say so of this very digest."""
    for one in [one for document in index["documents"] for one in document.get("deleted", [])]:
        line, digest = lines.get(one["ledger_seq"], {}), one["sha256"]
        if line.get("kind") != "deletion" or line["content"]["sha256"] != digest:
            findings.fails(f"penghapusan tanpa baris buku besar: {digest}", f"a deletion without its line: {digest}")
        else:
            told = "{deleted_at}, {rule}: {sha256}".format_map(line["content"])
            findings.notes(f"dihapus {told}", f"deleted {told}")


def check_piece(
    folder: Path, told: dict[str, Any], piece: dict[str, Any] | None, name: str, lines: dict[int, Line]
) -> bool:
    """One file among the evidence. Returns whether it is a source's kept answer."""
    if piece is None or piece["sha256"] != told[name]["sha256"]:
        raise Wrong(f"tidak dijelaskan oleh indeks: {name}", f"not explained by the index: {name}")
    if name.rsplit("/", 1)[-1] in TOLD:
        return False
    line = lines.get(piece["ledger_seq"])
    is_record = name.endswith(".warc.gz")
    if line is None or line.get("warc_sha256" if is_record else "sha256") != piece["sha256"]:
        raise Wrong(f"tidak ada baris buku besar yang menyebut {name}", f"no line of the ledger names {name}")
    if is_record and not holds_payload(regular(folder, name), line["sha256"], line["bytes"]):
        raise Wrong(f"isi WARC tidak sesuai: {name}", f"the WARC does not hold what it says: {name}")
    return is_record


def holds_payload(path: Path, sha256: str, size: int) -> bool:
    """Whether the first record of a WARC file is an answer with this payload."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        try:
            for piece in payload_of(stream, size):
                digest.update(piece)
        except (ValueError, zlib.error):
            return False
    return digest.hexdigest() == sha256


def payload_of(stream: BinaryIO, most: int) -> Iterator[bytes]:
    """The payload of the WARC record that begins here, in pieces. Raises: ValueError, zlib.error."""
    pieces = first_member(stream, most + 3 * MAX_HEAD_BYTES)
    head, rest = until_blank(pieces, b"")
    http, rest = until_blank(pieces, rest)
    found = re.search(rb"\r\ncontent-length: *(\d{1,18})\r\n", head, re.IGNORECASE)
    if not head.startswith(b"WARC/1.") or b"\r\nWARC-Type: response\r\n" not in head or not found:
        raise ValueError("no answer")
    left = int(found.group(1)) - len(http)
    for piece in chain([rest], pieces):  # what was read already, and what follows
        yield piece[: max(0, left)]
        left -= len(piece)
    if left != -4:  # behind the content stand two line ends
        raise ValueError("not of the length it says")


def until_blank(pieces: Iterator[bytes], start: bytes) -> tuple[bytes, bytes]:
    """A head with the blank line that ends it, and what was read behind it."""
    read = start
    while b"\r\n\r\n" not in read:
        piece = next(pieces, b"")
        if not piece or len(read) > MAX_HEAD_BYTES:
            raise ValueError("no end of the head")
        read += piece
    at = read.index(b"\r\n\r\n") + 4
    return read[:at], read[at:]


def first_member(stream: BinaryIO, most: int) -> Iterator[bytes]:
    """The first gzip member that begins here, unpacked in pieces; never more than `most` bytes of it."""
    unpacker = zlib.decompressobj(31)
    while not unpacker.eof:
        packed = unpacker.unconsumed_tail or stream.read(CHUNK)
        piece = unpacker.decompress(packed, CHUNK)
        most -= len(piece)
        if most < 0 or (not packed and not piece):
            raise ValueError("longer than it says, or cut off")
        if piece:
            yield piece


# -- telling --------------------------------------------------------------------------------


def tell_heads(folder: Path, index: dict[str, Any], findings: Findings) -> None:
    """The two numbers that somebody else should have been given before."""
    digest, last = digest_of(regular(folder, INDEX)), index["ledger"]["last_hash"]
    findings.notes(f"sidik indeks, bandingkan dengan surat pengantar: {digest}",
                   f"digest of the index, compare it with the covering letter: {digest}")  # fmt: skip
    findings.notes(f"segel buku besar baris {index['ledger']['last_seq']}: {last}",
                   f"seal of the ledger's line {index['ledger']['last_seq']}: {last}")  # fmt: skip


def conclude(findings: Findings) -> int:
    """The last line, and the exit code."""
    if findings.failures:
        findings.say("====", f"TIDAK COCOK: {findings.failures} hal salah. Jangan dipakai sebagai bukti.",
                     f"DOES NOT HOLD: {findings.failures} things are wrong. Do not use it as evidence.")  # fmt: skip
        return 1
    findings.say("====", "SEMUA COCOK. Yang dibuktikan dan yang tidak: BACA-DULU.txt",
                 "EVERYTHING HOLDS. What that proves and what not: BACA-DULU.txt")  # fmt: skip
    return 0


def main(words: list[str] | None = None) -> int:
    """From the words on the command line to the exit code: 0 all holds, 1 it does not."""
    parser = argparse.ArgumentParser(description="Memeriksa bundel bukti tayang / checks a bundle of evidence")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent,
                        help="folder bundel / the bundle's folder")
    parser.add_argument("--en", action="store_true", help="in English")
    parser.add_argument("--ledger", type=Path, metavar="FILE", help="buku besar lengkap / the office's whole ledger")
    asked = parser.parse_args(words)
    findings = Findings(asked.en)
    check(asked.folder, findings, asked.ledger)
    exit_code = conclude(findings)
    if os.name == "nt" and words is None and sys.stdin is not None and sys.stdin.isatty():
        input("Enter ...")  # a window that was opened by a double click would close at once
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
