"""What an export names (handles, agencies, post ids) -> registered accounts, and what is known already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from crawler.handles import normalise_handle
from crawler.imports import Found
from crawler.items import Account, Post, Quality
from crawler.registry import Registry
from crawler.shortcodes import code_of
from pipelines.rows import content_id
from pipelines.store import Store

# Instagram posts that a crawl has seen, by shortcode; is_whole = nothing of them stayed unseen.
CRAWLED_SQL = """
    SELECT regexp_extract(url, '/(?:p|reel|reels|tv)/([A-Za-z0-9_-]+)', 1) AS code, unread IS NULL
      AND len(list_filter(media, lambda m: m.sha256 IS NULL OR m.trouble IS NOT NULL)) = 0 AS is_whole
    FROM posts WHERE channel = 'instagram' AND origin = 'crawl'
"""
KNOWN_SQL = """
    SELECT post_id, content_id, origin, published_until FROM post_rows WHERE post_id IN (SELECT unnest($ids::TEXT[]))
"""
SEEN_SQL = "SELECT post_id, content_id, seen_at FROM sighting_rows WHERE post_id IN (SELECT unnest($ids::TEXT[]))"
MEDIA_SQL = """
    SELECT m.media_id, arg_max(m.sha256, seen_at) AS sha256
    FROM (SELECT seen_at, unnest(media) AS m FROM post_rows WHERE post_id IN (SELECT unnest($ids::TEXT[])))
    WHERE m.sha256 IS NOT NULL GROUP BY ALL
"""


@dataclass(frozen=True, slots=True)
class Owners:
    """The registry by the names that exports use."""

    by_handle: Mapping[tuple[str, str], Account]
    by_agency: Mapping[str, tuple[Account, ...]]
    agencies: Mapping[str, str]

    @classmethod
    def of(cls, registry: Registry) -> Owners:
        """Arrange a registry."""
        by_agency: dict[str, tuple[Account, ...]] = {}
        for one in registry.accounts:
            by_agency[one.agency_id] = (*by_agency.get(one.agency_id, ()), one)
        ids = {one.agency_id.casefold(): one.agency_id for one in registry.agencies}
        names = {one.name.casefold(): one.agency_id for one in registry.agencies}
        return cls({(one.channel, one.handle): one for one in registry.accounts}, by_agency, {**names, **ids})

    def agency_of(self, written: str) -> str | None:
        """The agency that an id or a name means."""
        return self.agencies.get(" ".join(written.split()).casefold())

    def account_of(self, found: Found) -> Account | None:
        """The account a post belongs to: its owner's, else a co-author's, else the claimant's own."""
        handles = [handle for one in found.handles if (handle := _handle(found.post.channel, one))]
        named = [self.by_handle.get((found.post.channel, handle)) for handle in handles]
        if not found.agency:
            return next(filter(None, named), None)
        own = self._holders(found.agency, found.post)
        return next((one for one in own if not handles or one in named), None)

    def _holders(self, agency: str, post: Post) -> list[Account]:
        """The accounts of an agency, as written, that the post can be of."""
        return [one for one in self.by_agency.get(self.agency_of(agency) or "", ()) if _can_hold(one, post)]


def _handle(channel: str, written: str) -> str | None:
    try:
        return normalise_handle(channel, written)
    except ValueError:
        return None


def _can_hold(account: Account, post: Post) -> bool:
    if account.channel != post.channel:
        return False
    return post.channel != "news" or _is_below(post.url, account.handle)


def _is_below(url: str, site: str) -> bool:
    page, base = urlsplit(url), urlsplit(site)
    same_host = page.netloc.removeprefix("www.") == base.netloc.removeprefix("www.")
    return same_host and f"{page.path}/".startswith(f"{base.path.rstrip('/')}/")


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of the posts that are brought."""

    crawled: Mapping[str, bool]
    crawled_ids: frozenset[str]
    contents: frozenset[tuple[str, str]]
    sightings: frozenset[tuple[str, str, datetime]]
    latest: Mapping[str, datetime]
    media: Mapping[str, str]

    @classmethod
    def of(cls, store: Store, post_ids: Sequence[str]) -> Known:
        """Read what concerns these posts."""
        ids = {"ids": sorted(set(post_ids))}
        posts = store.rows(KNOWN_SQL, ids)
        latest: dict[str, datetime] = {}
        for row in posts:
            latest[row["post_id"]] = min(latest.get(row["post_id"], row["published_until"]), row["published_until"])
        return cls(
            {row["code"]: row["is_whole"] for row in store.rows(CRAWLED_SQL)},
            frozenset(row["post_id"] for row in posts if row["origin"] == "crawl"),
            frozenset((row["post_id"], row["content_id"]) for row in posts),
            frozenset((row["post_id"], row["content_id"], row["seen_at"]) for row in store.rows(SEEN_SQL, ids)),
            latest, {row["media_id"]: row["sha256"] for row in store.rows(MEDIA_SQL, ids)},
        )  # fmt: skip

    def narrowed(self, post: Post) -> Post:
        """Of an uncertain time, an earlier capture may have told a narrower one: it existed by then."""
        if post.published_quality is not Quality.LOWER_BOUND or post.post_id not in self.latest:
            return post
        latest = min(post.published_until, self.latest[post.post_id])
        return replace(post, published_until=max(post.published_at, latest))

    def has(self, post: Post, seen_at: datetime | None) -> bool:
        """Whether the post adds nothing: a crawl saw it, or as much was brought before."""
        if post.post_id in self.crawled_ids or self._crawl_tells_more(post):
            return True
        told = (post.post_id, content_id(post))
        if seen_at is not None:
            return (*told, seen_at) in self.sightings
        return told in self.contents or (post.post_id in self.latest and not _shows_anything(post))

    def _crawl_tells_more(self, post: Post) -> bool:
        if post.channel != "instagram":
            return False
        is_whole = self.crawled.get(code_of(int(post.native_id)))
        return is_whole is not None and (is_whole or not _shows_anything(post))


def _shows_anything(post: Post) -> bool:
    return bool(post.text or any(one.sha256 for one in post.media))
