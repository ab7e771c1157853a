"""Items of the crawl -> evidence, fingerprints and rows: three thin Scrapy stages over one keeper."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from scrapy.exceptions import DropItem

from crawler.errors import StoreDamaged
from crawler.items import Media, Page, Post, Span, Visit
from crawler.rates import FILE as RATES
from crawler.rates import RateBook
from pipelines.check import Workspace
from pipelines.evidence import Evidence
from pipelines.fingerprinting import FingerprintPool
from pipelines.media.trouble import WORTH_ANOTHER_TRY
from pipelines.progress import Progress
from pipelines.recognise import references_of, spans_of
from pipelines.rows import Row, evidence_row, fingerprint_row, head_rows, post_rows, sighting_rows, visit_row
from pipelines.run_log import Traffic, note_visit
from pipelines.sealed import SIGHTING, VISIT, index_missed, sighting_note, visit_note
from pipelines.store import Store
from pipelines.warc import Kept

FLUSH_ROWS = 2000
FLUSH_SECONDS = 5.0

# Payloads this recent are referred to instead of repeated: a quiet page is asked every day.
KNOWN_SQL = """
    SELECT sha256, arg_min(url, fetched_at) AS url, min(fetched_at) AS fetched_at FROM evidence_rows
    WHERE warc_file IS NOT NULL AND bytes > 0 AND fetched_at > now() - INTERVAL 3 DAY
      AND sha256 NOT IN (SELECT sha256 FROM deletion_rows) GROUP BY sha256
"""


class Keeper:
    """Evidence, fingerprint worker and waiting rows of one run; shared by its spiders."""

    def __init__(self, home: Path, run_id: str, store: Store, spans: Sequence[Span], concurrency: int) -> None:
        """`spans`: times in which a post may matter to some material; `concurrency`: looks at a time."""
        self.store = store
        known = {row["sha256"]: Kept(row["url"], row["fetched_at"]) for row in store.rows(KNOWN_SQL)}
        self.evidence = Evidence(home, run_id, known)
        index_missed(store, self.evidence)
        self.pool = FingerprintPool()
        self._spans = spans
        self.progress = Progress.silent()
        self.traffic = Traffic()
        self.slots = asyncio.Semaphore(concurrency)
        self.rates = RateBook(home / RATES)
        self.failure: OSError | StoreDamaged | None = None
        self._waiting: dict[str, list[Row]] = {}
        self._flushed_at = time.monotonic()

    def check(self) -> None:
        """Once the disk refused something nothing more is kept: a visit may not claim posts that were lost before it.

        Raises: DropItem.
        """
        if self.failure is not None:
            raise DropItem(str(self.failure), log_level="DEBUG")

    @contextmanager
    def minding_the_disk(self) -> Iterator[None]:
        """Note in `failure` what the disk refuses, or has lost, while the block runs. Raises: DropItem."""
        try:
            yield
        except (OSError, StoreDamaged) as error:
            self.failure = error
        self.check()

    def add_page(self, page: Page) -> None:
        """Let a page's posts wait for the next flush, and seal that they were seen."""
        if page.posts or page.standing:
            self.evidence.note(SIGHTING, sighting_note(page))
        self._wait("post_rows", post_rows(page))
        self._wait("sighting_rows", sighting_rows(page))

    def add_visit(self, visit: Visit) -> None:
        """Let a visit wait behind the posts it saw: both enter in one transaction, or that order."""
        self.evidence.note(VISIT, visit_note(visit))
        self._wait("visit_rows", [visit_row(visit)])
        self.progress.visited(visit)
        note_visit(visit, self.traffic.end(visit.account.key))

    def matters(self, post: Post) -> bool:
        """Whether the post falls into a time for which some material is owed."""
        return any(post.published_until >= span.start and post.published_at < span.end for span in self._spans)

    def flush_if_due(self) -> None:
        """Flush when enough rows wait, or long enough."""
        waiting = sum(map(len, self._waiting.values()))
        if waiting >= FLUSH_ROWS or time.monotonic() - self._flushed_at > FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Bytes durable, then the ledger, then the rows; what fails stays waiting."""
        lines = self.evidence.commit()
        self._wait("evidence_rows", [row for line in lines if (row := evidence_row(line))])
        self._wait("ledger_head_rows", head_rows(lines))
        read = [(sha256, one) for sha256, one in self.pool.finished() if one.trouble not in WORTH_ANOTHER_TRY]
        self._wait("fingerprint_rows", [fingerprint_row(sha256, one) for sha256, one in read])
        self.store.append(self._waiting)
        self._waiting = {}
        self._flushed_at = time.monotonic()

    def _wait(self, table: str, rows: list[Row]) -> None:
        self._waiting.setdefault(table, []).extend(rows)


_keepers: dict[tuple[Path, str], Keeper] = {}


def open_keeper(workspace: Workspace, store: Store, run_id: str) -> Keeper:
    """The one keeper of a run in this process, made when first asked for."""
    key = (workspace.instance.home, run_id)
    if key not in _keepers:
        spans = tuple(spans_of(references_of(workspace, store), workspace).values())
        _keepers[key] = Keeper(*key, store, spans, workspace.instance.crawl.concurrency)
    return _keepers[key]


class Stage:
    """A Scrapy pipeline stage; its keeper was opened when the accounts were assigned."""

    def __init__(self, home: Path, run_id: str) -> None:
        self._key = (home, run_id)

    @classmethod
    def from_crawler(cls, crawler: Any) -> Any:
        """Built by Scrapy."""
        settings = crawler.settings
        return cls(Path(settings.get("TAYANG_HOME", ".")), settings.get("TAYANG_RUN_ID", ""))

    @property
    def keeper(self) -> Keeper:
        """Shared with the other stages and spiders of the run."""
        return _keepers[self._key]


class KeepEvidence(Stage):
    """Bytes first: nothing is said later that does not rest on them."""

    def process_item(self, item: Page | Visit) -> Page | Visit:
        """Write the item's captures."""
        self.keeper.check()
        with self.keeper.minding_the_disk():
            for capture in item.captures:
                self.keeper.evidence.keep(capture, item.account.key)
        self.keeper.traffic.add(item)
        return item


class FingerprintAhead(Stage):
    """New media are fingerprinted on another core while the crawl goes on."""

    def process_item(self, item: Page | Visit) -> Page | Visit:
        """Hand new media to the worker; `match` reads what a kill leaves undone, or a later material asks for."""
        if isinstance(item, Page):
            for post in filter(self.keeper.matters, item.posts):
                for media in post.media:
                    self._submit(media)
        return item

    def _submit(self, media: Media) -> None:
        path = self.keeper.evidence.fresh_media.pop(media.sha256 or "", None)
        if path and media.sha256:
            self.keeper.pool.submit(media.sha256, path, media.kind)


class KeepRows(Stage):
    """Rows in batches, one short transaction each."""

    def process_item(self, item: Page | Visit) -> Page | Visit:
        """Let the item's rows wait, and flush when due."""
        if isinstance(item, Page):
            self.keeper.add_page(item)
        else:
            self.keeper.add_visit(item)
        with self.keeper.minding_the_disk():
            self.keeper.flush_if_due()
        return item

    def close_spider(self) -> None:
        """Write what still waits, if any account was assigned at all."""
        if self._key in _keepers and self.keeper.failure is None:
            with suppress(DropItem), self.keeper.minding_the_disk():
                self.keeper.flush()
