"""A post, a submission or an agency's submissions -> everything kept that shows it, to be deleted for good.

A page may show many posts: all of it goes, and `shared` says which other posts rested on it. Media that other posts
show too stay. The post itself stays as a stub that says nothing but that it was forgotten: what it showed cannot be
judged any more, so its duty becomes `unknown`, never `missing`.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.errors import StoreDamaged, WrongUse
from crawler.language import say
from pipelines.deleting import Doomed
from pipelines.deletions import FORGET, FORGOTTEN
from pipelines.ledger import read_lines
from pipelines.reread import Archive
from pipelines.retention import stub, stubs_of
from pipelines.rows import row_digest
from pipelines.said import SIGNS
from pipelines.store import Store

Row = Mapping[str, Any]

STATES_SQL = "FROM post_rows WHERE list_contains($posts, post_id) ORDER BY post_id, content_id"
SUBMISSIONS_SQL = """
    FROM submission_rows WHERE submission_id = $submission
      OR ($agency <> '' AND agency_id = $agency AND submitted_at < $before) ORDER BY submission_id
"""
# Posts that stand only on what was handed in: on the file of a submission, by the link it named.
SUBMITTED_SQL = """
    SELECT DISTINCT post_id, url FROM post_rows
    WHERE origin = 'import:submission' AND list_contains($digests, evidence_sha256)
"""
OTHERS_SQL = """
    SELECT DISTINCT post_id FROM post_rows
    WHERE list_contains($digests, evidence_sha256) AND NOT list_contains($posts, post_id) ORDER BY post_id
"""
SHARED_MEDIA_SQL = """
    SELECT DISTINCT one.sha256 AS sha256 FROM (SELECT post_id, unnest(media) AS one FROM post_rows)
    WHERE list_contains($digests, one.sha256) AND NOT list_contains($posts, post_id)
"""
VERDICTS_SQL = """
    SELECT campaign_id, material_id, agency_id, opens_at, status FROM newest_verdict_rows
    WHERE list_contains($posts, post_id) ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom or what to forget; exactly one of the three. `before`: an agency's submissions until then."""

    post: str = ""
    submission: str = ""
    agency: str = ""
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What forgetting would do. `shared`: other posts that rested on the same bytes; `kept_media`: digests that other
    posts show too; `verdicts`: rows of those that rest on what is forgotten or shared; `words`: addresses and lines
    by which copies are found."""

    posts: tuple[str, ...]
    submissions: tuple[str, ...]
    doomed: tuple[Doomed, ...]
    shared: tuple[str, ...]
    kept_media: tuple[str, ...]
    verdicts: tuple[Row, ...]
    words: tuple[str, ...] = ()


def check_asked(asked: Asked, reason: str, is_meant: bool) -> None:
    """Raises: WrongUse unless exactly one thing is named, and a reason where it is meant."""
    named = [bool(asked.post), bool(asked.submission), bool(asked.agency)]
    if sum(named) != 1 or bool(asked.agency) != bool(asked.before):
        raise WrongUse(say("sebut satu: --post ID, --submission ID, atau --agency ID --before DAY",
                           "name one: --post ID, --submission ID, or --agency ID --before DAY"))  # fmt: skip
    if is_meant and not reason.strip():
        raise WrongUse(say("tulis --reason: alasan ini disegel dalam buku besar, tanpa nama orang",
                           "write --reason: it is sealed in the ledger, so name no person"))  # fmt: skip


def plan_forgetting(home: Path, store: Store, asked: Asked) -> Forgetting:
    """What is to be deleted. Raises: WrongUse when nothing of the kind is known."""
    submissions = store.rows(SUBMISSIONS_SQL, {
        "submission": asked.submission, "agency": asked.agency, "before": asked.before,
    })  # fmt: skip
    posts = [asked.post] if asked.post else _submitted(store, submissions)
    states = _states_of(store, posts)
    if not states and not submissions:
        raise WrongUse(say("tidak ada yang dikenal dengan nama itu", "nothing is known by that name"))
    pages = sorted(_pages(states, submissions) | set(_showing(home, states)) | set(_signing(home, states)))
    media = _media_of(states)
    kept = {row["sha256"] for row in store.rows(SHARED_MEDIA_SQL, {"digests": media, "posts": posts})}
    others = [row["post_id"] for row in store.rows(OTHERS_SQL, {"digests": pages, "posts": posts})]
    ids = tuple(row["submission_id"] for row in submissions)
    beside = _beside(store, pages, posts)
    doomed = _doomed([*pages, *(one for one in media if one not in kept)], states, submissions, beside)
    return Forgetting(
        tuple(posts), ids, tuple(doomed), tuple(others), tuple(sorted(kept)),
        tuple(store.rows(VERDICTS_SQL, {"posts": [*posts, *others]})), _all_words([*states, *submissions]),
    )  # fmt: skip


def _beside(store: Store, pages: list[str], posts: Sequence[str]) -> dict[str, tuple[Row, ...]]:
    """By page, the stubs of other posts that are read from it."""
    told = stubs_of(store, pages, "deleted").items()
    return {sha256: tuple(one for one in stubs if one["post_id"] not in posts) for sha256, stubs in told}


def _states_of(store: Store, posts: Sequence[str]) -> list[Row]:
    return [row for row in store.rows(STATES_SQL, {"posts": posts}) if row["unread"] != FORGOTTEN]


def _media_of(states: Sequence[Row]) -> list[str]:
    return sorted({one["sha256"] for row in states for one in row["media"] if one["sha256"]})


def _all_words(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(sorted({word for row in rows for word in _words_of(row)}))


def _pages(states: Sequence[Row], submissions: Sequence[Row]) -> set[str]:
    """What the states and submissions themselves name as their evidence."""
    return {row["evidence_sha256"] for row in (*states, *submissions) if row["evidence_sha256"]}


def _words_of(row: Row) -> Iterable[str]:
    """By which a report that tells of a post or a submission is found."""
    yield row["url"]
    yield from (line for line in row.get("text", "").split("\n") if len(line) > 30)


def _submitted(store: Store, submissions: Sequence[Row]) -> list[str]:
    """The posts that the links of submissions made, as far as they have no other source."""
    digests = sorted({row["evidence_sha256"] for row in submissions})
    links = {_name_of(row["url"]) for row in submissions}
    return sorted({row["post_id"] for row in store.rows(SUBMITTED_SQL, {"digests": digests})
                   if _name_of(row["url"]) in links})  # fmt: skip


def _name_of(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]


def _doomed(
    digests: Sequence[str], states: Sequence[Row], submissions: Sequence[Row], beside: Mapping[str, tuple[Row, ...]]
) -> Iterator[Doomed]:
    """Every payload; the stubs of all states travel with the first, those of posts `beside` them with their page."""
    # An address may name a person; the post's own id says which it was.
    stubs = tuple(stub(_bare(row), FORGOTTEN) for row in states)
    ids, rows = tuple(one["submission_id"] for one in submissions), tuple(map(row_digest, submissions))
    first, *more = digests or [_NO_BYTES]
    yield Doomed(first, FORGET, (*stubs, *beside.get(first, ())), ids, rows)
    yield from (Doomed(sha256, FORGET, beside.get(sha256, ())) for sha256 in more)


_NO_BYTES = "0" * 64  # a stub alone


def _bare(row: Row) -> dict[str, object]:
    left = {key: value for key, value in row.items() if key not in ("text", "links", "media", "is_pinned", "unread")}
    return {**left, "url": ""}


def _showing(home: Path, states: Sequence[Row]) -> Iterator[str]:
    """Digests of the answers, to looks at the posts' accounts, that hold a post's number, address or words."""
    accounts = {f"{row['channel']}:{row['handle']}" for row in states}
    needles = {one.encode() for row in states for one in _needles(row)}
    archive, seen = Archive(home), set[str]()
    for line in read_lines(home / "evidence" / "ledger.jsonl"):
        if line.get("account") not in accounts or "warc_file" not in line:
            continue
        archive.learn(line)
        if line["sha256"] in seen:
            continue
        seen.add(line["sha256"])
        body = _body(archive, line["sha256"])
        if any(needle in body for needle in needles):
            yield line["sha256"]


def _signing(home: Path, states: Sequence[Row]) -> Iterator[str]:
    """Digests of sealed files of signs that tell of these states: a sign may hold words that were read in a picture."""
    needles = [row["content_id"].encode() for row in states]
    for line in read_lines(home / "evidence" / "ledger.jsonl"):
        if line["kind"] == SIGNS and "path" in line and (home / line["path"]).exists():
            body = gzip.decompress((home / line["path"]).read_bytes())
            if any(needle in body for needle in needles):
                yield line["sha256"]


def _needles(row: Row) -> Iterable[str]:
    """By what an answer is known to show the post."""
    if row["channel"] == "news":
        yield urlsplit(row["url"]).path
    else:
        yield row["native_id"]
    yield from (line for line in row["text"].split("\n") if len(line) > 30)


def _body(archive: Archive, sha256: str) -> bytes:
    """A payload, slashes as JSON writes them undone; empty when it was deleted before."""
    try:
        return archive.body(sha256).replace(b"\\/", b"/")
    except StoreDamaged:
        return b""
