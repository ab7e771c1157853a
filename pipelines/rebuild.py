"""Evidence, registry, campaigns and reviews -> a new store, put in the old one's place when it is whole.

The ledger is read once, line by line: what it seals is restored as it stands, posts are read again from
the answers that were kept. What was said stays said: the history of verdicts comes from its sealed files. Signs,
fingerprints and today's verdicts are computed; where they say otherwise, that is a new saying, sealed as such.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.errors import StoreDamaged
from crawler.imports import Delivery, Export, formats
from crawler.items import Account, Media, Page, Post
from crawler.language import say
from crawler.redaction import redact
from pipelines.audit import audit_evidence
from pipelines.audit.rebuilt import difference
from pipelines.audit.rows import LOST_SQL, Told
from pipelines.check import Workspace
from pipelines.deleting import deletion_row
from pipelines.deletions import DELETION, FORGOTTEN, Deletions
from pipelines.exchange import exchange, remove
from pipelines.health import watch
from pipelines.imports import Brought, bind, rows_of
from pipelines.ledger import read_lines
from pipelines.notifications import NOTIFICATION, sealed_rows
from pipelines.recognise import recognise
from pipelines.reread import Archive, Asked, Line, Reader
from pipelines.rows import Row, content_id, evidence_row, head_rows, post_rows, sighting_rows
from pipelines.said import REBUILT, SIGNS, SIGNS_FORGOTTEN, VERDICTS, seal_line, seal_row
from pipelines.sealed import IMPORT, RUN, RUN_INSTANTS, SIGHTING, VISIT, VISIT_INSTANTS, as_row
from pipelines.store import Store, store_at, stub_row
from pipelines.timestamps import TIMESTAMP, timestamp_row
from pipelines.verify import verify

FLUSH_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was restored. `changed`: posts that today's readers read otherwise than those of their time."""

    posts: int
    visits: int
    changed: tuple[str, ...]
    kept_as: Path | None


def rebuild(workspace: Workspace) -> Rebuilt:
    """Make the store anew beside the old one, then exchange them. The caller holds the lock.

    Raises: StoreDamaged when the evidence does not hold, or a post that was sealed is not found again;
    the old store then stays where it is.
    """
    home = workspace.instance.home
    _, broken = audit_evidence(home)
    if broken:
        raise StoreDamaged("\n".join([*broken, say("bukti tidak utuh", "the evidence does not hold")]))
    store = store_at(home, workspace.instance.store_url)
    fresh = Store(store.path.with_name(f"{store.path.name}.rebuilt"), home=home)
    remove(fresh.path)
    fresh.prepare()
    restoring = _Restoring(workspace, fresh)
    with closing(restoring.reader), fresh.renewing_once():
        for line in read_lines(home / "evidence" / "ledger.jsonl"):
            restoring.take(line)
        restoring.end()
        restoring.end_bare()
    if restoring.lost:
        raise StoreDamaged("\n".join([*restoring.lost, say(
            f"{len(restoring.lost)} unggahan tidak terbaca lagi; penyimpanan lama tidak diganti",
            f"{len(restoring.lost)} posts are not found again; the old store stays",
        )]))  # fmt: skip
    _seal_rebuilt(fresh, restoring.told)
    recognise(workspace, fresh)
    watch(fresh, workspace.instance.health)
    if restoring.as_of:
        verify(fresh, workspace.duties, restoring.as_of)
    return Rebuilt(restoring.posts, restoring.visits, tuple(restoring.changed), exchange(fresh.path, store.path))


def _seal_rebuilt(fresh: Store, told: Told) -> None:
    """Say in the ledger that a store was made anew, before anything is said from it."""
    content = {**difference(fresh, told), "is_rebuilt": True}
    line = seal_line(fresh.home, {"kind": REBUILT, "content": content})
    fresh.append({"ledger_head_rows": head_rows([line])})


class _Restoring:
    """The new store while the ledger is read."""

    def __init__(self, workspace: Workspace, store: Store) -> None:
        self.archive = Archive(workspace.instance.home)
        self.reader = Reader(workspace, self.archive)
        self.posts = self.visits = 0
        self.changed: list[str] = []
        self.lost: list[str] = []
        self.told = Told()
        self.as_of: datetime | None = None
        self._workspace, self._store = workspace, store
        self._deletions = Deletions.of(read_lines(workspace.instance.home / "evidence" / "ledger.jsonl"))
        self.archive.deletions = self._deletions
        self._bare: set[tuple[str, str]] = set()
        self._looks: dict[tuple[str, str], Asked] = {}
        self._media: dict[str, str] = {}
        self._rules: dict[str, Mapping[str, Line]] = {}
        self._waiting: dict[str, list[Row]] = {}

    def take(self, line: Line) -> None:
        """One line of the ledger, in its order."""
        self.told.take(line)
        row = evidence_row(line)
        if row:
            self._wait({"evidence_rows": [row]})
            self._take_capture(line)
        elif line["kind"] == SIGHTING:
            self._look(line, line["content"]).sightings.append(line["content"])
        elif line["kind"] == VISIT:
            self._end_visit(line)
        elif line["kind"] == DELETION:
            self._wait({"deletion_rows": [deletion_row(line)]})
        elif line["kind"] == RUN:
            self._end_run(as_row(line["content"], *RUN_INSTANTS))
        elif line["kind"] == NOTIFICATION:
            self._wait({"notification_rows": list(sealed_rows(line["content"]))})
        elif line["kind"] == IMPORT:
            self.end()
            self._import(line["content"])
        else:
            self._take_saying(line)

    def _take_saying(self, line: Line) -> None:
        """What was said stays said; signs are computed anew, so that only the line of theirs is restored."""
        if line["kind"] in (VERDICTS, SIGNS, SIGNS_FORGOTTEN):
            self._wait({"seal_rows": [seal_row(line)]})
        elif line["kind"] == TIMESTAMP:
            self._wait({"timestamp_rows": [timestamp_row(line)]})
        if line["kind"] == VERDICTS and "path" in line:
            self._flush()
            self._store.restore_verdicts(self._workspace.instance.home / line["path"])

    def end(self) -> None:
        """Read what still waits: looks that a kill cut off; and write all rows."""
        for key in list(self._looks):
            self._read(self._looks.pop(key))
        self._flush()

    def end_bare(self) -> None:
        """Posts of which nothing is left but what their deletion says; what was seen whole elsewhere is not bare."""
        stubs = self._deletions.stubs
        self._store.append({"post_rows": [stub_row(stubs[one]) for one in sorted(self._bare) if one in stubs]})
        self.lost += [str(row["post_id"]) for row in self._store.rows(LOST_SQL)]

    def _take_capture(self, line: Line) -> None:
        self.archive.learn(line)
        channel, _, handle = line["account"].partition(":")
        if line["kind"] == "import" or not handle:
            return
        look = self._look(line, {"channel": channel, "handle": handle, "agency_id": ""})
        if line["kind"] == "robots":  # anew each time: looks hold on to what was known when they began
            self._rules[line["account"]] = {**self._rules.get(line["account"], {}), line["url"]: line}
        if line["kind"] == "media":
            look.media[line["url"]] = line["sha256"]
        else:
            look.pages.append(line)

    def _look(self, line: Line, who: Mapping[str, Any]) -> Asked:
        key = (line["run_id"], f"{who['channel']}:{who['handle']}")
        account = Account(who["agency_id"], who["channel"], who["handle"])
        look = self._looks.setdefault(key, Asked(account, rules=self._rules.get(account.key, {})))
        if who["agency_id"]:
            look.account = Account(who["agency_id"], who["channel"], who["handle"])
        return look

    def _end_visit(self, line: Line) -> None:
        row = as_row(line["content"]["row"], *VISIT_INSTANTS)
        look = self._look(line, row)
        look.failed, look.started_at = line["content"]["failed"], row["started_at"]
        del self._looks[(line["run_id"], f"{row['channel']}:{row['handle']}")]
        self._read(look)
        self.visits += 1
        self._wait({"visit_rows": [row]})

    def _end_run(self, row: Row) -> None:
        self.as_of = row["as_of"] or self.as_of
        self._wait({"run_rows": [row]})

    def _read(self, look: Asked) -> None:
        """Read a look's posts again and restore its sightings of them."""
        if not look.sightings:
            return
        found: dict[str, list[Post]] = {}
        for post in self.reader.posts_of(look):
            found.setdefault(post.post_id, []).append(post)
        pages = [self._page(look, sighting, found) for sighting in look.sightings]
        for page in pages:
            self.posts += len(page.posts)
            self._wait({"post_rows": post_rows(page), "sighting_rows": sighting_rows(page)})
        # Only now: what this look fetched was not known to it.
        media = (one for page in pages for post in page.posts for one in post.media)
        self._media |= {one.media_id: one.sha256 for one in media if one.sha256}

    def _wait_bare(self, sighting: Line, told: Sequence[str]) -> None:
        """That a post was seen whose bytes were deleted; what is left to say of it follows at the end."""
        post_id, content = told[:2]
        row = {"post_id": post_id, "content_id": content, "seen_at": datetime.fromisoformat(sighting["seen_at"])}
        self._bare.add((post_id, content))
        self._wait({"sighting_rows": [row]})

    def _page(self, look: Asked, sighting: Line, found: Mapping[str, list[Post]]) -> Page:
        posts = [self._post(look, sighting, told, found) for told in sighting["posts"]]
        seen_at = datetime.fromisoformat(sighting["seen_at"])
        standing = tuple((post_id, content) for post_id, content in sighting.get("standing", ()))
        return Page("", look.account, tuple(post for post in posts if post), (), seen_at, standing=standing)

    def _post(self, look: Asked, sighting: Line, told: list[str], found: Mapping[str, list[Post]]) -> Post | None:
        post_id, sealed = told[:2]
        states = [self._with_media(look, sighting, post) for post in found.get(post_id, ())]
        if self._is_deleted((post_id, sealed), look, is_read=bool(states)):
            self._wait_bare(sighting, told)
            return None
        if not states:
            self.lost.append(f"{post_id} ({look.account.key}, {sighting['seen_at']})")
            return None
        same = next((post for post in states if content_id(post) == sealed), None)
        if same is None:
            self.changed.append(post_id)
        return same or states[-1]

    def _is_deleted(self, state: tuple[str, str], look: Asked, is_read: bool) -> bool:
        """Whether it is not read, or not to be read, since its bytes were deleted: of this look, or of another."""
        left = self._deletions.stubs.get(state)
        if is_read or left:
            return left is not None and (not is_read or left["unread"] == FORGOTTEN)
        return any(map(self._deletions.covers, look.pages))

    def _with_media(self, look: Asked, sighting: Line, post: Post) -> Post:
        """The post with what its media came to: fetched in this look, refused, or known from an earlier one."""
        return replace(post, media=tuple(self._outcome(look, sighting["troubles"], one) for one in post.media))

    def _outcome(self, look: Asked, troubles: Mapping[str, str], media: Media) -> Media:
        if media.media_id in troubles:
            return replace(media, sha256=None, trouble=troubles[media.media_id])
        sha256 = look.media.get(redact(media.url)) if not media.trouble else None
        sha256 = sha256 or self._media.get(media.media_id)
        return replace(media, sha256=sha256, trouble=None) if sha256 else media

    def _import(self, content: Mapping[str, Any]) -> None:
        """Read an import again, as it was delivered; what was deleted of it is what its posts' stubs say."""
        if any(one["sha256"] in self._deletions.payloads for one in content["files"]):
            self._restore_import_stubs(content)
            return
        files = [
            Export(one["name"], self.archive.body(one["sha256"]), frozenset(one["beside"])) for one in content["files"]
        ]
        beside = {(one["name"], name): sha256 for one in content["files"] for name, sha256 in one["beside"].items()}
        received_at = datetime.fromisoformat(content["received_at"])
        delivery = Delivery(tuple(files), received_at, self._workspace.instance.zone, content["columns"])

        def media(file: str, name: str) -> bytes | None:
            sha256 = beside.get((file, name))
            return self.archive.body(sha256) if sha256 and sha256 not in self._deletions.payloads else None

        bound = bind(self._workspace.registry, self._store, Brought(formats()[content["format"]], delivery, media))
        self.posts += len(bound.posts)
        self._store.append(rows_of(bound, received_at))

    def _restore_import_stubs(self, content: Mapping[str, Any]) -> None:
        digests = {one["sha256"] for one in content["files"]}
        for one in [one for one in self._deletions.stubs.values() if one["evidence_sha256"] in digests]:
            self._wait_bare(one, (one["post_id"], one["content_id"]))

    def _wait(self, batches: Mapping[str, list[Row]]) -> None:
        for table, rows in batches.items():
            self._waiting.setdefault(table, []).extend(rows)
        if sum(map(len, self._waiting.values())) >= FLUSH_ROWS:
            self._flush()

    def _flush(self) -> None:
        self._store.append(self._waiting)
        self._waiting = {}
