"""Digests to be deleted and why -> sealed `deletion` lines, then bytes that are gone, then a store that says so.

In this order, so that a kill leaves no bytes missing without a line. A note in `evidence/deleting.json` says from which
line on the work may be unfinished: whoever comes next with the workspace's lock finishes it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.errors import StoreDamaged
from crawler.language import say
from crawler.local_time import new_run_id, now_utc
from pipelines.deletions import DELETION, FORGET, FORGOTTEN, SAID, Deletions
from pipelines.evidence import Evidence, write_whole
from pipelines.filler import filler
from pipelines.ledger import read_lines
from pipelines.rewrite import rewrite
from pipelines.rows import head_rows
from pipelines.sealed import index_missed
from pipelines.store import Store

NOTE = "deleting.json"
NEVER = 1 << 62  # the seq of a line that does not come
Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Doomed:
    """A payload to be deleted; what is left to say of the posts (stubs) and submissions it stands behind.

    `rows_gone`: digests of the submissions' rows, so that an audit does not miss them."""

    sha256: str
    rule: str
    posts: tuple[Mapping[str, Any], ...] = ()
    submissions: tuple[str, ...] = ()
    rows_gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """Who deletes, and the reason given."""

    deleted_by: str
    reason: str
    deleted_at: datetime = field(default_factory=now_utc)


def delete(home: Path, store: Store, doomed: Sequence[Doomed], why: Why) -> int:
    """Delete payloads for good; returns how many bytes are gone. The caller holds the lock."""
    finish(home, store)
    if not doomed:
        return 0
    evidence = Evidence(home, new_run_id(why.deleted_at), {})
    index_missed(store, evidence)
    first = evidence.newest + 1
    kept = _lines_about(home, {one.sha256 for one in doomed})
    write_whole(home / "evidence" / NOTE, json.dumps({"first_seq": first}).encode())
    for one in doomed:
        evidence.note(DELETION, _content(one, kept.get(one.sha256, []), why))
    evidence.commit()
    return finish(home, store)


def finish(home: Path, store: Store) -> int:
    """Finish what was sealed and not yet done, after a kill too; returns how many bytes are gone."""
    note = home / "evidence" / NOTE
    if not note.exists():
        return 0
    after = first_of(home) - 1
    lines, named = [], dict[str, int]()
    for line in read_lines(home / "evidence" / "ledger.jsonl", after):
        named |= {line["path"]: line["seq"]} if "path" in line else {}
        lines += [line] if line["kind"] == DELETION else []
    gone = sum(_erase(home, line, named) for line in lines)
    _say_in_store(store, lines)
    note.unlink()
    return gone


def first_of(home: Path) -> int:
    """From which line on a deletion may be unfinished. Raises: StoreDamaged for a note that is not ours."""
    try:
        first = json.loads((home / "evidence" / NOTE).read_bytes())["first_seq"]
    except (ValueError, KeyError, TypeError, RecursionError):
        first = None
    if type(first) is not int or first < 1:
        raise StoreDamaged(say(
            f"evidence/{NOTE} bukan tulisan Tayang; `tayang audit`, lalu pindahkan berkas itu",
            f"evidence/{NOTE} is not as Tayang writes it; `tayang audit`, then move it away",
        ))  # fmt: skip
    return first


def unfinished_from(home: Path, deletions: Deletions) -> int:
    """From which deletion on the bytes may still be those of before, or some of each; NEVER where none is under way.

    The chain says which lines are deletions: a note that names another one explains nothing."""
    try:
        first = first_of(home)
    except (OSError, StoreDamaged):
        return NEVER
    return first if first in deletions.seqs else NEVER


def _lines_about(home: Path, digests: set[str]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in read_lines(home / "evidence" / "ledger.jsonl"):
        if line.get("sha256") in digests:
            found.setdefault(line["sha256"], []).append(line)
    return found


def _content(one: Doomed, lines: Iterable[Line], why: Why) -> dict[str, Any]:
    at = why.deleted_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    lines = list(lines)
    return {
        "sha256": one.sha256, "rule": one.rule, "reason": why.reason, "deleted_by": why.deleted_by, "deleted_at": at,
        "paths": sorted({line["path"] for line in lines if "path" in line}),
        "ranges": [_range(line, at) for line in lines if "warc_file" in line],
        "posts": [dict(post) for post in one.posts], "submissions": list(one.submissions),
        "rows_gone": list(one.rows_gone),
    }  # fmt: skip


def _range(line: Line, at: str) -> dict[str, Any]:
    filling = filler(line["warc_bytes"], line["sha256"], at)
    return {
        "warc_file": line["warc_file"], "warc_offset": line["warc_offset"], "warc_bytes": line["warc_bytes"],
        "filler_sha256": hashlib.sha256(filling).hexdigest(),
    }  # fmt: skip


def _erase(home: Path, line: Line, named: Mapping[str, int]) -> int:
    """Remove what one deletion line names; what is gone already stays so, and what a later line (by `named`) keeps."""
    gone, content = 0, line["content"]
    for path in (home / name for name in content["paths"] if named.get(name, 0) < line["seq"]):
        if path.exists():
            gone += path.stat().st_size
            path.unlink()
    for one in content["ranges"]:
        gone += _fill(home / "evidence" / one["warc_file"], one, content)
    return gone


def _fill(path: Path, one: Line, content: Line) -> int:
    """Write the filler over a range, whatever a kill left there."""
    filling = filler(one["warc_bytes"], content["sha256"], content["deleted_at"])
    with path.open("r+b") as stream:
        stream.seek(one["warc_offset"])
        if stream.read(one["warc_bytes"]) == filling:
            return 0
        stream.seek(one["warc_offset"])
        stream.write(filling)
        stream.flush()
        os.fsync(stream.fileno())
    return len(filling)


def _say_in_store(store: Store, lines: Sequence[Line]) -> None:
    forgotten = [line["content"] for line in lines if line["content"]["rule"] == FORGET]
    for content in forgotten:
        store.forget_posts(_forgotten_of(content), content["submissions"], content["sha256"])
    store.append({"deletion_rows": [deletion_row(line) for line in lines], "ledger_head_rows": head_rows(lines)})
    if any(path.startswith(SAID) for content in forgotten for path in content["paths"]):
        store.seal_signs_again()
    if forgotten:
        rewrite(store)


def _forgotten_of(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The texts of others that the same page told stay."""
    return [post for post in content["posts"] if post["unread"] == FORGOTTEN]


def deletion_row(line: Line) -> dict[str, Any]:
    """The row of `deletion_rows`."""
    content = line["content"]
    return {
        "seq": line["seq"], "sha256": content["sha256"], "rule": content["rule"], "reason": content["reason"],
        "deleted_by": content["deleted_by"], "deleted_at": datetime.fromisoformat(content["deleted_at"]),
    }  # fmt: skip
