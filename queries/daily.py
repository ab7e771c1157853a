"""A workspace and its verdicts -> the daily report's files, and the summary a run ends with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.errors import WrongUse
from crawler.language import say
from crawler.local_time import local_midnight, now_utc
from pipelines.check import Workspace
from pipelines.collect import Ending
from pipelines.items import Status, Verdict
from queries.reader import open_store, rows
from queries.report import write_report
from queries.report.request import ReportRequest
from queries.report.scope import LOOK_BACK_DAYS

NEWEST_SQL = "SELECT max(as_of) AS as_of FROM verdicts"
EARLIEST_YEAR = 1970  # before it nothing was ever posted, and some zones cannot be reckoned
MOST_DAYS = 3_660
DEFAULT_FORMATS = ("html", "json")


def write_daily_report(
    workspace: Workspace, verdicts: Sequence[Verdict], as_of: datetime,
    formats: tuple[str, ...] = DEFAULT_FORMATS, out: Path | None = None, days: int = LOOK_BACK_DAYS,
) -> list[Path]:  # fmt: skip
    """Write the report of the local day that `as_of` tells about; returns its files.

    Raises: WrongUse for a format that does not exist, or that needs an extra which is not installed.
    """
    instance = workspace.instance
    day = day_of(as_of, workspace)
    with closing(open_store(instance.home / instance.store_url, instance.zone.key)) as connection:
        return write_report(
            ReportRequest(
                home=instance.home, instance=instance, day=day, as_of=as_of, verdicts=verdicts,
                campaigns=workspace.campaigns, agencies=workspace.registry.agencies, connection=connection,
                out=out or instance.home / "reports" / folder_of(day, days), formats=formats, days=days,
            )
        )  # fmt: skip


def span_days(days: int) -> int:
    """How many days before its own a report is asked to tell of. Raises: WrongUse for fewer than none."""
    if not 0 <= days <= MOST_DAYS:
        raise WrongUse(say(f"--days {days}: tulis 0 sampai {MOST_DAYS}", f"--days {days}: write 0 to {MOST_DAYS}"))
    return days


def folder_of(day: date, days: int) -> str:
    """Where a report lies among the others: by its day, one of a span by its first and last."""
    first = day - timedelta(days=days)
    return day.isoformat() if days == LOOK_BACK_DAYS else f"{first.isoformat()}_{day.isoformat()}"


def day_of(as_of: datetime, workspace: Workspace) -> date:
    """The local day a report of `as_of` is about; the first instant of a day still tells of the last."""
    return (as_of - timedelta(microseconds=1)).astimezone(workspace.instance.zone).date()


def report_instant(workspace: Workspace, day: str | None) -> datetime:
    """The `as_of` of a report: the last verification for today, the end of the day for a past one.

    Raises: WrongUse for what is no date, and for a day that has not ended and was not verified.
    """
    instance = workspace.instance
    with closing(open_store(instance.home / instance.store_url, "UTC")) as connection:
        [newest] = rows(connection, NEWEST_SQL)
    said: datetime = newest["as_of"] or now_utc()
    if day is None:
        return said
    try:
        wanted = date.fromisoformat(day)
        if wanted.year < EARLIEST_YEAR:
            raise ValueError(day)
        end = local_midnight(wanted + timedelta(days=1), instance.zone)
    except (ValueError, OverflowError) as error:
        raise WrongUse(say(f"'{day}' bukan tanggal; tulis seperti 2024-04-24",
                           f"'{day}' is no date; write it like 2024-04-24")) from error  # fmt: skip
    if day_of(said, workspace) == wanted:
        return min(end, said)
    if end > now_utc():  # nobody can tell how a day ended that has not
        raise WrongUse(say(f"{wanted} belum berakhir dan belum diverifikasi; jalankan `tayang run` pada hari itu",
                           f"{wanted} is not over and not verified yet; run `tayang run` on that day"))  # fmt: skip
    return end


def count_statuses(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """How many duties have each status, in the contract's order; statuses without any are left out."""
    counts = Counter(verdict.status for verdict in verdicts)
    return {status.value: counts[status] for status in Status if counts[status]}


def tell_unobserved(unobserved: Sequence[Ending], tell: Callable[[str], None]) -> None:
    """Name every account that was not observed, and why."""
    if unobserved:
        tell(say(f"Tidak teramati: {len(unobserved)} akun", f"Not observed: {len(unobserved)} accounts"))
    for ending in unobserved:
        tell(f"  {ending.account}: {ending.cause} – {ending.detail}")


def summary_of(
    run_id: str, ended: Sequence[Ending], verdicts: Sequence[Verdict], written: Sequence[Path]
) -> dict[str, Any]:
    """What a run did, for programs."""
    return {
        "run_id": run_id, "visits": len(ended), "unobserved": [one.account for one in ended if not one.is_observed],
        "posts": sum(one.posts_seen for one in ended), "statuses": count_statuses(verdicts),
        "report": [str(path) for path in written],
    }  # fmt: skip


def summary_text(
    workspace: Workspace, ended: Sequence[Ending], verdicts: Sequence[Verdict], written: Sequence[Path]
) -> str:
    """What a run did, for people."""
    labels = _labels()
    observed = sum(one.is_observed for one in ended)
    posts = sum(one.posts_seen for one in ended)
    lines = [
        workspace.instance.name,
        say(f"  {observed} dari {len(ended)} akun teramati, {posts} unggahan dibaca",
            f"  {observed} of {len(ended)} accounts observed, {posts} posts read"),
        *(f"  {number:5}  {labels[status]}" for status, number in count_statuses(verdicts).items()),
        say("Laporan:", "Report:"),
        *(f"  {path}" for path in written),
    ]  # fmt: skip
    return "\n".join(lines)


def _labels() -> Mapping[str, str]:
    return {
        "fulfilled": say("tayang", "shown"), "incomplete": say("tidak lengkap", "incomplete"),
        "late": say("terlambat", "late"), "early": say("lebih awal", "early"),
        "review": say("perlu diperiksa orang", "for a person to look at"), "pending": say("menunggu", "pending"),
        "missing": say("belum tayang (terbukti)", "not shown (proved)"),
        "unknown": say("tidak teramati", "not observed"), "exempt": say("dikecualikan", "exempt"),
        "violated": say("dilanggar", "violated"), "clear": say("bersih", "clear"),
    }  # fmt: skip
