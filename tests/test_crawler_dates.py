"""Date texts as sites write them -> instants, days, spans or nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import Precision, read_date

WIB = ZoneInfo("Asia/Jakarta")
ZONES = {"WIB": WIB, "WITA": ZoneInfo("Asia/Makassar"), "WIT": ZoneInfo("Asia/Jayapura")}
NOW = datetime(2024, 4, 26, 15, 0, tzinfo=WIB)
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jum’at", "Sabtu", "Minggu")
MONTHS = (
    ("Januari", "Jan"), ("Pebruari", "Peb"), ("Maret", "Mrt"), ("April", "Apr"), ("Mei", "Mei"),
    ("Juni", "Jun"), ("Juli", "Jul"), ("Agustus", "Ags"), ("September", "Sept"), ("Oktober", "Okt"),
    ("Nopember", "Nop"), ("Desember", "Des"),
)  # fmt: skip
STYLES = (
    "{day}, {d} {month} {y} | {H}:{M} {zone}",
    "{day} ({d}/{m}/{y}) pukul {H}.{M} {zone}",
    "Klaten, {d} {short} {y} - {H}.{M} {zone}",
    "Diposting pada {d} {month} {y}, pukul {H}.{M} {zone} oleh Admin",
    "{H}:{M} {zone}, {day} {d} {month} {y}",
    "{y}-{mm}-{dd}{zone}{H}:{M}",
    "{dd}-{mm}-{y} {H}:{M} {zone}",
    "{d}.{m}.{y} {H}:{M} {zone}",
    "Diperbarui 1 Januari 2000 | Terbit: {d} {month} {y} {H}:{M} {zone}",
)


def _write(style: str, local: datetime, zone: str) -> str:
    month, short = MONTHS[local.month - 1]
    return style.format(
        day=DAYS[local.weekday()], d=local.day, dd=f"{local.day:02}", m=local.month, mm=f"{local.month:02}",
        y=local.year, month=month, short=short, H=f"{local.hour:02}", M=f"{local.minute:02}", zone=zone,
    )  # fmt: skip


minutes = st.builds(
    datetime.combine,
    st.dates(date(1990, 1, 1), date(2035, 12, 31)),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)


@given(local=minutes, style=st.sampled_from(STYLES), zone=st.sampled_from(sorted(ZONES)))
def test_what_is_written_is_read_back(local, style, zone):
    """Any minute in any style and zone is read as that very instant."""
    found = read_date(_write(style, local, zone), NOW, UTC)

    assert found is not None
    assert (local.replace(tzinfo=ZONES[zone]), Precision.MINUTE) == (found.start, found.precision)


@given(local=minutes, style=st.sampled_from(("{y}-{mm}-{dd}T{H}:{M}:00Z", "{y}-{mm}-{dd} {H}:{M}:00+00:00")))
def test_iso_is_read_back(local, style):
    """ISO 8601 states its own offset, and that offset zero is remembered as stated."""
    found = read_date(_write(style, local, ""), NOW, WIB)

    assert (local.replace(tzinfo=UTC), True) == (found.start, found.stated_utc)


@given(
    day=st.dates(date(1990, 1, 1), date(2035, 12, 31)),
    style=st.sampled_from(("{d} {month} {y}", "{d}/{m}/{y}")),
)
def test_a_day_is_the_whole_local_day(day, style):
    """Without a time the post may have stood since any moment of that local day."""
    found = read_date(_write(style, datetime.combine(day, time()), ""), NOW, WIB)

    assert datetime.combine(day, time(), WIB) == found.start
    assert datetime.combine(day + timedelta(days=1), time(), WIB) == found.end


@given(day=st.dates(date(1990, 1, 1), date(2035, 12, 31)), shift=st.integers(1, 6))
def test_a_weekday_that_contradicts_its_date_is_not_believed(day, shift):
    """Written out by name, a wrong weekday voids the date instead of choosing one."""
    wrong = DAYS[(day.weekday() + shift) % 7]

    assert read_date(f"{wrong}, {day.day} {MONTHS[day.month - 1][0]} {day.year}", NOW, WIB) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jum'at, 26 April 2024 pukul 10.15 WIB", "2024-04-26 10:15"),
        ("Kompas.com - 02/11/2023, 21:34 WIB", "2023-11-02 21:34"),
        ("2015-11-05 T10:08:58Z", "2015-11-05 17:08"),
        ("2019-09-28WIB19:17:34+07:00", "2019-09-28 19:17"),
        ("Sen, 01 Jul 2024 07:00:00 WIB", "2024-07-01 07:00"),
        ("Wed, 24 Apr 2024 10:15:00 GMT", "2024-04-24 17:15"),
        ("kemarin pukul 10.15", "2024-04-25 10:15"),
        ("on 16 Feb 2016 at 09:10 WIB", "2016-02-16 09:10"),
        ("April 24, 2024 3:05 pm", "2024-04-24 15:05"),
    ],
)
def test_seen_on_real_pages(text, expected):
    """Forms measured on Indonesian sites, to the minute, in local time."""
    assert expected == f"{read_date(text, NOW, WIB).start.astimezone(WIB):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Boyolali, Rabu (24/4/2024)", "04-24", "04-24"),
        ("Wednesday, 04/24/2024", "04-24", "04-24"),
        ("Sabtu (20/4/2024) malam WIB", "04-20", "04-20"),
        ("24-26 April 2024", "04-24", "04-26"),
        ("24 – 26/4/2024", "04-24", "04-26"),
        ("Selasa-Rabu (30/4-1/5/2024)", "04-30", "05-01"),
        ("kemarin dulu", "04-24", "04-24"),
    ],
)
def test_days_and_spans(text, first, last):
    """A day, or a span of days whose end is not lost."""
    found = read_date(text, NOW, WIB)

    assert first == f"{found.start.astimezone(WIB):%m-%d}"
    assert last == f"{(found.end - timedelta(seconds=1)).astimezone(WIB):%m-%d}"


@pytest.mark.parametrize(("text", "hours"), [("sejam yang lalu", 1), ("2 jam lalu", 2), ("3 hours ago", 3)])
def test_relative_times_hold_the_truth_between_their_ends(text, hours):
    """ "2 jam lalu" is two hours before the capture, give or take one."""
    found = read_date(text, NOW, WIB)

    assert found.start <= NOW - timedelta(hours=hours) <= found.end
    assert found.end - found.start <= timedelta(hours=2)


@pytest.mark.parametrize(
    "text",
    [
        "", "2024", "Mei", "10.15", "Rabu", "12 tahun", "6 bulan", "berumur 18 tahun", "Rabu lalu",
        "Jumat (27/12)", "12/31/2024", "31/2/2024", "30 Februari 2024", "No. 24/4/DPRD/2024",
        "Nomor 12/4/2024", "17 Rajab 1447 H", "Diperbarui 25 April 2024", "2.500 warga",
        "dua jam lalu banjir melanda",
    ],
)  # fmt: skip
def test_never_a_date(text):
    """Bare times, weekdays, ages, numbers of letters and impossible dates date nothing."""
    assert read_date(text, NOW, WIB) is None
