"""Registry, duties and history -> which accounts to look at, how far back, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.exceptions import CloseSpider

from crawler.discovery.outlet import CHANNEL, Asking
from crawler.discovery.watch import Habit
from crawler.errors import TayangError
from crawler.instance import instagram_token
from crawler.items import Account, Span
from crawler.local_time import local_midnight, now_utc
from crawler.redaction import guard_logs
from crawler.spiders.instagram import InstagramSpider
from crawler.spiders.media import MediaSpider
from crawler.spiders.news import NewsSpider
from crawler.visit import Assignment, ChannelSpider
from pipelines.check import Workspace, open_workspace
from pipelines.crawl import open_keeper
from pipelines.items import Duty
from pipelines.judge import covered
from pipelines.lock import only_run
from pipelines.memory import Memory
from pipelines.mentions import is_running, span_of, spoken, words_of
from pipelines.store import Store, store_at

# A window that stayed unproved is asked for again this long; then the gap is accepted as it is.
RETRY_WINDOWS = timedelta(days=14)

# News media: how far the first look goes back, how much of the time already read is read again (an article may
# appear in a feed hours after its date), and how many of a campaign's words their searches are asked for.
FIRST_LOOK_BACK = timedelta(days=31)
SECOND_LOOK = timedelta(days=2)
SEARCHED_WORDS = 5

# A look that was refused, or never made because the channel stopped, leaves its account unvisited.
HISTORY_SQL = """
    SELECT channel || ':' || handle AS account, max(started_at) FILTER (WHERE outcome <> 'blocked') AS visited_at,
      arg_min(native_id, started_at) AS native_id
    FROM visit_rows GROUP BY channel, handle
"""
# What arrived unreadable is no known content: it is fetched again.
MEDIA_SQL = """
    SELECT one.media_id AS media_id, arg_max(one.sha256, seen_at) AS sha256
    FROM (SELECT unnest(media) AS one, seen_at FROM post_rows WHERE published_at >= $since)
    WHERE one.sha256 IS NOT NULL
      AND one.sha256 NOT IN (SELECT sha256 FROM fingerprint_rows WHERE trouble IS NOT NULL)
    GROUP BY one.media_id
"""
# Only looks that could be read teach what is usual: a broken reader must not become the custom.
HABITS_SQL = """
    WITH seen AS (
      SELECT p.channel || ':' || p.handle AS account, p.post_id,
        arg_max(length(p.text) - strpos(p.text || chr(10), chr(10)), p.seen_at) AS letters,
        arg_max(len(p.media) > 0, p.seen_at) AS is_pictured
      FROM (SELECT p.* EXCLUDE (seen_at), s.seen_at FROM sighting_rows s JOIN post_rows p USING (post_id, content_id)
            WHERE p.channel = 'news' AND p.origin = 'crawl' AND p.unread IS NULL
              AND s.seen_at > now() - INTERVAL 365 DAY) p
      ASOF JOIN visit_rows v ON v.channel = p.channel AND v.handle = p.handle AND p.seen_at >= v.started_at
      WHERE v.outcome IN ('complete', 'partial')
      GROUP BY ALL)
    SELECT account, count(*) AS articles, greatest(median(letters), 0) AS letters, avg(is_pictured::INT) AS pictured
    FROM seen GROUP BY account
"""
COVERAGE_SQL = "SELECT channel || ':' || handle AS account, covers_from, covers_until FROM coverage ORDER BY ALL"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a caller asked to be crawled; empty = everything."""

    channels: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


def assign(workspace: Workspace, store: Store, channel: str, wanted: Wanted) -> list[Assignment]:
    """The accounts of one channel in the order to visit them: longest unseen first."""
    now = now_utc()
    if channel == CHANNEL:
        return _outlets_to_ask(workspace, store, wanted, now)
    history = {row["account"]: row for row in store.rows(HISTORY_SQL)}
    starts = wanted_starts(workspace, coverage_of(store), now)
    accounts = [
        one for one in workspace.registry.accounts if one.channel == channel and _is_wanted(one, workspace, wanted, now)
    ]
    since = {one.key: wanted.since or starts.get(one.key, now) for one in accounts}
    media = _known_media(store, min(since.values(), default=now))
    return sorted(
        (
            Assignment(
                one,
                since[one.key],
                wanted.until,
                one.native_id or history.get(one.key, {}).get("native_id"),
                media,
            )
            for one in accounts
        ),
        key=lambda each: (_last_visit(history, each.account.key), each.account.key),
    )


def wanted_starts(workspace: Workspace, coverage: Mapping[str, Sequence[Span]], now: datetime) -> dict[str, datetime]:
    """For each account, the instant from which its list must be read now.

    That is the opening of the earliest window that is still being judged, or is not yet proved; an
    account that was never observed is read some days further back, so that early posts are seen.
    """
    lookback = timedelta(days=workspace.instance.crawl.lookback_days)
    starts = {account.key: now - lookback for account in workspace.registry.accounts}
    for duty in workspace.duties:
        for account in duty.accounts:
            if _still_matters(duty, coverage.get(account, ()), now):
                start = duty.window.start if coverage.get(account) else duty.window.start - lookback
                starts[account] = min(starts[account], start)
    return starts


def _still_matters(duty: Duty, spans: Sequence[Span], now: datetime) -> bool:
    graced = Span(duty.window.start, duty.window.end + timedelta(hours=duty.grace_hours))
    settled = max(graced.end, duty.window.end + timedelta(hours=duty.keep_hours))
    if duty.window.start > now:
        return False
    # The last hours of grace are read after they are over, else a late post would stay `missing`.
    return settled > now or (not covered(spans, graced) and settled + RETRY_WINDOWS > now)


def _outlets_to_ask(workspace: Workspace, store: Store, wanted: Wanted, now: datetime) -> list[Assignment]:
    """The confirmed media, while some campaign runs that they may write about; never for single agencies."""
    starts = [span.start for one in workspace.campaigns if is_running(one, now) and (span := span_of(one))]
    if not starts or wanted.agencies:
        return []
    first = max(min(starts), now - FIRST_LOOK_BACK)
    coverage = coverage_of(store)
    accounts = [Account("", CHANNEL, one.outlet_id) for one in workspace.outlets if one.confirmed_on]
    return [
        Assignment(one, wanted.since or _read_again_from(coverage.get(one.key, ()), first), wanted.until)
        for one in accounts
    ]  # fmt: skip


def _read_again_from(spans: Sequence[Span], first: datetime) -> datetime:
    """Some days before the end of what is already proved; `first` where nothing is."""
    return max(first, spans[-1].end - SECOND_LOOK) if spans else first


def askings_of(workspace: Workspace, now: datetime) -> dict[str, Asking]:
    """For each confirmed medium by account key: its feed, its searches for the running campaigns' words."""
    words = _running_words(workspace, now)
    searched = _searched_words(workspace, now)
    return {
        Account("", CHANNEL, one.outlet_id).key: Asking(
            one.feed, one.searches(searched), lambda text: bool(spoken(words, text))
        )
        for one in workspace.outlets
    }  # fmt: skip


def _running_words(workspace: Workspace, now: datetime, most: int | None = None) -> tuple[str, ...]:
    """The words of all running campaigns, of each the first `most`, each once."""
    running = [words_of(one)[:most] for one in workspace.campaigns if is_running(one, now)]
    return tuple(dict.fromkeys(word for of_one in running for word in of_one))


def _searched_words(workspace: Workspace, now: datetime) -> tuple[str, ...]:
    return _running_words(workspace, now, SEARCHED_WORDS)


def habits_of(store: Store) -> dict[str, Habit]:
    """What the articles of each news account gave in the looks of the last year that could be read."""
    return {row["account"]: Habit(row["articles"], row["letters"], row["pictured"]) for row in store.rows(HABITS_SQL)}


def coverage_of(store: Store) -> dict[str, tuple[Span, ...]]:
    """Merged spans per account key."""
    spans: dict[str, tuple[Span, ...]] = {}
    for row in store.rows(COVERAGE_SQL):
        spans[row["account"]] = (
            *spans.get(row["account"], ()),
            Span(row["covers_from"], row["covers_until"]),
        )
    return spans


def _is_wanted(account: Account, workspace: Workspace, wanted: Wanted, now: datetime) -> bool:
    if wanted.agencies and account.agency_id not in wanted.agencies:
        return False
    zone = workspace.instance.zone
    starts = account.active_from is None or local_midnight(account.active_from, zone) <= now
    # An account that closed a while ago may still owe an answer about its last days.
    ends = account.active_until is None or now < local_midnight(account.active_until, zone) + RETRY_WINDOWS
    return starts and ends


def _last_visit(history: Mapping[str, Mapping[str, Any]], account: str) -> float:
    visited_at = history.get(account, {}).get("visited_at")
    return visited_at.timestamp() if visited_at else 0.0


def _known_media(store: Store, since: datetime) -> dict[str, str]:
    return {row["media_id"]: row["sha256"] for row in store.rows(MEDIA_SQL, {"since": since - timedelta(days=1)})}


class AssignAccounts:
    """Scrapy extension: gives each spider its accounts before it starts, so that a plain
    `scrapy crawl instagram` does what `tayang crawl instagram` does."""

    def __init__(self, settings: Any) -> None:
        self._settings = settings
        self._lock: Any = None

    @classmethod
    def from_crawler(cls, crawler: Any) -> AssignAccounts:
        """Built by Scrapy."""
        guard_logs()
        extension = cls(crawler.settings)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self, spider: ChannelSpider) -> None:
        """Check the workspace, take its lock, and assign; nothing is asked of anyone otherwise."""
        try:
            self._assign(spider, Path(self._settings.get("TAYANG_HOME") or ""))
        except TayangError as error:
            spider.logger.error("%s", error)
            raise CloseSpider(type(error).__name__) from error

    def spider_closed(self) -> None:
        """Free the lock."""
        if self._lock is not None:
            self._lock.__exit__(None, None, None)

    def _assign(self, spider: ChannelSpider, home: Path) -> None:
        workspace = open_workspace(home)
        self._lock = only_run(home)
        self._lock.__enter__()
        store = store_at(home, workspace.instance.store_url)
        store.prepare()
        if isinstance(spider, InstagramSpider):
            spider.instance, spider.token = workspace.instance, instagram_token(workspace.instance)
        if isinstance(spider, MediaSpider):
            spider.askings = askings_of(workspace, now_utc())
        elif isinstance(spider, NewsSpider):
            spider.habits, spider.words = habits_of(store), _searched_words(workspace, now_utc())
        spider.slots = open_keeper(workspace, store, self._settings.get("TAYANG_RUN_ID")).slots
        spider.recall = Memory(store, home).recall
        spider.run_id = self._settings.get("TAYANG_RUN_ID")
        spider.assignments = assign(workspace, store, spider.channel, wanted_of(self._settings))


def wanted_of(settings: Any) -> Wanted:
    """The caller's wishes as the front door put them into the settings."""
    wanted = settings.get("TAYANG_WANTED")
    return wanted if isinstance(wanted, Wanted) else Wanted()
