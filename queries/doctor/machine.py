"""This machine -> whether it can carry runs: time zones, permissions, extras, versions, timer, lock."""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shlex
import shutil
import subprocess
from collections.abc import Collection, Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, ZoneInfoNotFoundError

from crawler.instance import Instance
from crawler.language import say
from crawler.render_settings import why_not_shown
from pipelines.lock import holder_of
from queries.doctor.check import BAD, OK, WARN, Check

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
EXTRAS = {"ocr": "rapidocr", "pdf": "typst", "letters": "docx", "notify": "apprise", "render": "playwright",
          "timestamps": "rfc3161_client"}  # fmt: skip
PRIVATE = ("evidence", "logs", "*.duckdb", "*.duckdb.*", "tayang.log", "token.env")
CONSTRAINTS = Path(__file__).parents[2] / "constraints.txt"


def check_zones() -> Check:
    """Whether local days can be reckoned."""
    try:
        for name in ZONES:
            ZoneInfo(name)
    except ZoneInfoNotFoundError as lack:
        return Check("zones", BAD, str(lack), "pip install tzdata")
    source = "tzdata" if importlib.util.find_spec("tzdata") else (TZPATH or ("?",))[0]
    return Check("zones", OK, say(f"data zona waktu ada ({source})", f"time zone data is there ({source})"))


def check_permissions(home: Path) -> Check:
    """Whether this user may write what a run writes, and others may neither write it nor read what is private."""
    places = [home, *(home / name for name in ("evidence", "reports", "tayang.duckdb") if (home / name).exists())]
    shut = [str(place) for place in places if not os.access(place, os.W_OK)]
    if shut:
        text = say("tidak dapat ditulis: ", "cannot be written: ") + ", ".join(shut)
        owner = say("jalankan sebagai pemilik folder, atau chown", "run as the folder's owner, or chown")
        return Check("permissions", BAD, text, owner)
    loose = _open_to_others(places, 0o002)
    if loose:
        text = say("dapat diubah siapa saja: ", "anybody can change: ") + ", ".join(loose)
        return Check("permissions", WARN, text, f"chmod -R o-w {shlex.join(loose)}")
    bare = _open_to_others(_private_parts(home), 0o007) if _open_to_others([home], 0o001) else []
    if bare:
        text = say("dapat dibaca siapa saja: ", "anybody can read: ") + ", ".join(bare)
        return Check("permissions", WARN, text, f"chmod -R o= {shlex.join(bare)}")
    return Check("permissions", OK, say("folder dan bukti dapat ditulis, hanya oleh yang berhak",
                                        "workspace and evidence can be written, by those who may"))  # fmt: skip


def _private_parts(home: Path) -> list[Path]:
    """What a workspace holds for its user alone: all but what people write and what is made to be shown."""
    return sorted(place for name in PRIVATE for place in home.glob(name))


def _open_to_others(places: Iterable[Path], rights: int) -> list[str]:
    """Those that give others one of these rights; Windows has access lists instead."""
    return [str(place) for place in places if os.name == "posix" and place.stat().st_mode & rights]


def check_extras(instance: Instance) -> Check:
    """Which extras are there, and whether the settings need one that is not."""
    there = [name for name, module in EXTRAS.items() if importlib.util.find_spec(module)]
    if lack := _lacking(instance, there):
        return lack
    absent = ", ".join(name for name in EXTRAS if name not in there) or "-"
    present = ", ".join(there) or "-"
    return Check("extras", OK, say(f"terpasang: {present}; tidak: {absent}", f"installed: {present}; not: {absent}"))


def _lacking(instance: Instance, there: Collection[str]) -> Check | None:
    lack = why_not_shown(instance.rendering) if instance.rendering.sites else None
    if lack:
        return Check("extras", BAD, lack, "pip install 'tayang[render]'")
    if instance.notify and "notify" not in there:
        text = say("[notify] ditulis, tambahannya tidak ada", "[notify] is set, its extra is absent")
        return Check("extras", BAD, text, "pip install 'tayang[notify]'")
    if instance.timestamps.authorities and "timestamps" not in there:
        text = say("[timestamps] ditulis, tambahannya tidak ada", "[timestamps] is set, its extra is absent")
        return Check("extras", BAD, text, "pip install 'tayang[timestamps]'")
    return None


def check_versions() -> Check:
    """Python and ours, and packages that are not those this release was tested with."""
    ours = f"Python {platform.python_version()}, Tayang {_installed('tayang') or '?'}"
    if not CONSTRAINTS.exists():
        return Check("versions", OK, ours)
    other = list(_untested(CONSTRAINTS.read_text(encoding="utf-8")))
    if other:
        named = ", ".join(other[:5]) + (" …" if len(other) > 5 else "")
        return Check("versions", WARN, say(f"{ours}; versi lain dari yang diuji: {named}",
                                           f"{ours}; not the tested versions: {named}"),
                     "pip install -c constraints.txt .")  # fmt: skip
    return Check("versions", OK, ours)


def _untested(constraints: str) -> Iterator[str]:
    for name, wanted in re.findall(r"^([\w.-]+)==([^\s;]+)", constraints, re.MULTILINE):
        found = _installed(name)
        if found and found != wanted:
            yield f"{name} {found} ({wanted})"


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def check_timer(home: Path) -> Check:
    """Whether a timer of this user calls us, where systemd or cron can be asked."""
    asked = [("systemctl", "--user", "list-timers", "--all", "--no-pager", "--plain", "tayang*"), ("crontab", "-l")]
    there = [words for words in asked if shutil.which(words[0])]
    if not there:
        return Check("timer", OK, say("tidak dapat ditanyakan di sini", "cannot be asked about here"))
    if any("tayang" in _said(words) for words in there):
        return Check("timer", OK, say("terpasang", "installed"))
    return Check("timer", WARN, say("tidak ada jadwal milik pengguna ini", "this user has no timer"),
                 f"tayang schedule --home {home}")  # fmt: skip


def _said(words: tuple[str, ...]) -> str:
    try:
        return subprocess.run(words, capture_output=True, text=True, timeout=10, check=False).stdout  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""


def check_lock(home: Path) -> Check:
    """Who is at work in this folder, and since when."""
    holder = holder_of(home)
    if holder is None:
        return Check("lock", OK, say("bebas", "free"))
    pid, since = holder
    return Check("lock", OK, say(f"dipegang proses {pid} sejak {since:%Y-%m-%d %H:%M} UTC",
                                 f"held by process {pid} since {since:%Y-%m-%d %H:%M} UTC"))  # fmt: skip
