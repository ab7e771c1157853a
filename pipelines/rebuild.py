"""Evidence, registry, campaigns and reviews -> a new store, put in the old one's place when it is whole.

The ledger is read once, line by line: what it seals is restored as it stands, posts are read again from
the answers that were kept. Signs, fingerprints and verdicts are computed, never restored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from pipelines.check import Workspace
from pipelines.evidence import audit
from pipelines.imports import Brought, bind, rows_of
from pipelines.ledger import read_lines
from pipelines.notifications import NOTIFICATION, sealed_rows
from pipelines.recognise import recognise
from pipelines.reread import Archive, Asked, Line, Reader
from pipelines.reviews import restore_reviews
from pipelines.rows import Row, content_id, evidence_row, post_rows, sighting_rows
from pipelines.sealed import IMPORT, RUN, SIGHTING, VISIT, as_row
from pipelines.store import Store, store_at
from pipelines.verify import verify

FLUSH_ROWS = 2000
_VISIT_INSTANTS = ("started_at", "finished_at", "covers_from", "covers_until")
_RUN_INSTANTS = ("started_at", "finished_at", "as_of")


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
    _, broken = audit(home)
    if broken:
        raise StoreDamaged("\n".join([*broken, say("bukti tidak utuh", "the evidence does not hold")]))
    store = store_at(home, workspace.instance.store_url)
    fresh = Store(store.path.with_name(f"{store.path.name}.rebuilt"))
    _remove(fresh.path)
    fresh.prepare()
    restoring = _Restoring(workspace, fresh)
    with closing(restoring.reader):
        for line in read_lines(home / "evidence" / "ledger.jsonl"):
            restoring.take(line)
        restoring.end()
    if restoring.lost:
        raise StoreDamaged("\n".join([*restoring.lost, say(
            f"{len(restoring.lost)} unggahan tidak terbaca lagi; penyimpanan lama tidak diganti",
            f"{len(restoring.lost)} posts are not found again; the old store stays",
        )]))  # fmt: skip
    restore_reviews(fresh, home)
    recognise(workspace, fresh)
    if restoring.as_of:
        verify(fresh, workspace.duties, restoring.as_of)
    return Rebuilt(restoring.posts, restoring.visits, tuple(restoring.changed), _exchange(fresh.path, store.path))


class _Restoring:
    """The new store while the ledger is read."""

    def __init__(self, workspace: Workspace, store: Store) -> None:
        self.archive = Archive(workspace.instance.home)
        self.reader = Reader(workspace, self.archive)
        self.posts = self.visits = 0
        self.changed: list[str] = []
        self.lost: list[str] = []
        self.as_of: datetime | None = None
        self._workspace, self._store = workspace, store
        self._looks: dict[tuple[str, str], Asked] = {}
        self._media: dict[str, str] = {}
        self._waiting: dict[str, list[Row]] = {}

    def take(self, line: Line) -> None:
        """One line of the ledger, in its order."""
        row = evidence_row(line)
        if row:
            self._wait({"evidence_rows": [row]})
            self._take_capture(line)
        elif line["kind"] == SIGHTING:
            self._look(line, line["content"]).sightings.append(line["content"])
        elif line["kind"] == VISIT:
            self._end_visit(line)
        elif line["kind"] == RUN:
            self._end_run(as_row(line["content"], *_RUN_INSTANTS))
        elif line["kind"] == NOTIFICATION:
            self._wait({"notification_rows": list(sealed_rows(line["content"]))})
        elif line["kind"] == IMPORT:
            self.end()
            self._import(line["content"])

    def end(self) -> None:
        """Read what still waits: looks that a kill cut off; and write all rows."""
        for key in list(self._looks):
            self._read(self._looks.pop(key))
        self._flush()

    def _take_capture(self, line: Line) -> None:
        self.archive.learn(line)
        channel, _, handle = line["account"].partition(":")
        if line["kind"] == "import" or not handle:
            return
        look = self._look(line, {"channel": channel, "handle": handle, "agency_id": ""})
        if line["kind"] == "media":
            look.media[line["url"]] = line["sha256"]
        else:
            look.pages.append(line)

    def _look(self, line: Line, who: Mapping[str, Any]) -> Asked:
        key = (line["run_id"], f"{who['channel']}:{who['handle']}")
        look = self._looks.setdefault(key, Asked(Account(who["agency_id"], who["channel"], who["handle"])))
        if who["agency_id"]:
            look.account = Account(who["agency_id"], who["channel"], who["handle"])
        return look

    def _end_visit(self, line: Line) -> None:
        row = as_row(line["content"]["row"], *_VISIT_INSTANTS)
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

    def _page(self, look: Asked, sighting: Line, found: Mapping[str, list[Post]]) -> Page:
        posts = [self._post(look, sighting, told, found) for told in sighting["posts"]]
        seen_at = datetime.fromisoformat(sighting["seen_at"])
        return Page("", look.account, tuple(post for post in posts if post), (), seen_at)

    def _post(self, look: Asked, sighting: Line, told: list[str], found: Mapping[str, list[Post]]) -> Post | None:
        post_id, sealed = told
        states = [self._with_media(look, sighting, post) for post in found.get(post_id, ())]
        if not states:
            self.lost.append(f"{post_id} ({look.account.key}, {sighting['seen_at']})")
            return None
        same = next((post for post in states if content_id(post) == sealed), None)
        if same is None:
            self.changed.append(post_id)
        return same or states[-1]

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
        """Read an import again, as it was delivered."""
        files = [
            Export(one["name"], self.archive.body(one["sha256"]), frozenset(one["beside"])) for one in content["files"]
        ]
        beside = {(one["name"], name): sha256 for one in content["files"] for name, sha256 in one["beside"].items()}
        received_at = datetime.fromisoformat(content["received_at"])
        delivery = Delivery(tuple(files), received_at, self._workspace.instance.zone, content["columns"])

        def media(file: str, name: str) -> bytes | None:
            sha256 = beside.get((file, name))
            return self.archive.body(sha256) if sha256 else None

        bound = bind(self._workspace.registry, self._store, Brought(formats()[content["format"]], delivery, media))
        self.posts += len(bound.posts)
        self._store.append(rows_of(bound, received_at))

    def _wait(self, batches: Mapping[str, list[Row]]) -> None:
        for table, rows in batches.items():
            self._waiting.setdefault(table, []).extend(rows)
        if sum(map(len, self._waiting.values())) >= FLUSH_ROWS:
            self._flush()

    def _flush(self) -> None:
        self._store.append(self._waiting)
        self._waiting = {}


def _exchange(fresh: Path, path: Path) -> Path | None:
    """Put the new file in the old one's place; a write-ahead log belongs to its own file only."""
    kept = path.with_name(f"{path.name}.before-rebuild")
    _remove(kept)
    moves = [(one, Path(f"{kept}{end}")) for one, end in _parts(path)]
    moves += [(one, Path(f"{path}{end}")) for one, end in _parts(fresh)]
    for source, target in moves:
        source.replace(target)
    return kept if kept.exists() else None


def _parts(path: Path) -> Iterator[tuple[Path, str]]:
    """The files of a store that are there, the log first."""
    for end in (".wal", ""):
        if (part := Path(f"{path}{end}")).exists():
            yield part, end


def _remove(path: Path) -> None:
    for part, _ in list(_parts(path)):
        part.unlink()
