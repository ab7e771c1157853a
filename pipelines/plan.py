"""Registry, duties and history -> which accounts to look at, how far back, and in which order."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.exceptions import CloseSpider

from crawler.assignments import Assignment
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
from crawler.visit import ChannelSpider
from pipelines.again import NOTHING, Behind, posts_behind
from pipelines.canaries import canaries_to_see
from pipelines.check import Workspace, open_workspace
from pipelines.covered import coverage_of
from pipelines.crawl import Keeper, open_keeper
from pipelines.lock import only_run
from pipelines.memory import Memory
from pipelines.mentions import is_running, span_of, spoken, words_of
from pipelines.order import RETRY_WINDOWS, Need, Past, in_order, need_of, needs_of
from pipelines.our_clock import check_clock
from pipelines.resting import Resting, looks_of
from pipelines.store import Store, store_at

# News media: how far the first look goes back, how much of the time already read is read again (an article may
# appear in a feed hours after its date), and how many of a campaign's words their searches are asked for.
FIRST_LOOK_BACK = timedelta(days=31)
SECOND_LOOK = timedelta(days=2)
SEARCHED_WORDS = 5

# A look that was refused, or never made because the channel stopped, leaves its account unvisited.
HISTORY_SQL = """
    SELECT channel || ':' || handle AS account, max(started_at) FILTER (WHERE outcome <> 'blocked') AS visited_at,
      arg_min(native_id, started_at) AS native_id, bool_or(posts_seen > 0) AS has_posts,
      arg_max(outcome = 'blocked' AND cause = 'not_visited', started_at) AS was_left
    FROM visit_rows GROUP BY channel, handle
"""
FULFILLED_SQL = """
    SELECT campaign_id, material_id, agency_id, opens_at FROM newest_verdict_rows WHERE status = 'fulfilled'
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a caller asked to be crawled; empty = everything."""

    channels: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    accounts: tuple[str, ...] = ()


def assign(workspace: Workspace, store: Store, channel: str, wanted: Wanted) -> list[Assignment]:
    """The accounts of one channel as they are to be visited: canaries, then the most useful (`pipelines.order`)."""
    needs: dict[str, Need] = {}
    with store.held():
        known = _Known(store, now_utc())
        if channel == CHANNEL:
            found = _outlets_to_ask(workspace, known, wanted)
        else:
            found = _accounts_to_visit(workspace, known, channel, wanted)
            fulfilled = {tuple(row.values()) for row in store.rows(FULFILLED_SQL)}
            needs = needs_of(workspace.duties, known.coverage, known.now, fulfilled)
    by_key = {one.account.key: one for one in found if not wanted.accounts or one.account.key in wanted.accounts}
    canaries = _canaries(workspace, channel, wanted, known.now)
    return [*canaries, *(by_key[key] for key in in_order(by_key, needs, known.past()))]


class _Known:
    """What the store knows of earlier visits, at one instant."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store, self.now = store, now
        self.history = {row["account"]: row for row in store.rows(HISTORY_SQL)}
        self.shown = {key for key, row in self.history.items() if row["has_posts"]}
        self.coverage = coverage_of(store)

    def past(self) -> dict[str, Past]:
        return {key: Past(row["visited_at"], bool(row["was_left"])) for key, row in self.history.items()}


def _accounts_to_visit(workspace: Workspace, known: _Known, channel: str, wanted: Wanted) -> list[Assignment]:
    now = known.now
    starts = wanted_starts(workspace, known.coverage, now)
    resting = Resting(looks_of(known.store), workspace.duties, known.coverage, _lookback(workspace))
    accounts = _accounts_of(workspace, channel, wanted, now)
    behind = posts_behind(known.store, workspace.instance.crawl.look_again_days, now)
    since = {one.key: wanted.since or _since(one.key, starts, behind, resting, now) for one in accounts}
    media = _known_media(known.store, min(since.values(), default=now))
    ids = {key: row["native_id"] for key, row in known.history.items()}
    again = {one.key: behind.get(one.key, NOTHING).standings(since[one.key]) for one in accounts}
    is_wished = wanted != Wanted(wanted.channels)  # who asks for something by name wants all of it
    return [
        Assignment(
            one, since[one.key], wanted.until, one.native_id or ids.get(one.key), media, again[one.key],
            rests_since=None if is_wished or again[one.key] else resting.since(one.key, now),
            has_posts=one.key in known.shown,
        )
        for one in accounts
    ]  # fmt: skip


def _accounts_of(workspace: Workspace, channel: str, wanted: Wanted, now: datetime) -> list[Account]:
    ours = (one for one in workspace.registry.accounts if one.channel == channel)
    return [one for one in ours if _is_wanted(one, workspace, wanted, now)]


def _since(
    key: str, starts: Mapping[str, datetime], behind: Mapping[str, Behind], resting: Resting, now: datetime
) -> datetime:
    start = resting.reads_from(key, starts.get(key, now), now)
    return behind.get(key, NOTHING).reads_from(start)


def _canaries(workspace: Workspace, channel: str, wanted: Wanted, now: datetime) -> list[Assignment]:
    """First of all, but where single agencies or accounts are asked for."""
    if wanted.agencies or wanted.accounts:
        return []
    return canaries_to_see(workspace.instance.health.canaries, channel, now)


def wanted_starts(workspace: Workspace, coverage: Mapping[str, Sequence[Span]], now: datetime) -> dict[str, datetime]:
    """For each account, the instant from which its list must be read now.

    That is the opening of the earliest window that is still being judged, or is not yet proved; an
    account that was never observed is read some days further back, so that early posts are seen.
    """
    lookback = _lookback(workspace)
    starts = {account.key: now - lookback for account in workspace.registry.accounts}
    for duty in workspace.duties:
        for account in duty.accounts:
            if need_of(duty, coverage.get(account, ()), now):
                start = duty.window.start if coverage.get(account) else duty.window.start - lookback
                starts[account] = min(starts[account], start)
    return starts


def _lookback(workspace: Workspace) -> timedelta:
    return timedelta(days=workspace.instance.crawl.lookback_days)


def _outlets_to_ask(workspace: Workspace, known: _Known, wanted: Wanted) -> list[Assignment]:
    """The confirmed media, while some campaign runs that they may write about; never for single agencies."""
    now, coverage = known.now, known.coverage
    starts = [span.start for one in workspace.campaigns if is_running(one, now) and (span := span_of(one))]
    if not starts or wanted.agencies:
        return []
    first = max(min(starts), now - FIRST_LOOK_BACK)
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


def _is_wanted(account: Account, workspace: Workspace, wanted: Wanted, now: datetime) -> bool:
    if wanted.agencies and account.agency_id not in wanted.agencies:
        return False
    zone = workspace.instance.zone
    starts = account.active_from is None or local_midnight(account.active_from, zone) <= now
    # An account that closed a while ago may still owe an answer about its last days.
    ends = account.active_until is None or now < local_midnight(account.active_until, zone) + RETRY_WINDOWS
    return starts and ends


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
        check_clock(store, now_utc())
        if isinstance(spider, InstagramSpider):
            spider.instance, spider.token = workspace.instance, instagram_token(workspace.instance)
        keeper = open_keeper(workspace, store, self._settings.get("TAYANG_RUN_ID"))
        with store.held():
            self._equip(spider, workspace, store, keeper)

    def _equip(self, spider: ChannelSpider, workspace: Workspace, store: Store, keeper: Keeper) -> None:
        if isinstance(spider, MediaSpider):
            spider.askings = askings_of(workspace, now_utc())
        elif isinstance(spider, NewsSpider):
            spider.habits, spider.words = habits_of(store), _searched_words(workspace, now_utc())
        spider.slots, spider.rates = keeper.slots, keeper.rates
        spider.recall = Memory(store, workspace.instance.home).recall
        seconds = self._settings.getfloat("TAYANG_BUDGET_SECONDS")
        spider.deadline = time.monotonic() + seconds if seconds else None
        spider.run_id = self._settings.get("TAYANG_RUN_ID")
        spider.assignments = assign(workspace, store, spider.channel, wanted_of(self._settings))


def wanted_of(settings: Any) -> Wanted:
    """The caller's wishes as the front door put them into the settings."""
    wanted = settings.get("TAYANG_WANTED")
    return wanted if isinstance(wanted, Wanted) else Wanted()
