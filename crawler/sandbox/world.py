"""The present day -> a small Klaten-like world: agencies, their posts, traps, and the known truth.

Dates are relative to today; media are drawn by the studio.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crawler.sandbox.graph import GraphAccount, GraphWorld
from crawler.sandbox.newsrooms import newsrooms
from crawler.sandbox.offices import BAN, TODAY, TOKEN, ZONE, Office, World, studio
from crawler.sandbox.stories import STORIES


def build_world(now: datetime) -> World:
    """The world as it stands at `now`."""
    world = World(now, studio(now.astimezone(ZONE).year))
    for agency_id, name, kind, story in STORIES:
        office = Office(agency_id, name, kind, world)
        office.truth[TODAY] = "pending"
        if kind == "kecamatan":
            office.truth[BAN] = "clear"
        story(office)
        world.offices.append(office)
    world.graph = GraphWorld(
        [
            GraphAccount(office.agency_id.replace("-", "_"), f"178414{number:09d}", tuple(office.posts), office.trap)
            for number, office in enumerate(world.offices) if office.has_instagram
        ],
        TOKEN,
    )  # fmt: skip
    world.sites = tuple(
        replace(office.site, articles=tuple(office.articles)) for office in world.offices if office.site
    )
    world.outlets = newsrooms(world)
    return world


