"""The table [timestamps] of tayang.toml -> which authorities confirm by RFC 3161 when the ledger said what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from crawler.language import say
from crawler.own_files import file_in
from crawler.sections import Section

EVERY_HOURS = 20.0  # once a day, also where a day's run is early
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Authority:
    """Who stamps. `roots`: its certificates as PEM, a file of the workspace, without which no stamp can be believed."""

    name: str
    url: str
    roots: Path


@dataclass(frozen=True, slots=True)
class TimestampSettings:
    """What `[timestamps]` says. `every_hours`: an authority is asked again when its newest stamp is as old."""

    authorities: tuple[Authority, ...] = ()
    every_hours: float = EVERY_HOURS


def timestamp_settings(section: Section, home: Path) -> TimestampSettings:
    """The table as written; what is wrong becomes a problem."""
    written = [(_authority(one, home), one) for one in section.tables("authorities")]
    found: dict[str, Authority] = {}
    for authority, one in written:
        if authority and authority.name in found:
            one.wrong("name", say(f"'{authority.name}' sudah dipakai", f"'{authority.name}' is taken"))
        elif authority:
            found[authority.name] = authority
    settings = TimestampSettings(tuple(found.values()), section.number("every_hours", EVERY_HOURS))
    section.close()
    return settings


def _authority(section: Section, home: Path) -> Authority | None:
    has_all = [section.require("name", '"…"'), section.require("url", '"https://…"'),
               section.require("roots", '"….pem"')]  # fmt: skip
    name, url, roots = section.text("name"), section.text("url"), file_in(section, "roots", home)
    section.close()
    if not all(has_all):
        return None
    if not _NAME.fullmatch(name):
        section.wrong("name", say("pakai huruf kecil, angka dan tanda hubung", "use small letters, digits and hyphens"))
    if not _is_plain(url):
        section.wrong("url", say('tulis alamat lengkap tanpa sandi: "https://cap.contoh.id/tsr"',
                                 'write a whole address without a password: "https://cap.contoh.id/tsr"'))  # fmt: skip
    return Authority(name, url, roots) if roots else None


def _is_plain(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    is_bare = not (parts.username or parts.password or parts.fragment) and not any(one.isspace() for one in url)
    return parts.scheme in ("http", "https") and bool(host) and is_bare
