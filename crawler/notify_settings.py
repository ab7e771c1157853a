"""The table [notify] of tayang.toml and the environment -> whom to tell of a run, and when to remind."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from crawler.language import say
from crawler.private_text import private_text
from crawler.redaction import remember_secret
from crawler.sections import Section
from crawler.written_secrets import NOTIFY_VARIABLE

REMINDERS_HOURS = (24.0, 6.0, 2.0)
LONGEST_URL = 300  # leaves room for the message


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """What `[notify]` says. `reminders_hours`: stages before a window closes, longest first.

    `report_url` is the address at which the folder `reports` is put, without slash at the end; "" = none.
    """

    report_url: str = ""
    reminders_hours: tuple[float, ...] = REMINDERS_HOURS
    urls_file: Path | None = None


def notify_settings(section: Section, home: Path) -> NotifySettings:
    """The table as written; what is wrong becomes a problem."""
    stages = section.numbers("reminders_hours", REMINDERS_HOURS)
    settings = NotifySettings(_report_url(section), tuple(sorted(set(stages), reverse=True)), _urls_file(section, home))
    section.close()
    return settings


def notify_urls(settings: NotifySettings, environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The receivers' addresses from TAYANG_NOTIFY_URLS and `urls_file`, each once, known to redaction.

    Lines of the file that begin with `#` are comments. Raises: WrongUse when the file is open to others.
    """
    lines = private_text(settings.urls_file, "urls_file").splitlines() if settings.urls_file else []
    written = [environ.get(NOTIFY_VARIABLE, ""), *(line for line in lines if not line.lstrip().startswith("#"))]
    urls = tuple(dict.fromkeys(" ".join(written).split()))
    for secret in (secret for url in urls for secret in _secrets_in(url)):
        remember_secret(secret)
    return urls


def _secrets_in(url: str) -> Iterator[str]:
    """The whole address, its password, and a Telegram bot's token."""
    yield url
    scheme, _, rest = url.partition("://")
    host = rest.partition("/")[0].partition("?")[0]
    yield unquote(host.rpartition("@")[0].partition(":")[2])
    if scheme.lower() == "tgram":
        yield host


def _report_url(section: Section) -> str:
    written = section.text("report_url")
    if not written or _is_plain(written):
        return written.rstrip("/")
    section.wrong(
        "report_url",
        say('tulis alamat lengkap tanpa sandi, seperti "https://laporan.contoh.go.id/tayang"',
            'write a whole address without a password, like "https://laporan.contoh.go.id/tayang"'),
    )  # fmt: skip
    return ""


def _is_plain(written: str) -> bool:
    """Whether it is a web address to which a folder and a file may be added."""
    try:
        parts = urlsplit(written)
        host = parts.hostname
    except ValueError:
        return False
    is_bare = not (parts.username or parts.password or parts.query or parts.fragment)
    is_short = len(written) <= LONGEST_URL and not any(char.isspace() for char in written)
    return parts.scheme in ("http", "https") and bool(host) and is_bare and is_short


def _urls_file(section: Section, home: Path) -> Path | None:
    written = section.text("urls_file")
    place = (home / Path(written).expanduser()).resolve() if written else None
    if place and not place.is_file():
        section.wrong("urls_file", say(f"berkas '{written}' tidak ada", f"there is no file '{written}'"))
    return place
