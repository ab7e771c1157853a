"""What a plan asks of a spider: which account to look at, from when to when, and which posts must be found again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crawler.items import Account


@dataclass(frozen=True, slots=True)
class Standing:
    """A known state of a post, and the address by which it can be asked for alone."""

    post_id: str
    content_id: str
    url: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """One account to look at, for what it published in `[since, until)`, until None = now.

    `native_id` is the id it is known by, from registry or history; `known_media` maps media ids to
    digests already kept, so each content is fetched once; `again` are posts that must be found again, in the list
    or at their own address. Of a canary posts are counted, neither kept nor shown. `rests_since` is when the last look
    ended, where no verdict rests on this one: what shows nothing new since then need not be asked; None = absence is
    to be proved. `has_posts`: earlier looks saw posts of it.
    """

    account: Account
    since: datetime
    until: datetime | None = None
    native_id: str | None = None
    known_media: Mapping[str, str] = field(default_factory=dict)
    again: tuple[Standing, ...] = ()
    is_canary: bool = False
    rests_since: datetime | None = None
    has_posts: bool = False
