"""A workspace and what is wanted -> one crawl over the channels, and how each visit ended."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler.errors import StoreDamaged, WrongUse
from crawler.handles import channels_with_spiders
from crawler.language import say
from crawler.problems import nearest
from crawler.redaction import guard_logs
from crawler.visit import ChannelSpider
from crawler.workspace_settings import settings_of
from pipelines.check import Workspace
from pipelines.crawl import open_keeper
from pipelines.endings import Ending, endings
from pipelines.plan import Wanted, assign
from pipelines.progress import Progress
from pipelines.store import Store


def collect(
    workspace: Workspace, store: Store, run_id: str, wanted: Wanted, tell: Callable[[str], None]
) -> list[Ending]:
    """Crawl once; a process can do so only once (Scrapy's reactor). Returns how each visit ended.

    Raises: KeyboardInterrupt after a signal, WrongUse for a channel that cannot be crawled or an unknown
    agency, StoreDamaged when not every assigned account ended in exactly one visit.
    """
    channels = wanted.channels or sorted(channels_with_spiders())
    _check_agencies(workspace, wanted.agencies)
    for channel in channels:
        if channel not in channels_with_spiders():
            raise WrongUse(_no_spider(channel))
    expected = sum(len(assign(workspace, store, channel, wanted)) for channel in channels)
    keeper = open_keeper(workspace, store, run_id)
    keeper.progress = Progress(expected, tell)
    was_stopped = _crawl(workspace, run_id, channels, wanted)
    if keeper.failure is not None:  # a full or read-only disk; the next run goes on from what was kept
        raise keeper.failure
    keeper.flush()  # what the last stage could not write, while somebody held the store
    ended = endings(store, run_id)
    if was_stopped:
        raise KeyboardInterrupt  # the crawl ended in order; what was seen is kept
    if len(ended) != expected:
        raise StoreDamaged(
            say(f"{expected} akun ditugaskan, {len(ended)} kunjungan tercatat: putaran ini tidak utuh",
                f"{expected} accounts were assigned, {len(ended)} visits recorded: this run is not whole")
        )  # fmt: skip
    return ended


def _check_agencies(workspace: Workspace, wanted: Sequence[str]) -> None:
    known = {agency.agency_id for agency in workspace.registry.agencies}
    for agency_id in wanted:
        if agency_id not in known:
            meant = nearest(agency_id, known) or "…"
            raise WrongUse(say(f"tidak ada perangkat daerah '{agency_id}'; maksudnya {meant}?",
                               f"there is no agency '{agency_id}'; did you mean {meant}?"))  # fmt: skip


def _no_spider(channel: str) -> str:
    known = channels_with_spiders()
    meant = nearest(channel, known) or ", ".join(sorted(known))
    return say(f"kanal '{channel}' tidak dapat dikunjungi; maksudnya {meant}?",
               f"channel '{channel}' cannot be crawled; did you mean {meant}?")  # fmt: skip


def _crawl(workspace: Workspace, run_id: str, channels: Sequence[str], wanted: Wanted) -> bool:
    """Crawl the channels side by side; whether a signal ended it early."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict(settings_of(workspace.instance), priority="cmdline")
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")  # the front door has its own
    settings.set("TAYANG_RUN_ID", run_id, priority="cmdline")
    settings.set("TAYANG_WANTED", wanted, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    guard_logs()
    crawlers = [process.create_crawler(channel) for channel in channels]
    for crawler in crawlers:
        process.crawl(crawler)
    stop = _Stop(crawlers)
    with stop.on_signals():
        process.start(install_signal_handlers=False)
    return stop.was_asked


class _Stop:
    """Ctrl-C or a service manager's stop: looks under way are given up, the rest ends in order.

    Scrapy's own handlers wait for a spider to become idle, which ours are only when all looks have ended.
    """

    def __init__(self, crawlers: Sequence[Crawler]) -> None:
        self._crawlers = crawlers
        self.was_asked = False

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Listen while the block runs; a second signal ends the process at once, as after a kill."""
        before = {one: signal.signal(one, self._asked) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def _asked(self, signum: int, _frame: object) -> None:
        from twisted.internet import reactor  # only now is it the one that Scrapy chose

        self.was_asked = True
        signal.signal(signum, signal.SIG_DFL)
        reactor.callFromThread(self._end_looks)

    def _end_looks(self) -> None:
        for crawler in self._crawlers:
            if isinstance(crawler.spider, ChannelSpider):
                crawler.spider.end_looks()
