"""A few accounts with pictures and one site, their posts long done -> a world whose verdicts stay the same all day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from crawler.sandbox.graph import GraphAccount, GraphMedia, GraphPost, GraphWorld
from crawler.sandbox.server import Sandbox
from crawler.sandbox.sites import Site, SiteArticle
from crawler.sandbox.studio import as_jpeg, filler_jpeg, poster
from tests.homes import ORDERED, PLEDGE, beside, write, write_registry

TOKEN = "sandbox-token-of-the-faulty-world"
ZONE = ZoneInfo("Asia/Jakarta")
SHOWN, SILENT = ("dinkes", "disdik"), ("dishub", "dispar")  # two show all that is owed, two show nothing of it
WORDS_ONLY = "setda"  # its site shows the pledge, never the poster
SIZE = (360, 360)


@dataclass(frozen=True)
class Drawn:
    """The poster of the campaign, and the day that the world counts from."""

    today: date
    poster: bytes

    def at(self, days_ago: int, hour: int) -> datetime:
        """A local hour of a day before."""
        midnight = datetime.combine(self.today - timedelta(days=days_ago), datetime.min.time(), ZONE)
        return midnight + timedelta(hours=hour)


def drawn() -> Drawn:
    """A world as of the present day."""
    return Drawn(datetime.now(ZONE).date(), as_jpeg(poster(3, "TOLAK SUAP", 2026, SIZE)))


def sandbox_of(world: Drawn) -> Sandbox:
    """The stand-ins of the world's accounts."""
    names = (*SHOWN, *SILENT)
    accounts = [_account(world, number, name) for number, name in enumerate(names)]
    older = [
        SiteArticle(f"kegiatan-{day}", f"Kegiatan Sekretariat Daerah Hari {day}", f"<p>Kegiatan hari {day}.</p>",
                    world.at(day, 9), filler_jpeg(9000 + day, SIZE))
        for day in range(6, 16)
    ]  # fmt: skip
    pledge = SiteArticle("ikrar-pegawai", "Ikrar Pegawai", f"<p>{PLEDGE}</p>", world.at(2, 10), filler_jpeg(8999, SIZE))
    return Sandbox(GraphWorld(accounts, TOKEN), [Site("feed", WORDS_ONLY, (pledge, *older))])


def _account(world: Drawn, number: int, name: str) -> GraphAccount:
    """Posts with a picture each; those that show are of the day before yesterday."""
    own = 1000 * (number + 1)
    told = {0: ("Tolak suap", world.poster), 1: (PLEDGE, filler_jpeg(own, SIZE))} if name in SHOWN else {}
    posts = [
        _post(own + at, f"Kegiatan {name} {at}", world.at(1 + at, 8), filler_jpeg(own + at, SIZE)) for at in range(12)
    ]
    posts += [_post(own + 500 + at, text, world.at(2, 9 + at), body) for at, (text, body) in told.items()]
    return GraphAccount(name, f"17841{own:05d}", tuple(posts))


def _post(number: int, text: str, at: datetime, body: bytes) -> GraphPost:
    return GraphPost(f"1790{number}", text, at, (GraphMedia(f"m{number}", body=body),))


def write_home(world: Drawn, sandbox: Sandbox, home: Path) -> Path:
    """The files that people would write: two duties of the day before yesterday, for all."""
    names = (*SHOWN, *SILENT, WORDS_ONLY)
    accounts = [f"{one.handle},instagram,@{one.handle},{one.native_id}" for one in sandbox.graph.accounts]
    accounts.append(f"{WORDS_ONLY},news,{sandbox.site_url(WORDS_ONLY)},")
    opens, closes = world.today - timedelta(days=2), world.today - timedelta(days=1)
    write(home / "tayang.toml", beside(sandbox.hosts, sandbox.graph_url))
    write_registry(home, [f"{one},Dinas {one},opd" for one in names], accounts)
    write(
        home / "campaigns" / "ikrar" / "campaign.toml",
        CAMPAIGN.format(pledge=PLEDGE, opens=opens.isoformat(), closes=closes.isoformat()),
    )
    (home / "campaigns" / "ikrar" / "poster.jpg").write_bytes(world.poster)
    return home


CAMPAIGN = ORDERED + """\
[[material]]
id = "poster"
title = "Poster"
kind = "image"
files = ["poster.jpg"]
[[duty]]
material = "ikrar"
opens = {opens}
closes = {closes}
kinds = ["opd"]
[[duty]]
material = "poster"
opens = {opens}
closes = {closes}
kinds = ["opd"]
"""
