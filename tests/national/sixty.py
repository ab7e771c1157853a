"""A regency's day, 60 agencies by nine duties, each shown with its pictures -> seconds and bytes of every format."""

from __future__ import annotations

import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from crawler.instance import Signatory
from crawler.items import Agency, Span
from pipelines.items import Duty, Status, Verdict
from queries.reader import open_store
from queries.report import ReportRequest, write_report
from queries.report.write import FORMATS
from tests.test_queries_world import AS_OF, DAY, ZONE, World, build_world, midnight

AGENCIES, DUTIES = 60, 9
SIGNATORY = Signatory("Nama Inspektur", "Inspektur Daerah", "19700101 199503 1 001")


@dataclass(frozen=True)
class Regency:
    """An instance as the report needs it."""

    name: str = "Pemerintah Kabupaten Klaten"
    zone: ZoneInfo = ZONE
    language: str = "id"
    letterhead: tuple[str, ...] = ("PEMERINTAH KABUPATEN KLATEN", "INSPEKTORAT DAERAH")
    logo: Path | None = None
    signatory: Signatory | None = None


def time_formats() -> list[tuple[str, float, int]]:
    """(format, seconds, bytes) of each format asked for alone, and of all together in a call of their own."""
    with tempfile.TemporaryDirectory() as folder:
        world = build_world(Path(folder))
        with closing(open_store(world.store, ZONE.key)) as connection:
            agencies = tuple(Agency(f"a{n}", f"Perangkat Daerah Nomor {n}", "opd") for n in range(AGENCIES))
            request = ReportRequest(
                world.home, Regency(signatory=SIGNATORY), DAY, AS_OF, _verdicts(world), world.campaigns, agencies,
                connection, Path(folder) / "out",
            )  # fmt: skip
            together = _timed(replace(request, formats=tuple(FORMATS)))
            return [("together", *together), *((one, *_timed(replace(request, formats=(one,)))) for one in FORMATS)]


def _timed(request: ReportRequest) -> tuple[float, int]:
    began = time.perf_counter()
    written = write_report(request)
    return time.perf_counter() - began, sum(path.stat().st_size for path in written)


def _verdicts(world: World) -> tuple[Verdict, ...]:
    shown = [verdict for verdict in world.verdicts if verdict.post_id]
    return tuple(
        replace(shown[(agency * DUTIES + duty) % len(shown)], status=Status.FULFILLED, duty=_duty(agency, duty))
        for agency in range(AGENCIES)
        for duty in range(DUTIES)
    )


def _duty(agency: int, number: int) -> Duty:
    opens = midnight(24) + timedelta(minutes=number)
    return Duty("antikorupsi-2024", "tolak-tip", f"a{agency}", Span(opens, midnight(25)))
