"""tayang.toml -> Instance: who we are, how politely we crawl, and where each channel is asked."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from crawler.crawl_rules import CrawlRules, crawl_rules_of
from crawler.errors import WrongUse
from crawler.handles import known_channels, normalise_handle
from crawler.health_settings import HealthSettings, health_settings
from crawler.language import LANGUAGES, say, speak
from crawler.notify_settings import NotifySettings, notify_settings
from crawler.own_files import file_in
from crawler.private_text import private_text
from crawler.problems import Problem
from crawler.redaction import remember_secret
from crawler.render_settings import Rendering, rendering_of
from crawler.retention_settings import RetentionSettings, retention_settings
from crawler.sections import Section, unknown
from crawler.timestamp_settings import TimestampSettings, timestamp_settings
from crawler.toml_lines import read_toml
from crawler.written_secrets import TOKEN_VARIABLE, without_echoes, written_secrets

FILE = "tayang.toml"

# Settings a channel may have; channels not named here define theirs in their spider.
_CHANNEL_KEYS = {
    "instagram": ("graph_url", "api_version", "ig_user_id", "token_file", "calls_per_hour"),
    "youtube": ("data_url", "rss_url"),
    "telegram": ("url",),
    "news": ("render", "browser"),
}
_ZONE_ABBREVIATIONS = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs the report."""

    name: str
    title: str = ""
    nip: str = ""


@dataclass(frozen=True, slots=True)
class InstagramSettings:
    """Where and as whom the Graph API is asked; empty `ig_user_id` = not set up yet.

    `calls_per_hour`: our own bound for the token; 0 = what the service states, and without a word of it 200.
    """

    graph_url: str = "https://graph.facebook.com"
    api_version: str = "v26.0"
    ig_user_id: str = ""
    token_file: Path | None = None
    calls_per_hour: int = 0


@dataclass(frozen=True, slots=True)
class Instance:
    """tayang.toml wholly read and checked. `channels` holds each channel's table as written.

    `notify` is None where nobody is to be told of runs.
    """

    home: Path
    name: str
    zone: ZoneInfo
    language: str
    letterhead: tuple[str, ...]
    logo: Path | None
    signatory: Signatory | None
    store_url: str
    crawl: CrawlRules
    instagram: InstagramSettings
    channels: Mapping[str, Mapping[str, Any]]
    notify: NotifySettings | None = None
    rendering: Rendering = field(default_factory=Rendering)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    health: HealthSettings = field(default_factory=HealthSettings)
    timestamps: TimestampSettings = field(default_factory=TimestampSettings)


def find_home(
    explicit: Path | None, environ: Mapping[str, str] = os.environ, start: Path | None = None
) -> Path:
    """The workspace: `explicit`, else TAYANG_HOME, else the nearest folder upwards of `start`
    (default: where we are) that holds tayang.toml. Absolute. Raises: WrongUse."""
    chosen = explicit or (Path(environ["TAYANG_HOME"]) if environ.get("TAYANG_HOME") else None)
    if chosen is not None:
        home = chosen.expanduser().resolve()
        if (home / FILE).is_file():
            return home
        raise WrongUse(
            say(
                f"{home} bukan ruang kerja Tayang: tidak ada {FILE}; buat dengan `tayang init {chosen}`",
                f"{home} is no Tayang workspace: it has no {FILE}; make one with `tayang init {chosen}`",
            )
        )
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return folder
    raise WrongUse(
        say(
            f"tidak ada {FILE} di sini atau di atasnya; pakai --home DIR, atau buat dengan `tayang init DIR`",
            f"there is no {FILE} here or above; use --home DIR, or make one with `tayang init DIR`",
        )
    )


def load_instance(home: Path) -> tuple[Instance | None, list[Problem]]:
    """The instance of the workspace `home`; None when anything in its file is wrong.

    From here on messages are in the instance's language.
    """
    document, problems = read_toml(home, FILE)
    if document is None:
        return None, problems
    root = Section(document, problems)
    own = root.table("instance")
    language = own.choice("language", LANGUAGES, "id")
    speak(language)
    secrets = list(written_secrets(document))
    problems += secrets
    instance = Instance(
        home=home, language=language, store_url=_store_url(root.table("store"), home),
        crawl=crawl_rules_of(root.table("crawl")), **_identity(own, home),
        **_channels(root.table("channels"), home),
        retention=retention_settings(root.table("retention")),
        notify=notify_settings(root.table("notify"), home) if root.has("notify") else None,
        health=health_settings(root.table("health")),
        timestamps=timestamp_settings(root.table("timestamps"), home),
    )  # fmt: skip
    root.close()
    problems = without_echoes(problems, secrets)
    return (None if problems else instance), problems


def instagram_token(instance: Instance, environ: Mapping[str, str] = os.environ) -> str | None:
    """The token from TAYANG_INSTAGRAM_TOKEN or `token_file`, known to redaction from here on.

    None = neither is set. Raises: WrongUse when the file is open to others or unusable.
    """
    token = environ.get(TOKEN_VARIABLE, "").strip()
    if not token and instance.instagram.token_file is not None:
        token = private_text(instance.instagram.token_file, "token_file")
    if not token:
        return None
    remember_secret(token)
    if not token.isascii() or not token.isprintable() or " " in token:
        raise WrongUse(
            say(
                "token Instagram berisi spasi atau karakter asing; salin ulang",
                "the Instagram token contains spaces or foreign characters; copy it again",
            )
        )
    return token


def _identity(own: Section, home: Path) -> dict[str, Any]:
    own.require("name", '"Pemerintah Kabupaten …"')
    read = {
        "name": own.text("name"),
        "zone": _zone(own),
        "letterhead": own.texts("letterhead"),
        "logo": file_in(own, "logo", home),
        "signatory": _signatory(own.table("signatory")) if own.has("signatory") else None,
    }
    own.close()
    return read


def _zone(own: Section) -> ZoneInfo:
    own.require("timezone", '"Asia/Jakarta"')
    written = own.text("timezone", "Asia/Jakarta")
    try:
        return ZoneInfo(written)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        meant = _ZONE_ABBREVIATIONS.get(written.casefold())
        own.wrong(
            "timezone",
            say(f"'{written}' tidak dikenal; tulis '{meant}'", f"'{written}' is not known; write '{meant}'")
            if meant
            else unknown(written, available_timezones()),
        )
        return ZoneInfo("Asia/Jakarta")


def _signatory(section: Section) -> Signatory:
    section.require("name", '"…"')
    signatory = Signatory(section.text("name"), section.text("title"), section.text("nip"))
    section.close()
    return signatory


def _store_url(store: Section, home: Path) -> str:
    url = store.text("url", "tayang.duckdb")
    store.close()
    if url.startswith("ducklake:"):
        return url
    if "://" in url:
        store.wrong(
            "url",
            say(
                'tulis nama berkas seperti "tayang.duckdb" atau "ducklake:…"',
                'write a file name such as "tayang.duckdb", or "ducklake:…"',
            ),
        )
    elif not (home / url).resolve().is_relative_to(home.resolve()):
        store.wrong("url", say("harus berada di dalam ruang kerja", "must lie inside the workspace"))
    return url


def _channels(channels: Section, home: Path) -> dict[str, Any]:
    read: dict[str, Mapping[str, Any]] = {}
    for channel in channels.values:
        if channel in known_channels():
            read[channel] = _channel(channels.table(channel), channel)
        else:
            channels.has(channel)
            channels.wrong(channel, unknown(channel, sorted(known_channels())))
    instagram = _instagram(channels.table("instagram"), read.get("instagram", {}), home)
    rendering = rendering_of(channels.table("news"))
    return {"instagram": instagram, "rendering": rendering, "channels": MappingProxyType(read)}


def _channel(section: Section, channel: str) -> Mapping[str, Any]:
    """A channel's table; addresses in it without slash at the end."""
    read: dict[str, Any] = dict(section.values)
    for key in section.values:
        if key == "url" or key.endswith("_url"):
            read[key] = _base_url(section, key)
    for key in _CHANNEL_KEYS.get(channel, tuple(section.values)):
        section.has(key)
    section.close()
    return MappingProxyType(read)


def _base_url(section: Section, key: str) -> str:
    written = section.text(key)
    try:
        url = normalise_handle("news", written) if written else ""
    except ValueError as wrong:
        section.wrong(key, str(wrong))
        return ""
    if url and "://" not in written:
        section.wrong(key, say(f"tulis lengkap: '{url}'", f"write it whole: '{url}'"))
    return url


def _instagram(section: Section, read: Mapping[str, Any], home: Path) -> InstagramSettings:
    api_version = section.text("api_version", "v26.0")
    if not re.fullmatch(r"v\d+\.\d+", api_version):
        section.wrong("api_version", say('tulis seperti "v26.0"', 'write it like "v26.0"'))
    ig_user_id = section.text("ig_user_id")
    if not re.fullmatch(r"\d*", ig_user_id):
        section.wrong("ig_user_id", say("hanya angka, dalam tanda kutip", "digits only, in quotes"))
    token_file = section.text("token_file")
    place = (home / Path(token_file).expanduser()).resolve() if token_file else None
    if place and not place.is_file():
        section.wrong(
            "token_file", say(f"berkas '{token_file}' tidak ada", f"there is no file '{token_file}'")
        )
    graph_url = read.get("graph_url") or InstagramSettings().graph_url
    calls = section.whole("calls_per_hour", 0)
    return InstagramSettings(graph_url, api_version, ig_user_id, place, calls)
