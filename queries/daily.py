"""A workspace and its verdicts -> the daily report's files, and the summary a run ends with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.errors import WrongUse
from crawler.language import say, spoken
from crawler.local_time import local_midnight, now_utc
from pipelines.alarms import Alarm
from pipelines.check import Workspace
from pipelines.endings import Ending
from pipelines.health import watch
from pipelines.items import Verdict
from pipelines.lock import only_run
from pipelines.privacy import meant_for_others
from pipelines.recognise import recognise
from pipelines.verify import count_statuses, judge_all
from queries.alarms import as_object, headline, notices, sentence
from queries.details import told_detail
from queries.reader import open_store, rows
from queries.report import write_report
from queries.report.request import ReportRequest
from queries.report.scope import LOOK_BACK_DAYS
from queries.wording import Wording
from queries.workspace import store_of

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
    path = instance.home / instance.store_url
    with meant_for_others(), closing(open_store(path, instance.zone.key)) as connection:
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


def tell_unobserved(unobserved: Sequence[Ending], tell: Callable[[str], None]) -> None:
    """Name every account that was not observed, and why; those that were left, together by their reason."""
    if unobserved:
        tell(say(f"Tidak teramati: {len(unobserved)} akun", f"Not observed: {len(unobserved)} accounts"))
    for ending in unobserved:
        if not ending.is_left:
            tell(f"  {ending.account}: {ending.cause} – {told_detail(ending.detail, spoken())}")
    left = [ending for ending in unobserved if ending.is_left]
    for detail in dict.fromkeys(one.detail for one in left):
        names = [one.account for one in left if one.detail == detail]
        why = told_detail(detail, spoken())
        tell(say(f"  {len(names)} akun ditinggalkan, not_visited – {why}",
                 f"  {len(names)} accounts left, not_visited – {why}"))
        tell(f"    {', '.join(names)}")


def tell_alarms(workspace: Workspace, alarms: Sequence[Alarm], tell: Callable[[str], None]) -> None:
    """Trouble of ours, before anything else; then what is merely worth a look."""
    wording = Wording(workspace.instance.language, workspace.instance.zone)
    for line in headline(alarms, wording):
        tell(line)
    for alarm in notices(alarms):
        tell(f"{wording.text('alarm.notice')}: {sentence(alarm, wording)}")


def summary_of(
    run_id: str, ended: Sequence[Ending], verdicts: Sequence[Verdict], written: Sequence[Path],
    alarms: Sequence[Alarm] = (),
) -> dict[str, Any]:  # fmt: skip
    """What a run did, for programs."""
    return {
        "run_id": run_id, "visits": len(ended), "unobserved": [one.account for one in ended if not one.is_observed],
        "left": [one.account for one in ended if one.is_left and not one.is_observed],
        "posts": sum(one.posts_seen for one in ended), "statuses": count_statuses(verdicts),
        "report": [str(path) for path in written], "alarms": [as_object(one) for one in alarms],
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


def verdicts_of_day(workspace: Workspace, day: str | None) -> tuple[list[Verdict], datetime]:
    """The verdicts as last verified, or as of a past day's end; new posts are compared first."""
    store = store_of(workspace)
    with only_run(workspace.instance.home):
        store.prepare()
        recognise(workspace, store)
        watch(store, workspace.instance.health)
    as_of = report_instant(workspace, day)
    return judge_all(store, workspace.duties, as_of), as_of
