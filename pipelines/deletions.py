"""Ledger lines of kind `deletion` -> which bytes may be absent, and what stands in their place. Pure.

A `deletion` line names by `content`: `sha256` of the payload, `paths` of media files and the `ranges` of WARC files
(`warc_file`, `warc_offset`, `warc_bytes`, `filler_sha256`), the `rule` (`retention.media_days` …, `forget`), a
`reason`, `deleted_by`, `deleted_at`, and `posts`: of posts that rested on it, what is left to say. Every line before
it about these bytes is thereby answered; a later line about the same payload must have its bytes again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

DELETION = "deletion"
FORGET = "forget"
SAID = "evidence/said/"
FORGOTTEN = "forgotten"  # why a post that was forgotten cannot be read
Line = Mapping[str, Any]


@dataclass
class Deletions:
    """What the deletion lines say. `seqs`: theirs; `payloads`: digest -> the newest deletion's seq; `fillers`: range ->
    digest of what stands there now; `stubs`: (post_id, content_id) -> what is left to say of the post; `sayings`: the
    newest that deletes sealed signs."""

    seqs: set[int] = field(default_factory=set)
    payloads: dict[str, int] = field(default_factory=dict)
    fillers: dict[tuple[str, int], str] = field(default_factory=dict)
    stubs: dict[tuple[str, str], Line] = field(default_factory=dict)
    forgotten_submissions: set[str] = field(default_factory=set)
    sayings: int = 0

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Deletions:
        """Of all lines of a ledger."""
        found = cls()
        for line in lines:
            if line.get("kind") == DELETION:
                found.take(line)
        return found

    def take(self, line: Line) -> None:
        """One more deletion line."""
        content = line["content"]
        self.seqs.add(line["seq"])
        self.payloads[content["sha256"]] = line["seq"]
        if any(path.startswith(SAID) for path in content.get("paths", ())):
            self.sayings = line["seq"]
        for one in content.get("ranges", ()):
            self.fillers[(one["warc_file"], one["warc_offset"])] = one["filler_sha256"]
        for stub in content.get("posts", ()):
            self.stubs[(stub["post_id"], stub["content_id"])] = stub
        self.forgotten_submissions.update(content.get("submissions", ()))

    def covers(self, line: Line) -> bool:
        """Whether the bytes that a line names were deleted on purpose after it was written."""
        if "warc_file" in line:
            return (line["warc_file"], line["warc_offset"]) in self.fillers
        return bool(self.payloads.get(line.get("sha256", ""), 0) > line["seq"])

    def expected(self, line: Line) -> str | None:
        """The digest that a WARC range must have now: that of its filler, else the one it was sealed with."""
        return self.fillers.get((line["warc_file"], line["warc_offset"]), line.get("warc_sha256"))
