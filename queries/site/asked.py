"""A workspace and its newest verdicts -> the site in the folder asked for, and a line about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from crawler.language import say
from pipelines.check import Workspace
from pipelines.items import Verdict
from queries.daily import day_of
from queries.site.names import FRONT
from queries.site.request import SiteRequest
from queries.site.write import Written, write_site


def site_of(workspace: Workspace, verdicts: Sequence[Verdict], as_of: datetime, out: Path | None) -> Written:
    """Write the site; without `out` into `reports/site`."""
    instance = workspace.instance
    return write_site(
        SiteRequest(
            home=instance.home, store=instance.home / instance.store_url, instance=instance,
            day=day_of(as_of, workspace), as_of=as_of, verdicts=verdicts, campaigns=workspace.campaigns,
            agencies=workspace.registry.agencies, out=out or instance.home / "reports" / "site",
        )
    )  # fmt: skip


def told_of(written: Written) -> str:
    """What was done, for people."""
    lines = [str(written.path / FRONT), say(
        f"{written.written} berkas ditulis, {written.unchanged} tetap, {written.removed} dihapus",
        f"{written.written} files written, {written.unchanged} unchanged, {written.removed} removed",
    )]  # fmt: skip
    if written.left:
        lines.append(say(f"{written.left} berkas lama tidak dihapus karena sudah diubah orang lain",
                         f"{written.left} old files not removed, since somebody changed them"))  # fmt: skip
    if written.days_left_out:
        days = ", ".join(written.days_left_out)
        lines.append(say(f"laporan harian tidak diterbitkan (memuat kiriman, atau report.json tidak ada): {days}",
                         f"daily reports not published (submissions in them, or no report.json): {days}"))  # fmt: skip
    if written.days_outdated:
        days = ", ".join(written.days_outdated)
        lines.append(say(f"PDF atau XLSX dari keadaan lain tidak ikut; tulis ulang dengan `tayang report HARI "
                         f"--format html,json,pdf,xlsx`: {days}",
                         f"PDF or XLSX of another state left out; write them anew by `tayang report DAY "
                         f"--format html,json,pdf,xlsx`: {days}"))  # fmt: skip
    return "\n".join(lines)
