"""Agencies, campaigns, materials, days and posts -> the index that the search script reads."""

from __future__ import annotations

import json
from collections.abc import Iterator

from queries.report.captions import tidy
from queries.site.facts import AccountFact, PostFact
from queries.site.names import DAYS, agency_name, campaign_name, post_name
from queries.site.told import Told, material_anchor

EXCERPT = 240  # letters of a post's text that can be found
TITLE = 120

Entry = dict[str, str]


def entry(kind: str, title: str, about: str, page: str, text: str = "") -> Entry:
    """`k`ind, `t`itle, what it is `a`bout, `u`: its page, and te`x`t that can be found but is not shown."""
    return {"k": kind, "t": tidy(title), "a": tidy(about), "u": page, "x": tidy(text)}


def lasting_entries(told: Told) -> Iterator[Entry]:
    """All but the posts, in the order of the front page."""
    site = told.site
    for agency_id, agency in site.agencies.items():
        accounts: tuple[AccountFact, ...] = site.accounts.get(agency_id, ())
        handles = " ".join(one.handle for one in accounts)
        yield entry("agency", agency.name, agency.kind, agency_name(agency_id), f"{agency_id} {handles}")
    for campaign_id, campaign in site.campaigns.items():
        numbers = " ".join(f"{one.number} {one.issuer}" for one in campaign.instruments)
        yield entry("campaign", campaign.title, "", campaign_name(campaign_id), f"{campaign_id} {numbers}")
        for material in campaign.materials:
            page = f"{campaign_name(campaign_id)}#{material_anchor(material.material_id)}"
            words = " ".join((material.material_id, *material.require.hashtags, material.caption[:EXCERPT]))
            yield entry("material", material.title, campaign.title, page, words)
    for day in sorted(site.days.published, reverse=True):
        yield entry("day", told.day(day), told.words.text("title.report"), f"{DAYS}/{day}/index.html", day.isoformat())


def post_entry(told: Told, post: PostFact) -> Entry:
    """A post by the first words of its text."""
    said = tidy(post.text[: 2 * EXCERPT].replace("\n", " "))[:EXCERPT]
    about = f"{told.agency(post.agency_id)} · {told.words.moment(post.published_at)}"
    title = said if len(said) <= TITLE else f"{said[:TITLE]}…"
    rest = said[said.rfind(" ", 0, TITLE) + 1 :] if len(said) > TITLE else ""  # a word that was cut can still be found
    return entry("post", title or post.url, about, post_name(post.post_id), f"{rest} {post.handle}")


def index_json(entries: list[Entry]) -> bytes:
    """For other programs."""
    return (json.dumps(entries, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8", "replace")


def index_script(entries: list[Entry]) -> bytes:
    """The same as a script: a page opened from a disk may read no file, but may run one."""
    return f'"use strict";\nconst TAYANG_CARI={json.dumps(entries, separators=(",", ":"))};\n'.encode()
