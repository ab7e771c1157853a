"""Date texts as sites write them -> instants, days, spans or nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import Confidence, Precision, find_dates, read_date
from tests.dates.lists import lines, read_line, read_sentence, sentences

WIB = ZoneInfo("Asia/Jakarta")
ZONES = {"WIB": WIB, "WITA": ZoneInfo("Asia/Makassar"), "WIT": ZoneInfo("Asia/Jayapura")}
NOW = datetime(2024, 4, 26, 15, 0, tzinfo=WIB)
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jum’at", "Sabtu", "Minggu")
MONTHS = (
    ("Januari", "Jan"), ("Pebruari", "Peb"), ("Maret", "Mrt"), ("April", "Apr"), ("Mei", "Mei"),
    ("Juni", "Jun"), ("Juli", "Jul"), ("Agustus", "Ags"), ("September", "Sept"), ("Oktober", "Okt"),
    ("Nopember", "Nop"), ("Desember", "Des"),
)  # fmt: skip
ENGLISH = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
OFFSETS = {"WIB": "+07:00", "WITA": "+0800", "WIT": "+09:00"}
_DAYS_WRITTEN = (
    "{day}, {d} {month} {y}", "{day} {d} {month} {y}", "{d} {month} {y}", "{d} {short} {y}", "{dd} {short} {y}",
    "{day} ({d}/{m}/{y})", "Klaten, {day} ({dd}/{mm}/{y})", "{dd}-{mm}-{y}", "{d}/{m}/{y}", "{d}.{m}.{y}",
    "{y}-{mm}-{dd}", "{d}-{short}-{y}", "{english} {d}, {y}", "{day} Pon, {d} {month} {y}",
)  # fmt: skip
_CLOCKS_WRITTEN = (" | {H}:{M} {zone}", " pukul {H}.{M} {zone}", ", {H}:{M}:00 {zone}", " - {H}.{M} {zone}")
STYLES = (
    *(day + clock for day in _DAYS_WRITTEN for clock in _CLOCKS_WRITTEN),
    "Diposting pada {d} {month} {y}, pukul {H}.{M} {zone} oleh Admin",
    "{H}:{M} {zone}, {day} {d} {month} {y}",
    "{y}-{mm}-{dd}{zone}{H}:{M}",
    "{y}-{mm}-{dd}T{H}:{M}:00{offset}",
    "{rfc_day}, {dd} {rfc_month} {y} {H}:{M}:00 {offset}",
    "Kompas.com - {dd}/{mm}/{y}, {H}:{M} {zone}",
    "Diperbarui 1 Januari 2000 | Terbit: {d} {month} {y} {H}:{M} {zone}",
    "Tayang: {day}, {d} {month} {y} {H}:{M} {zone} | Diperbarui: 1 Januari 2036 08:00 {zone}",
)

SPANS = (
    "{a.day} {A} {a.year} - {b.day} {B} {b.year}", "{a.day} {A} {a.year} s.d. {b.day} {B} {b.year}",
    "{a.day}/{a.month}/{a.year} - {b.day}/{b.month}/{b.year}", "{a.day} {A} sampai {b.day} {B} {b.year}",
    "{a:%Y-%m-%d} s/d {b:%Y-%m-%d}", "{a.day}/{a.month}-{b.day}/{b.month}/{b.year}",
)  # fmt: skip


def _write(style: str, local: datetime, zone: str) -> str:
    month, short = MONTHS[local.month - 1]
    english = ENGLISH[local.month - 1]
    named = {"month": month, "short": short, "english": english, "rfc_month": english[:3], "rfc_day": f"{local:%a}"}
    numbers = {"d": local.day, "dd": f"{local:%d}", "m": local.month, "mm": f"{local:%m}", "y": local.year}
    clock = {"H": f"{local:%H}", "M": f"{local:%M}", "zone": zone, "offset": OFFSETS.get(zone, "")}
    return style.format(day=DAYS[local.weekday()], **named, **numbers, **clock)


minutes = st.builds(
    datetime.combine,
    st.dates(date(1990, 1, 1), date(2035, 12, 31)),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)


@given(local=minutes, style=st.sampled_from(STYLES), zone=st.sampled_from(sorted(ZONES)))
def test_what_is_written_is_read_back(local, style, zone):
    """Any minute in any of more than forty styles and any zone is read as that very instant."""
    found = read_date(_write(style, local, zone), NOW, UTC)

    assert len(STYLES) >= 40
    assert found is not None
    assert found.precision in (Precision.MINUTE, Precision.SECOND)
    assert local.replace(tzinfo=ZONES[zone]) == found.start == found.end


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
        "", "2024", "Mei", "10.15", "Rabu", "12 tahun", "6 bulan", "berumur 18 tahun",
        "Jumat (27/12)", "12/31/2024", "31/2/2024", "30 Februari 2024", "No. 24/4/DPRD/2024",
        "Nomor 12/4/2024", "17 Rajab 1447 H", "Diperbarui 25 April 2024", "2.500 warga",
        "dua jam lalu banjir melanda",
    ],
)  # fmt: skip
def test_never_a_date(text):
    """Bare times, weekdays, ages, numbers of letters and impossible dates date nothing."""
    assert read_date(text, NOW, WIB) is None


@given(day=st.dates(date(1990, 1, 1), date(2035, 12, 31)), away=st.integers(-180, 180))
def test_a_missing_year_is_the_nearest(day, away):
    """Up to half a year away the date meant is found, and it is marked as supplied; without `near` there is none."""
    near = datetime.combine(day + timedelta(days=away), time(12), WIB)
    text = f"{DAYS[day.weekday()]} ({day.day}/{day.month})"

    found = read_date(text, NOW, WIB, near=near)

    assert (datetime.combine(day, time(), WIB), Confidence.LOW) == (found.start, found.confidence)
    assert read_date(text, NOW, WIB) is None


@given(first=st.dates(date(1990, 1, 1), date(2035, 12, 31)), days=st.integers(1, 60), style=st.sampled_from(SPANS))
def test_a_span_keeps_both_ends(first, days, style):
    """However it is written, over the ends of months and years."""
    last = first + timedelta(days=days)
    text = style.format(a=first, b=last, A=MONTHS[first.month - 1][0], B=MONTHS[last.month - 1][0])

    found = read_date(text, NOW, WIB)

    assert found is not None
    assert datetime.combine(first, time(), WIB) == found.start
    assert datetime.combine(last + timedelta(days=1), time(), WIB) == found.end


@given(text=st.text(max_size=300))
def test_any_text_is_read_within_bounds(text):
    """No text breaks a reader, and what is found stands where it is said to stand."""
    read_date(text, NOW, WIB)
    ends = [0]
    for one in find_dates(text, NOW, WIB):
        assert ends[-1] <= one.start < one.end <= len(text)
        ends.append(one.end)


@pytest.mark.parametrize("case", [*lines()], ids=lambda case: case.text or "empty")
def test_a_listed_line_is_read_as_listed(case):
    """Each means what a person reads in it, or nothing."""
    assert case.meanings[0] == read_line(case)


def test_listed_sentences_hold_their_dates_and_no_others():
    """Ages, scores, streets, numbers of letters and tags date nothing."""
    cases = list(sentences())

    assert len(cases) >= 400
    assert [(case.text, case.meanings) for case in cases] == [(case.text, read_sentence(case)) for case in cases]


def test_a_place_in_the_text_is_kept_whatever_its_letters():
    """Letters whose small form is longer do not shift what is found."""
    text = "İİİ rapat Rabu (24/4/2024) İ"
    [found] = find_dates(text, NOW, WIB)

    assert text[found.start : found.end] == "Rabu (24/4/2024)"
