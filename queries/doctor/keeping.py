"""Store and evidence -> whether they hold, grow within the disk, and were fed lately."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from crawler.errors import StoreBusy, StoreDamaged, WrongUse
from crawler.instance import Instance
from crawler.language import say
from pipelines.our_clock import NEWEST_SQL, TOLERANCE
from pipelines.quick_audit import newest_entries, problems_of
from pipelines.store import SCHEMA_VERSION
from queries.doctor.check import BAD, OK, WARN, Check
from queries.reader import Connection, open_store, rows

PATIENCE_SECONDS = 3.0
LOW_BYTES, LEAST_BYTES = 2_000_000_000, 200_000_000
LOW_DAYS, LEAST_DAYS = 60, 7
KNOWN_DAYS = 7  # of evidence before its growth tells anything: the first look brings all that stood there already
LATE = timedelta(hours=36)  # runs come twice a day

VERSION_SQL = "SELECT coalesce(max(version), 0) AS version FROM schema_version"
GROWTH_SQL = """
    SELECT coalesce(sum(bytes), 0) AS bytes, date_diff('hour', min(fetched_at), max(fetched_at)) / 24.0 AS days
    FROM evidence_rows WHERE fetched_at > now() - INTERVAL 30 DAY
"""
HEAD_SQL = "SELECT max(seq) AS seq, arg_max(hash, seq) AS hash FROM ledger_head_rows"
RUNS_SQL = """
    SELECT max(started_at) AS begun_at, max(finished_at) AS ended_at,
      max(finished_at) FILTER (WHERE exit_code = 0) AS whole_at
    FROM runs WHERE command = 'run'
"""
Look = Callable[[Connection, Instance, datetime], Check]


def check_kept(instance: Instance, now: datetime) -> list[Check]:
    """All that needs the store; where it cannot be opened, that alone. Changes nothing."""
    path = instance.home / instance.store_url
    if not path.exists():
        first = say("belum ada; `tayang run` membuatnya", "not there yet; `tayang run` makes it")
        return [Check("store", OK, first), *_disk(instance, None)]
    try:
        with closing(open_store(path, "UTC", patience_seconds=PATIENCE_SECONDS)) as connection:
            return [look(connection, instance, now) for look in (_store, _clock, _evidence, _runs, _growth)]
    except StoreBusy:
        busy = say("sedang dipegang program lain", "is held by another program")
        return [Check("store", WARN, busy, say("ulangi nanti", "ask again later")), *_disk(instance, None)]
    except (StoreDamaged, WrongUse) as trouble:
        return [Check("store", BAD, str(trouble), "tayang rebuild"), *_disk(instance, None)]


def _store(connection: Connection, instance: Instance, now: datetime) -> Check:
    [row] = rows(connection, VERSION_SQL)
    found = row["version"]
    if found > SCHEMA_VERSION:
        return Check("store", BAD, say(f"versi {found}, Tayang ini mengenal {SCHEMA_VERSION}",
                                       f"version {found}, this Tayang knows {SCHEMA_VERSION}"),
                     say("pasang Tayang yang lebih baru", "install the newer Tayang"))  # fmt: skip
    later = say("; diperbarui oleh putaran berikutnya", "; the next run brings it up") if found < SCHEMA_VERSION else ""
    return Check("store", OK, say(f"terbaca, versi {found}", f"readable, version {found}") + later)


def _clock(connection: Connection, instance: Instance, now: datetime) -> Check:
    newest = rows(connection, NEWEST_SQL)[0]["newest"]
    if newest is not None and newest - TOLERANCE > now:
        ours, theirs = f"{now:%Y-%m-%d %H:%M} UTC", f"{newest:%Y-%m-%d %H:%M} UTC"
        return Check(
            "clock", BAD,
            say(f"jam mesin {ours}, penyimpanan sudah mencatat {theirs}",
                f"this machine says {ours}, the store already holds {theirs}"),
            say("betulkan jam (timedatectl set-ntp true); sampai itu tidak ada yang dinilai",
                "set the clock (timedatectl set-ntp true); until then nothing is judged"),
        )  # fmt: skip
    return Check("clock", OK, f"{now:%Y-%m-%d %H:%M:%S} UTC")


def _evidence(connection: Connection, instance: Instance, now: datetime) -> Check:
    try:
        entries = newest_entries(instance.home)
        found = problems_of(instance.home, entries)
    except (ValueError, KeyError, TypeError) as error:
        entries, found = [], [f"ledger.jsonl: {error}"]
    [head] = rows(connection, HEAD_SQL)
    told = {one.get("seq"): one.get("hash") for one in entries}
    last = max((seq for seq in told if isinstance(seq, int)), default=0)
    if head["seq"] is not None and (head["seq"] > last or told.get(head["seq"], head["hash"]) != head["hash"]):
        found.append(say(f"buku besar berakhir di {last}, penyimpanan mengenal {head['seq']}",
                         f"the ledger ends at {last}, the store knows {head['seq']}"))  # fmt: skip
    if found:
        return Check("evidence", BAD, "; ".join(found[:3]) + (" …" if len(found) > 3 else ""), "tayang audit")
    return Check("evidence", OK, say(f"{len(entries)} catatan terbaru cocok; semuanya: tayang audit",
                                     f"the newest {len(entries)} entries hold; all of them: tayang audit"))  # fmt: skip


def _runs(connection: Connection, instance: Instance, now: datetime) -> Check:
    [row] = rows(connection, RUNS_SQL)
    if row["ended_at"] is None:
        return Check("runs", WARN, say("belum pernah ada putaran yang selesai", "no run has ended yet"), "tayang run")
    ended, whole = (f"{one:%Y-%m-%d %H:%M} UTC" if one else "-" for one in (row["ended_at"], row["whole_at"]))
    text = say(f"terakhir selesai {ended}, terakhir tanpa yang luput {whole}",
               f"last ended {ended}, last without anything unobserved {whole}")  # fmt: skip
    if now - row["ended_at"] > LATE:
        return Check("runs", WARN, text, say("periksa jadwal: tayang schedule", "see to the timer: tayang schedule"))
    return Check("runs", OK, text)


def _growth(connection: Connection, instance: Instance, now: datetime) -> Check:
    [row] = rows(connection, GROWTH_SQL)
    days = float(row["days"] or 0.0)
    return _disk(instance, float(row["bytes"]) / days if days >= KNOWN_DAYS else None)[0]


def _disk(instance: Instance, bytes_a_day: float | None) -> list[Check]:
    return [disk_check(shutil.disk_usage(_existing(instance.home)).free, bytes_a_day)]


def disk_check(free: int, bytes_a_day: float | None) -> Check:
    """Free bytes and growth, as a check; None = how fast it grows is not known yet."""
    days = free / bytes_a_day if bytes_a_day else float("inf")
    text = say(f"{free / 1e9:.1f} GB bebas", f"{free / 1e9:.1f} GB free")
    if bytes_a_day is None:
        text += say("; untuk berapa hari belum dapat dikatakan", "; for how many days cannot be told yet")
    elif bytes_a_day:
        text += say(f", cukup sekitar {min(days, 9999):.0f} hari", f", enough for about {min(days, 9999):.0f} days")
    make = say("beri tempat, atau pindahkan folder", "make room, or move the workspace")
    if free < LEAST_BYTES or days < LEAST_DAYS:
        return Check("disk", BAD, text, make)
    return Check("disk", WARN, text, make) if free < LOW_BYTES or days < LOW_DAYS else Check("disk", OK, text)


def _existing(home: Path) -> Path:
    return next(place for place in (home, *home.parents) if place.exists())


