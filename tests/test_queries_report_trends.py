"""Trends and their pictures: hand-worked numbers, honest denominators, SVG that is valid, safe and told in words."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_queries_report import Office, json_of, page_of
from test_queries_world import AS_OF, DAY, ZONE, World, connection, midnight, world

from crawler.items import Agency, Span
from pipelines.items import Duty, Status, Verdict
from queries.reader import Connection
from queries.report import ReportRequest
from queries.report.chart import Chart, percent_of
from queries.report.charts import draw_charts
from queries.report.content import content_of
from queries.report.drawing import LOOKS, SIGNS, Drawing, fitted, number
from queries.report.history import Earlier, Said
from queries.report.scope import columns_of, local_day
from queries.report.trends import Trends, days_of, paces_of, ranking_of, sights_of, strips_of
from queries.wording import Wording

__all__ = ["connection", "world"]  # fixtures

SVG = "{http://www.w3.org/2000/svg}"
F, L, M, U, P = Status.FULFILLED, Status.LATE, Status.MISSING, Status.UNKNOWN, Status.PENDING
HOSTILE = '<script>alert(1)</script>"\'&\x00\u202e]]>'


def duty(agency: str, opens: int, closes: int | None = None, rule: str = "must") -> Duty:
    span = Span(midnight(opens), midnight(closes or opens + 1))
    return Duty("c", "m", agency, span, rule=rule, accounts=(f"instagram:{agency}",))


def verdict(agency: str, opens: int, status: Status, hours: float | None = None) -> Verdict:
    made = duty(agency, opens)
    return Verdict(made, status, AS_OF, published_at=made.window.start + timedelta(hours=hours) if hours else None)


SEASON = [
    verdict("a", 20, F, 2), verdict("b", 20, F, 8), verdict("d", 20, M), verdict("e", 20, U),
    verdict("a", 22, F, 1), verdict("b", 22, L, 25), verdict("d", 22, U), verdict("e", 22, U),
    verdict("a", 25, F, 0.2), verdict("b", 25, P),
]  # fmt: skip


def days(verdicts: Sequence[Verdict], last: int = 24) -> list[tuple[int, int, int, int, int]]:
    found = days_of(verdicts, date(2024, 4, last), ZONE, AS_OF)
    return [(one.day.day, one.figures.done, one.figures.due, one.unknown, one.still_open) for one in found]


def test_share_of_each_day() -> None:
    """20 April: 2 of 3, one not observed; 22 April: 1 of 2; days without duties are gaps, not zeros."""
    assert days(SEASON) == [(20, 2, 3, 1, 0), (21, 0, 0, 0, 0), (22, 1, 2, 2, 0), (23, 0, 0, 0, 0), (24, 0, 0, 0, 0)]


def test_an_open_window_has_no_share_yet() -> None:
    """Of an open window only kept promises can be judged: they wait, counted as open."""
    assert days(SEASON, last=25)[-1] == (25, 0, 0, 0, 2)


def test_a_long_window_belongs_to_the_day_it_closes() -> None:
    """A window of three days is judged when it ends."""
    long = Verdict(duty("a", 20, 23), F, AS_OF)

    assert days([long], last=23) == [(22, 1, 1, 0, 0), (23, 0, 0, 0, 0)]


def test_bans_are_in_no_share() -> None:
    """A forbidden material that stayed away flatters nobody's showing, and its blindness is not the showing's."""
    bans = [Verdict(duty("a", 20, rule="must_not"), status, AS_OF) for status in (Status.CLEAR, U, Status.VIOLATED)]

    assert days(bans) == []
    assert ranking_of(bans, [], AS_OF, None) == ((), ())


def test_pace_counts_hours_from_the_opening() -> None:
    """Of three judged, one was shown within two hours and two within eight; a late one never enters."""
    columns = columns_of(SEASON, [], local_day(DAY, ZONE))
    first, second = paces_of(columns, SEASON, AS_OF)

    assert (first.hours, first.figures.due, first.length_hours) == ((2.0, 8.0), 3, 24.0)
    assert [first.shown_by(hours) for hours in (1, 2, 8, 24)] == [0, 1, 2, 2]
    assert second.hours == (1.0,)


def test_ranking_by_hand() -> None:
    """a has 2 of 2, b 1 of 2, d 0 of 1; e was never observed and stands apart, not last."""
    agencies = [Agency(one, one.upper(), "opd") for one in "edba"]
    ranked, apart = ranking_of(SEASON, agencies, AS_OF, None)

    assert [(one.name, one.rank, one.done, one.due) for one in ranked] == [
        ("A", 1, 2, 2), ("B", 2, 1, 2), ("D", 3, 0, 1)]  # fmt: skip
    assert [(one.name, one.rank, one.unknown) for one in apart] == [("E", None, 2)]


def test_ties_share_a_rank_and_the_next_counts_them() -> None:
    """1 of 2 equals 2 of 4; both are first, and the next is third."""
    fates = {"x": [F, M], "y": [F, M, F, M], "z": [M]}
    verdicts = [verdict(name, 10 + n, status) for name, found in fates.items() for n, status in enumerate(found)]
    ranked, _ = ranking_of(verdicts, [], AS_OF, None)

    assert [(one.agency_id, one.rank) for one in ranked] == [("x", 1), ("y", 1), ("z", 3)]


def test_change_of_rank_is_against_what_was_said_then() -> None:
    """A week ago b led by what was then said of closed windows; a window still open then does not count."""
    keys = {(v.duty.agency_id, v.duty.window.start): v.duty.key for v in SEASON}
    told = {
        keys["a", midnight(20)]: Said(M, "", midnight(21), None, None, "tayang"),
        keys["b", midnight(20)]: Said(F, "", midnight(21), None, None, "tayang"),
        keys["d", midnight(22)]: Said(F, "", midnight(23), None, None, "tayang"),
    }
    ranked, _ = ranking_of(SEASON, [], AS_OF, Earlier(midnight(22), told))

    assert [(one.agency_id, one.rank, one.rank_before) for one in ranked] == [("a", 1, 2), ("b", 2, 1), ("d", 3, None)]


def test_strips_stand_in_the_order_of_the_windows() -> None:
    """One status for each window that opened by the end of the day; None where there is no such duty."""
    season, strips = strips_of(SEASON[::-1], [], [], local_day(DAY, ZONE))

    assert [column.window.start for column in season] == [midnight(20), midnight(22)]
    assert {one.agency_id: one.statuses for one in strips} == {"a": (F, F), "b": (F, L), "d": (M, U), "e": (U, U)}
    apart = strips_of([verdict("a", 20, F), verdict("b", 21, M)], [], [], local_day(DAY, ZONE))[1]
    assert [one.statuses for one in apart] == [(F, None), (None, M)]


def test_observation_counts_hours_of_accounts() -> None:
    """Two accounts owe 48 hours a day; half a day of one was read; the day itself counts up to the report."""
    verdicts = [verdict("a", 23, F), verdict("b", 24, P)]
    read = {"instagram:a": (Span(midnight(23) + timedelta(hours=12), midnight(24) + timedelta(hours=6)),)}
    found = sights_of(verdicts, read, DAY, ZONE, midnight(24) + timedelta(hours=6))

    assert [(one.day.day, one.accounts, one.hours, one.seen) for one in found] == [(23, 2, 48, 12), (24, 2, 12, 6)]


def test_an_account_owes_only_the_time_it_was_the_agencys() -> None:
    """An account that began at noon owes half a day; before it there is nothing to see, which is a gap."""
    noon = midnight(23) + timedelta(hours=12)
    begun = replace(duty("a", 22), limits={"instagram:a": Span(noon, midnight(30))})
    found = sights_of([Verdict(begun, F, AS_OF)], {}, date(2024, 4, 23), ZONE, AS_OF)

    assert [(one.accounts, one.hours) for one in found] == [(0, 0), (1, 12)]


@pytest.mark.parametrize(
    ("done", "due", "words"),
    [(0, 0, ""), (0, 3, "0%"), (1, 300, "1%"), (299, 300, "99%"), (300, 300, "100%"), (2, 3, "67%")],
)
def test_all_and_nothing_are_said_only_of_all_and_nothing(done: int, due: int, words: str) -> None:
    """Rounding never makes 100 of 299 in 300."""
    assert percent_of(done, due) == words


FATES = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(10, 26), st.sampled_from(Status)), max_size=30,
                 unique_by=lambda one: one[:2])  # fmt: skip


def trends_of(verdicts: Sequence[Verdict]) -> Trends:
    today = local_day(DAY, ZONE)
    season, strips = strips_of(verdicts, [], [], today)
    return Trends(
        days_of(verdicts, DAY, ZONE, AS_OF), paces_of(columns_of(verdicts, [], today), verdicts, AS_OF),
        *ranking_of(verdicts, [], AS_OF, None), None, season, strips, sights_of(verdicts, {}, DAY, ZONE, AS_OF),
    )  # fmt: skip


@given(FATES, st.randoms())
def test_order_of_verdicts_plays_no_part(fates: list[tuple[str, int, Status]], dice: object) -> None:
    """The same verdicts in another order give the same numbers and the same pictures; all shares lie in 0..1."""
    verdicts = [verdict(*fate, hours=3.0) for fate in fates]
    shuffled = list(verdicts)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    trends = trends_of(verdicts)

    assert trends_of(shuffled) == trends
    assert draw_charts(trends, Wording("id", ZONE)) == draw_charts(trends_of(shuffled), Wording("id", ZONE))
    assert all(0 <= one.figures.done <= one.figures.due for one in (*trends.days, *trends.paces))
    assert all(len(one.hours) <= one.figures.due for one in trends.paces)
    assert all(0 <= one.share <= 1 for one in trends.ranking)
    assert all(0 <= one.seen <= one.hours for one in trends.sights)


@given(FATES)
def test_blindness_never_lowers_a_share(fates: list[tuple[str, int, Status]]) -> None:
    """Duties that could not be observed are added: every day's and every agency's share stays as it was."""
    verdicts = [verdict(*fate) for fate in fates]
    blind = [verdict(name, day, U) for name, day, _ in fates for name in (name, f"{name}2")]
    known = {v.duty.key for v in verdicts}
    more = trends_of([*verdicts, *(v for v in {b.duty.key: b for b in blind}.values() if v.duty.key not in known)])
    before = trends_of(verdicts)
    shares = [[(day.figures.done, day.figures.due) for day in one.days] for one in (more, before)]

    assert shares[0] == shares[1]
    assert [(s.agency_id, s.share, s.rank) for s in more.ranking] == [
        (s.agency_id, s.share, s.rank) for s in before.ranking]  # fmt: skip


def parsed(chart: Chart) -> list[ET.Element]:
    """Every SVG of a picture: one, or its pieces."""
    return [ET.fromstring(svg) for svg in chart.svgs.values()]


def drawn(chart: Chart) -> str:
    return "".join(chart.svgs.values())


def test_every_picture_is_valid_and_told_in_words() -> None:
    """It parses alone, has no NaN, and its numbers stand in a table; in one it names itself and what it shows.

    Pieces are told by what stands around them, not one by one.
    """
    charts = draw_charts(trends_of(SEASON), Wording("id", ZONE))

    assert [chart.key for chart in charts] == ["days", "sight", "pace", "ranking", "season"]
    for chart in charts:
        for root in parsed(chart):
            assert root.tag == f"{SVG}svg"
            assert not [one for tag in root.iter() for one in tag.attrib.values() if re.search(r"(?i)\b(nan|inf)", one)]
            assert (root.get("role"), root.get("aria-hidden")) == ((None, "true") if chart.pieces else ("img", None))
            if not chart.pieces:
                assert [one.tag for one in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
                assert (root[0].text, root[1].text) == (chart.title, chart.description)
                assert root.get("aria-labelledby", "").split() == [root[0].get("id"), root[1].get("id")]
        assert len({len(row) for row in chart.table}) == 1
        assert len(chart.table) > 1


def test_a_picture_brings_all_it_needs() -> None:
    """No style, script, outside address or colour of the page; every name it uses is its own and defined once."""
    for chart in draw_charts(trends_of(SEASON), Wording("en", ZONE)):
        names: list[str] = []
        for root in parsed(chart):
            ids = [name for one in root.iter() if (name := one.get("id"))]
            used = [value.strip("url()#") for one in root.iter() for key, value in one.items()
                    if key == "href" or value.startswith("url(")]  # fmt: skip
            names += ids

            assert not [one.tag for one in root.iter() if one.tag in (f"{SVG}style", f"{SVG}script", f"{SVG}image")]
            assert not [one for one in root.iter() if "style" in one.keys() or "class" in one.keys()]  # noqa: SIM118
            assert set(used) <= set(ids)
        assert "currentColor" not in drawn(chart)
        assert "var(" not in drawn(chart)
        assert len(names) == len(set(names))
        assert all(one.startswith(f"c-{chart.key}") for one in names)


def test_statuses_differ_without_colour() -> None:
    """Every status has a ground and a sign of its own; no two signs are equal."""
    assert set(LOOKS) == set(SIGNS) == set(Status)
    assert len(set(SIGNS.values())) == len(Status)


def test_hostile_names_stay_names() -> None:
    """Markup in an agency's name is text, and characters that XML forbids or that turn the line are gone."""
    trends = trends_of([replace(v, duty=replace(v.duty, agency_id=HOSTILE)) for v in SEASON[::4]])
    for chart in draw_charts(trends, Wording("id", ZONE)):
        parsed(chart)

        assert "<script" not in drawn(chart)
        assert not set("\x00\u202e") & set(drawn(chart))
    ranking = next(one for one in draw_charts(trends, Wording("id", ZONE)) if one.key == "ranking")
    assert "&lt;script&gt;alert(1)" in drawn(ranking)


@pytest.mark.parametrize("name", ["DINAS PERDAGANGAN, KOPERASI DAN UKM KABUPATEN KLATEN", "地方政府" * 12, "ꦝꦶꦤꦱ꧀" * 9])
def test_a_wide_name_ends_before_what_stands_beside_it(name: str) -> None:
    """Names are cut by the room they take, not by how many letters they have; a short one stays whole."""
    cut = fitted(name, 262)

    assert cut.endswith("…")
    assert name.startswith(cut.removesuffix("…").rstrip())
    assert len(cut) < 42
    assert fitted("Dinas Kesehatan", 262) == "Dinas Kesehatan"


def test_a_day_of_blindness_shows_no_share() -> None:
    """Where nothing was observed there is no percentage at all, only the band of what was not observed."""
    chart = draw_charts(Trends(days=days_of([verdict("a", 24, U)], DAY, ZONE, AS_OF)), Wording("id", ZONE))[0]

    assert not re.search(r'font-weight="600">\d', drawn(chart))  # the scale beside has its per cent
    assert 'fill="url(#c-days-p-unknown)"' in drawn(chart)
    assert chart.table[1] == ("24 April 2024", "0", "0", "tidak ada yang dinilai", "1", "0")


@pytest.mark.parametrize("statuses", [(), (P,), (P, Status.REVIEW), (U,)])
def test_nothing_is_drawn_of_nothing(statuses: tuple[Status, ...]) -> None:
    """Where nothing can be judged there is no ranking of dashes, and where nothing is due no picture at all."""
    found = trends_of([verdict(name, 24, status) for name, status in zip("ab", statuses, strict=False)])
    keys = [one.key for one in draw_charts(replace(found, sights=()), Wording("id", ZONE))]

    assert keys == (["days", "season"] if U in statuses else ["season"] if Status.REVIEW in statuses else [])


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_never_drawn(value: float) -> None:
    """A coordinate that is not finite is an error of ours, not a broken picture."""
    with pytest.raises(ValueError):
        Drawing("x", 10, 10).rect((value, 0, 1, 1), "#fff")


def test_coordinates_are_short() -> None:
    """To a tenth, without trailing zeros or a negative zero."""
    assert [number(one) for one in (1.0, 2.25, -0.01, 10)] == ["1", "2.2", "0", "10"]


def request_of(world: World, connection: Connection, out: Path) -> ReportRequest:
    return ReportRequest(
        world.home, Office(), DAY, AS_OF, world.verdicts, world.campaigns, world.agencies, connection, out
    )


@pytest.mark.slow
def test_page_and_json_hold_the_same_pictures_each_time(world: World, connection: Connection, tmp_path: Path) -> None:
    """The section stands between lists and evidence with five pictures; other orders of input give the same."""
    request = request_of(world, connection, tmp_path / "out")
    content = content_of(request)
    other = content_of(replace(request, verdicts=request.verdicts[::-1]))
    page, told = page_of(request), json_of(request)["trends"]

    assert content.charts == other.charts
    assert page.index('class="lists"') < page.index('class="trends"') < page.index('class="cards"')
    assert all(svg in page for chart in content.charts for svg in chart.svgs.values())
    assert len(content.charts) == 5
    assert [(one["day"], one["done"], one["due"]) for one in told["days"]] == [
        ("2024-04-22", 9, 10), ("2024-04-23", 0, 0), ("2024-04-24", 3, 9)]  # fmt: skip
    assert told["days"][1]["share"] is None


def test_week_ago_is_read_from_history(world: World, connection: Connection, tmp_path: Path) -> None:
    """Nothing was verified a week before: the ranking says so, and no change is claimed."""
    content = content_of(request_of(world, connection, tmp_path / "out"))
    ranking = next(one for one in content.charts if one.key == "ranking")

    assert content.trends.ranked_before is None
    assert "Tidak ada verifikasi 7 hari sebelumnya" in ranking.description


def test_a_season_stays_small() -> None:
    """60 agencies and 40 windows: all five pictures together below 250 kB, their tables included."""
    start = datetime(2024, 3, 16, tzinfo=ZONE)
    spans = [Span(start + timedelta(days=n), start + timedelta(days=n + 1)) for n in range(40)]
    verdicts = [
        Verdict(Duty("c", "m", f"agency-{a}", span), list(Status)[(a + n) % 5], AS_OF, published_at=span.start)
        for a in range(60) for n, span in enumerate(spans)
    ]  # fmt: skip
    charts = draw_charts(trends_of(verdicts), Wording("id", ZONE))

    assert sum(len(drawn(chart)) for chart in charts) < 250_000
