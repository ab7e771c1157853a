"""A world and its running stand-ins -> the workspace an IT team would have written for it."""

from __future__ import annotations

import csv
import shutil
from datetime import timedelta
from pathlib import Path

from crawler.errors import WrongUse
from crawler.language import say
from crawler.sandbox.offices import OFFICIAL_LINK, World, pledge
from crawler.sandbox.server import Sandbox

INSTANCE = """\
[instance]
name = "Pemerintah Kabupaten Klaten"
timezone = "Asia/Jakarta"
language = "{language}"
letterhead = ["PEMERINTAH KABUPATEN KLATEN", "INSPEKTORAT DAERAH"]
signatory = {{ name = "Nama Inspektur", title = "Inspektur Daerah", nip = "19700101 199503 1 001" }}

[crawl]
delay_seconds = 0.0
timeout_seconds = 10
contact = "https://tayang.example/kontak"
allow_private_hosts = [{hosts}]

[channels.instagram]
graph_url = "{graph_url}"
ig_user_id = "17841400000000000"
"""
CAMPAIGN = """\
id = "antikorupsi"
title = "Kampanye Antikorupsi {year}"
words = ["kampanye antikorupsi", "tolak tip", "ikrar antikorupsi"]

[[instrument]]
number = "B/700/127/11"
issuer = "Sekretariat Daerah Kabupaten Klaten"
issued_on = {issued_on}

[[material]]
id = "tolak-tip"
title = "Tolak tip untuk petugas pelayanan publik"
kind = "video"
files = ["tolak-tip.mp4"]
caption = "Tolak tip untuk petugas pelayanan publik."
links = ["{link}"]

[[material]]
id = "lapor-gratifikasi"
title = "Laporkan gratifikasi"
kind = "image"
files = ["lapor-gratifikasi.jpg"]
[material.require]
hashtags = ["#antikorupsi"]
mentions = ["official.kpk"]

[[material]]
id = "ikrar"
title = "Ikrar antikorupsi"
kind = "text"
caption = "{pledge}"

[[duty]]
material = "tolak-tip"
opens = {day5}
closes = {day4}
grace_hours = 48
kinds = ["opd", "kecamatan"]

[[duty]]
material = "lapor-gratifikasi"
opens = {day3}
closes = {day2}
grace_hours = 24
kinds = ["opd", "kecamatan"]

[[duty]]
material = "ikrar"
opens = {day2}
closes = {day1}
kinds = ["opd", "kecamatan"]

[[duty]]
material = "lapor-gratifikasi"
opens = {day0}
closes = {tomorrow}
kinds = ["opd", "kecamatan"]

[[exemption]]
agency = "kec-pedan"
reason = "Bencana banjir"
"""
BAN = """\
id = "netralitas"
title = "Netralitas ASN"

[[material]]
id = "poster-calon"
title = "Poster pasangan calon"
kind = "image"
files = ["poster-calon.jpg"]

[[duty]]
material = "poster-calon"
opens = {day6}
closes = {day1}
rule = "must_not"
kinds = ["kecamatan"]
"""


def write_workspace(world: World, sandbox: Sandbox, home: Path, language: str = "id") -> None:
    """Write `home` anew, store, evidence and reports too. Raises: WrongUse for a folder that holds other things."""
    if home.exists() and any(home.iterdir()) and not (home / "tayang.toml").exists():
        raise WrongUse(
            say(f"{home} berisi hal lain; pilih folder kosong", f"{home} holds something else; choose an empty folder")
        )
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    hosts = ", ".join(f'"{host}"' for host in sandbox.hosts)
    _write(home / "tayang.toml", INSTANCE.format(language=language, hosts=hosts, graph_url=sandbox.graph_url))
    _write_registry(world, sandbox, home / "registry")
    days = {f"day{number}": world.today - timedelta(days=number) for number in range(7)}
    days["tomorrow"] = world.today + timedelta(days=1)
    campaign, ban = home / "campaigns" / "antikorupsi", home / "campaigns" / "netralitas"
    words = {"year": world.year, "link": OFFICIAL_LINK, "pledge": pledge(world.year)}
    _write(
        campaign / "campaign.toml",
        CAMPAIGN.format(issued_on=world.today - timedelta(days=20), **words, **days),
    )
    (campaign / "tolak-tip.mp4").write_bytes(world.media.video)
    (campaign / "lapor-gratifikasi.jpg").write_bytes(world.media.poster)
    _write(ban / "campaign.toml", BAN.format(**days))
    (ban / "poster-calon.jpg").write_bytes(world.media.banned)


def _write_registry(world: World, sandbox: Sandbox, folder: Path) -> None:
    agencies = [[office.agency_id, office.name, office.kind, "", "", ""] for office in world.offices]
    outlets = [
        [f"media-{number}", site.name, f"{sandbox.site_url(site.name)}/rss.xml",
         f"{sandbox.site_url(site.name)}/cari?q={{query}}", world.today.isoformat()]
        for number, site in enumerate(world.outlets, 1)
    ]  # fmt: skip
    accounts = [
        [owner, "instagram", f"@{handle}", native_id, "", ""] for owner, handle, native_id in _handles(world)
    ]
    accounts += [
        [office.agency_id, "news", sandbox.site_url(office.site.name), "", "", ""]
        for office in world.offices
        if office.site
    ]
    head = ["active_from", "active_until"]
    _write_csv(folder / "agencies.csv", [["agency_id", "name", "kind", "parent_id", *head], *agencies])
    _write_csv(folder / "accounts.csv", [["agency_id", "channel", "handle", "native_id", *head], *accounts])
    _write_csv(folder / "outlets.csv", [["outlet_id", "name", "feed", "search", "confirmed_on"], *outlets])


def _handles(world: World) -> list[tuple[str, str, str]]:
    known = {account.handle: account.native_id for account in world.graph.accounts}
    owners = ((office.agency_id, office.agency_id.replace("-", "_")) for office in world.offices)
    return [(owner, handle, known[handle]) for owner, handle in owners if handle in known]


def _write_csv(path: Path, rows: list[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
