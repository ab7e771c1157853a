"""The static site: whole, honest, the same every time, and safe against what people write and where it is written."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import here, read
from test_queries_report import Office
from test_queries_world import AS_OF, DAY, MATERIALS, WINDOWS, World, midnight, world

from crawler.errors import WrongUse
from crawler.items import Agency, Span
from pipelines.items import Campaign, Duty, Grade, Material, Status, Verdict
from queries.reader import open_store
from queries.report import ReportRequest, write_report
from queries.site import SiteRequest, write_site
from queries.site.calendar import due_days, months_of
from queries.site.days import read_days
from queries.site.folder import MANIFEST, UNFINISHED, Folder
from queries.site.names import agency_name, campaign_name, post_name, stem_of
from queries.site.tallies import streak_of, tally_of
from queries.site.told import symbols
from queries.wording import catalogue

__all__ = ["world"]  # fixture

pytestmark = pytest.mark.slow  # whole sites are written, some read in a browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SITE = Path(__file__).parent.parent / "queries" / "site"
HOSTILE = "<script>alert(1)</script>\u202e\u200b\"'><img src=x onerror=alert(2)>{{ 7*7 }} javascript:alert(3)"


@pytest.fixture
def request_(world: World, tmp_path: Path) -> SiteRequest:
    """A site of the synthetic world."""
    return SiteRequest(
        world.home, world.store, Office(), DAY, AS_OF, world.verdicts, world.campaigns, world.agencies,
        tmp_path / "site",
    )  # fmt: skip


@pytest.fixture(scope="module")
def published(world: World, tmp_path_factory: pytest.TempPathFactory) -> SiteRequest:
    """A site with a daily report, written once; no verdict of it rests on a submission."""
    home = tmp_path_factory.mktemp("published") / "home"
    shutil.copytree(world.home, home)
    verdicts = tuple(replace(one, grade=Grade.OWN_TEXT if one.grade else None) for one in world.verdicts)
    out = home / "reports"
    with closing(open_store(home / "tayang.duckdb", "Asia/Jakarta")) as connection:
        write_report(ReportRequest(home, Office(), DAY, AS_OF, verdicts, world.campaigns, world.agencies, connection,
                                   out / DAY.isoformat(), ("html", "json", "pdf", "xlsx")))  # fmt: skip
    request = SiteRequest(
        home, home / "tayang.duckdb", Office(), DAY, AS_OF, verdicts, world.campaigns, world.agencies, out / "site"
    )
    write_site(request)
    return request


class Tags(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def pages_of(folder: Path) -> dict[str, Tags]:
    """All pages of our own, taken apart, by name."""
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.html"))}
    return {name: Tags(path.read_text("utf-8")) for name, path in found.items() if not name.startswith("hari/")}


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def text_of(folder: Path, name: str) -> str:
    """What a reader of one page sees, in one line."""
    return " ".join("".join(Tags((folder / name).read_text("utf-8")).text).split())


def verdict(status: Status, day: int = 20, rule: str = "must", **more: object) -> Verdict:
    """What is said of the duty of one day."""
    duty = Duty("kampanye", "materi", "dinas", Span(midnight(day), midnight(day + 1)), rule=rule)
    return replace(Verdict(duty, status, AS_OF), **more)  # type: ignore[arg-type]


def test_every_link_inside_leads_to_a_file_and_an_anchor_that_exist(published: SiteRequest) -> None:
    """Pages, pictures, style, script, reports: nothing points to what is not there, and no address is absolute."""
    out, broken, pages = published.out, list[str](), pages_of(published.out)
    ids = {name: {attributes.get("id") for _, attributes in page.tags} for name, page in pages.items()}
    for name, page in pages.items():
        for address in (one[key] or "" for _, one in page.tags for key in ("href", "src") if key in one):
            if urlsplit(address).scheme:
                continue
            path, _, anchor = address.partition("#")
            target = os.path.normpath(Path(name).parent / unquote(path)) if path else name
            is_there = (out / target).is_file() and not target.startswith("..")
            if not is_there or (anchor and target in ids and anchor not in ids[target] and not anchor.startswith("i-")):
                broken.append(f"{name}: {address}")

    assert broken == []
    assert f"hari/{DAY}/index.html" in bytes_of(out)
    assert {"kampanye/antikorupsi-2024.html", "perangkat/dinkes.html"} <= pages.keys()


def test_the_index_of_the_search_names_pages_that_exist(published: SiteRequest) -> None:
    """Agencies, campaigns, materials, days and posts; the script holds the same as the JSON."""
    files = bytes_of(published.out)
    entries = json.loads(files["cari.json"])
    script = files["cari-data.js"].decode("ascii")

    assert {one["k"] for one in entries} == {"agency", "campaign", "material", "day", "post"}
    assert {one["u"].partition("#")[0] for one in entries} <= files.keys()
    assert json.loads(script.removeprefix('"use strict";\nconst TAYANG_CARI=').removesuffix(";\n")) == entries


def test_pages_run_one_script_and_load_nothing_from_outside(published: SiteRequest) -> None:
    """The policy is strict, stands on every page, and no page has inline script or style."""
    for name, page in pages_of(published.out).items():
        policy = [one["content"] for tag, one in page.tags if one.get("http-equiv") == "Content-Security-Policy"]
        sources = [one["src"] or "" for tag, one in page.tags if "src" in one]
        named = [key for _, one in page.tags for key in one]

        assert policy == ["default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                          "base-uri 'none'; form-action 'none'"]  # fmt: skip
        assert not any(urlsplit(source).scheme or source.startswith("//") for source in sources)
        assert not [key for key in named if key.startswith("on") or key == "style"]
        assert ("meta", {"name": "robots", "content": "noindex"}) in page.tags
        assert name == "index.html" or "script" not in {tag for tag, _ in page.tags}


def test_pages_can_be_read_by_those_who_do_not_see_them(published: SiteRequest) -> None:
    """One h1, no level left out, a language, a way to skip; fields, pictures and columns have their words."""
    for page in pages_of(published.out).values():
        levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
        labels = {one.get("for") for tag, one in page.tags if tag == "label"}

        assert levels.count(1) == 1 == levels[0]
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert ("html", {"lang": "id"}) in page.tags
        assert ("a", {"class": "skip", "href": "#isi"}) in page.tags
        assert {one["id"] for tag, one in page.tags if tag == "input"} <= labels
        assert all(one.get("alt") for tag, one in page.tags if tag == "img")
        assert all("scope" in one for tag, one in page.tags if tag == "th")


def test_without_script_every_list_is_whole(published: SiteRequest) -> None:
    """The front page names each agency and campaign; the search stays hidden until its script runs."""
    page = pages_of(published.out)["index.html"]
    links = {one.get("href") for tag, one in page.tags if tag == "a"}

    assert {agency_name(one.agency_id) for one in published.agencies} <= links
    assert {campaign_name(one.campaign_id) for one in published.campaigns} <= links
    assert next(one for tag, one in page.tags if tag == "form").keys() >= {"hidden"}
    assert "noscript" in {tag for tag, _ in page.tags}


def test_the_same_request_gives_the_same_bytes_in_any_order(request_: SiteRequest) -> None:
    """Neither the order of the verdicts nor the folder plays a part."""
    again = replace(request_, verdicts=tuple(reversed(request_.verdicts)), out=request_.out.with_name("again"))
    write_site(request_)
    write_site(again)

    assert bytes_of(request_.out) == bytes_of(again.out)


def test_what_did_not_change_is_not_touched(request_: SiteRequest) -> None:
    """A second site writes nothing; one changed verdict changes the pages that tell it, and no others."""
    write_site(request_)
    before = {path: path.stat().st_mtime_ns for path in request_.out.rglob("*")}
    second = write_site(request_)
    after = {path: path.stat().st_mtime_ns for path in request_.out.rglob("*")}
    first, *rest = request_.verdicts
    write_site(replace(request_, verdicts=(replace(first, minutes_late=1, reason="#x"), *rest)))
    changed = {path.name for path, time in after.items() if path.is_file() and path.stat().st_mtime_ns != time}

    assert before == after
    assert (second.written, second.removed) == (0, 0)
    assert "setda.html" in changed
    assert not changed & {"dinkes.html", "gaya.css", "cari.js"}


def test_only_our_own_files_are_taken_away(request_: SiteRequest) -> None:
    """An agency that is gone loses its page; a stranger's file and one that was edited by hand stay."""
    write_site(request_)
    (request_.out / "perangkat" / "catatan.html").write_text("milik orang lain")
    (request_.out / "perangkat" / "rsud.html").write_text("disunting")
    gone = {"rsud", "dinkes"}
    kept = tuple(one for one in request_.verdicts if one.duty.agency_id not in gone)
    agencies = [one for one in request_.agencies if one.agency_id not in gone]
    done = write_site(replace(request_, verdicts=kept, agencies=agencies))
    names = {path.name for path in (request_.out / "perangkat").iterdir()}

    assert {"catatan.html", "rsud.html"} <= names
    assert "dinkes.html" not in names
    assert done.left == 1
    assert (request_.out / "perangkat" / "catatan.html").read_text() == "milik orang lain"


def test_a_file_of_somebody_else_is_never_written_over(request_: SiteRequest) -> None:
    """A folder with an index.html that we did not write is refused before anything is written."""
    request_.out.mkdir()
    (request_.out / "index.html").write_text("situs lain")
    with pytest.raises(WrongUse):
        write_site(request_)

    assert bytes_of(request_.out) == {"index.html": b"situs lain"}


@pytest.mark.parametrize("name", ["../luar", "/etc/x", "a/../../b", "hari/../../x", ".rahasia", "a//b", "", "a\\b"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    """Whoever names a file outside, also by a manifest that was tampered with, is refused."""
    inside = tmp_path / "site"
    inside.mkdir()
    with pytest.raises(WrongUse):
        Folder(inside).claim([name])
    (inside / MANIFEST).write_text(json.dumps({"format": 1, "files": {name: ""}}))
    with pytest.raises(WrongUse):
        Folder(inside)

    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_link_in_the_folder_is_not_followed_out_of_it(request_: SiteRequest, tmp_path: Path) -> None:
    """A folder that is a link elsewhere is refused; a file that is one is replaced, not written through."""
    elsewhere = tmp_path / "lain"
    elsewhere.mkdir()
    write_site(request_)
    victim = tmp_path / "korban"
    victim.write_text("utuh")
    (request_.out / "gaya.css").unlink()
    (request_.out / "gaya.css").symlink_to(victim)
    (request_.out / UNFINISHED).symlink_to(victim)
    write_site(request_)
    shutil.rmtree(request_.out / "perangkat")
    (request_.out / "perangkat").symlink_to(elsewhere)
    with pytest.raises(WrongUse):
        write_site(replace(request_, agencies=[*request_.agencies, Agency("baru", "Baru", "opd")]))

    assert victim.read_text() == "utuh"
    assert list(elsewhere.iterdir()) == []


def test_a_folder_that_holds_the_workspace_is_refused(request_: SiteRequest) -> None:
    """Evidence and submissions must not be served by mistake."""
    for out in (request_.home, request_.home.parent):
        with pytest.raises(WrongUse):
            write_site(replace(request_, out=out))


def test_a_killed_run_is_made_good_by_the_next(request_: SiteRequest) -> None:
    """Names are claimed before they are used: what was half done is written over, what is gone is taken away."""
    folder = Folder(request_.out)
    folder.claim(["perangkat/lama.html", "index.html"])
    folder.put("perangkat/lama.html", b"setengah")
    folder.put("index.html", b"setengah")
    write_site(request_)

    assert "perangkat/lama.html" not in bytes_of(request_.out)
    assert b"</html>" in (request_.out / "index.html").read_bytes()


@given(st.lists(st.text(max_size=70), max_size=8, unique=True))
def test_no_two_ids_have_one_name_on_any_file_system(ids: list[str]) -> None:
    """Names are lower case, short, without dots at the ends, no device of Windows, and told apart by a digest."""
    stems = [stem_of(one) for one in ids]

    assert len(set(stems)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9_-]{1,64}", stem) for stem in stems)


def test_difficult_ids_have_names_of_their_own() -> None:
    """Ways out, devices, cases, slashes, and an id that imitates the name of another."""
    ids = ["../x", "..", ".", "CON", "con", "nul", "a/b", "a-b", "A", "a", "index", "", " ", "é", "e"]
    ids += ["dinas kesehatan", stem_of("A"), stem_of("../x")]
    stems = [stem_of(one) for one in ids]

    assert len({stem.lower() for stem in stems}) == len(ids)
    assert not {"con", "nul", "index", "", "."} & set(stems)
    assert stem_of("kec-wedi") == "kec-wedi"


def test_hostile_ids_and_texts_stay_text(world: World, tmp_path: Path) -> None:
    """In a registry, a campaign or a post: nothing runs, nothing is hidden, nothing is written outside."""
    home = tmp_path / "home"
    shutil.copytree(world.home, home)
    with closing(duckdb.connect(home / "tayang.duckdb")) as store:
        store.execute("UPDATE post_rows SET text = ?, url = 'javascript:alert(4)'", [HOSTILE])
    agencies = [Agency(name, HOSTILE, HOSTILE) for name in ("../x", "CON", "a/b", "A", "a")]
    material = Material("../k", "../m", HOSTILE, "text", (), HOSTILE, ("javascript:alert(5)",))
    shown = [one for one in world.verdicts if one.post_id and one.grade is not Grade.SUBMITTED][:5]
    verdicts = [
        replace(one, duty=replace(one.duty, agency_id=agency.agency_id, campaign_id="../k", material_id="../m"),
                reason=HOSTILE, decided_by=HOSTILE, post_url="javascript:alert(6)")
        for one, agency in zip(shown, agencies, strict=True)
    ]  # fmt: skip
    out = tmp_path / "luar" / "site"
    write_site(SiteRequest(home, home / "tayang.duckdb", Office(), DAY, AS_OF, verdicts,
                           [Campaign("../k", HOSTILE, (), (material,), ())], agencies, out))  # fmt: skip
    pages = pages_of(out)

    assert {path.name for path in (tmp_path / "luar").iterdir()} == {"site"}
    assert len([name for name in pages if name.startswith("perangkat/")]) == 5
    assert len({name.lower() for name in pages}) == len(pages)
    assert all("src" in one for page in pages.values() for tag, one in page.tags if tag == "script")
    assert not [one for page in pages.values() for _, one in page.tags if one.get("src") == "x" or "onerror" in one]
    assert not [one for page in pages.values() for _, one in page.tags if (one.get("href") or "").startswith("java")]
    assert not any(set("\u202e\u200b") & set("".join(page.text)) for page in pages.values())
    assert any("{{ 7*7 }}" in "".join(page.text) for page in pages.values())


def test_what_is_not_known_counts_neither_way() -> None:
    """Shares are of judged duties to show; bans, unknown, pending, exempt and doubtful ones are told apart."""
    told = [verdict(one) for one in (Status.FULFILLED, Status.MISSING, Status.UNKNOWN, Status.PENDING, Status.EXEMPT)]
    bans = [verdict(Status.CLEAR, rule="must_not"), verdict(Status.UNKNOWN, rule="must_not")]
    tally = tally_of([*told, verdict(Status.REVIEW), *bans])

    assert (tally.shown.done, tally.shown.due, tally.unknown) == (1, 2, 1)
    assert dict(tally.bans.counts) == {Status.CLEAR: 1, Status.UNKNOWN: 1}


def test_streaks_skip_what_is_not_known() -> None:
    """An unknown or doubted duty ends no streak and prolongs none; a missing one ends it."""
    fates = [Status.FULFILLED, Status.FULFILLED, Status.MISSING, Status.FULFILLED, Status.UNKNOWN, Status.FULFILLED]
    told = [verdict(fate, day) for day, fate in enumerate(fates, 1)]
    doubted = verdict(Status.LATE, 8, reason="#x; window_not_observed")
    streak = streak_of([doubted, *reversed(told)])

    assert (streak.judged, streak.current, streak.longest) == (5, 2, 2)
    assert streak_of([verdict(Status.UNKNOWN)]).judged == 0


def test_an_agency_that_was_not_observed_is_not_accused(request_: SiteRequest) -> None:
    """Its page says why it could not be observed and that this does not mean not shown; no share is told."""
    unknown = tuple(one for one in request_.verdicts if one.duty.agency_id == "dissos")
    only = tuple(replace(one, status=Status.UNKNOWN, reason="blocked", post_id=None, post_url=None, grade=None,
                         published_at=None) for one in unknown)  # fmt: skip
    rest = tuple(one for one in request_.verdicts if one.duty.agency_id != "dissos")
    write_site(replace(request_, verdicts=(*only, *rest)))
    page = text_of(request_.out, "perangkat/dissos.html")

    assert "Akses ditolak oleh sumber" in page
    assert "bukan berarti belum tayang" in page
    assert "Belum ada kewajiban yang dapat dinilai." in page
    assert "/3" not in page
    assert "HTTP 429" in page


def test_every_claim_leads_to_its_evidence(published: SiteRequest) -> None:
    """A verdict that rests on a post leads to its page with all digests; a missing one to the accounts' coverage."""
    for one in published.verdicts:
        page = (published.out / agency_name(one.duty.agency_id)).read_text("utf-8")
        if one.post_id:
            assert f'href="../{post_name(one.post_id)}#bukti"' in page
        elif one.status is Status.MISSING:
            assert 'href="#cakupan"' in page
            assert "e" * 64 in page


def test_the_page_of_a_post_tells_times_signs_and_digests(published: SiteRequest) -> None:
    """Text, quality of the time, first and last seen, matcher with its explanation, digests, the original's address."""
    one = next(one for one in published.verdicts if one.matcher == "video" and one.post_id)
    page = text_of(published.out, post_name(one.post_id or ""))

    for words in ("waktu pasti", "Pertama kali terlihat", "Terakhir terlihat", "tidak diketahui dihapus",
                  "video · cocok", "9 dari 11 bingkai kunci", one.post_url or ""):  # fmt: skip
        assert words in page
    assert len(re.findall(r"\b[0-9a-f]{64}\b", page)) >= 2


def test_submissions_are_not_on_the_site(request_: SiteRequest) -> None:
    """A verdict that rests on one is told, but neither its text nor its address, nor a page of it."""
    submitted = [one for one in request_.verdicts if one.grade is Grade.SUBMITTED]
    write_site(request_)
    names, whole = bytes_of(request_.out).keys(), b"".join(bytes_of(request_.out).values()).decode("utf-8", "ignore")

    assert submitted
    assert not {post_name(one.post_id or "") for one in submitted} & names
    assert not [one.post_url for one in submitted if f'"{one.post_url}"' in whole]
    assert "Bersandar pada kiriman" in whole


def test_a_daily_report_with_submissions_stays_at_home(tmp_path: Path) -> None:
    """By grade, by post, by address, or because nobody can tell; links and other folders are no days."""
    reports = tmp_path / "reports"
    free = {"verdicts": [{"grade": "A", "post_id": "p"}], "not_read": []}
    told = {"2024-04-20": free, "2024-04-21": {"verdicts": [{"grade": "D"}], "not_read": []},
            "2024-04-22": {"verdicts": [], "not_read": [{"post_id": "kiriman"}]}, "2024-04-23": free,
            "site": free, "2024-99-99": free}  # fmt: skip
    for day, values in told.items():
        (reports / day).mkdir(parents=True)
        (reports / day / "index.html").write_text('<a href="https://x/?a=1&amp;b=2">x</a>' if day[-2:] == "23" else "")
        (reports / day / "report.json").write_text(json.dumps(values))
    (reports / "2024-04-24").mkdir()
    (reports / "2024-04-24" / "index.html").write_text("tanpa report.json")
    (reports / "2024-04-25").symlink_to(reports / "2024-04-20")
    days = read_days(reports, {"kiriman"}, {"https://x/?a=1&b=2"})

    assert days.published == {date(2024, 4, 20)}
    assert [day.day for day in days.left_out] == [21, 22, 23, 24]
    assert set(days.files) == {"hari/2024-04-20/index.html", "hari/2024-04-20/report.json"}


def test_pdf_and_workbook_go_along_with_the_report_they_were_made_of(published: SiteRequest, tmp_path: Path) -> None:
    """Linked on the front page under names that keep the day; of another state, or of no report at all, they stay."""
    names = {f"hari/{DAY}/laporan-{DAY}.pdf", f"hari/{DAY}/laporan-{DAY}.xlsx"}
    front = {one.get("href") for tag, one in pages_of(published.out)["index.html"].tags if tag == "a"}
    reports = tmp_path / "reports"
    shutil.copytree(published.home / "reports" / DAY.isoformat(), reports / DAY.isoformat())
    before = read_days(reports, set(), set())
    (reports / DAY.isoformat() / "report.xlsx").write_bytes(b"PK tidak utuh")
    broken = read_days(reports, set(), set())
    (reports / DAY.isoformat() / "report.json").write_text(json.dumps({"verdicts": [], "not_read": []}))
    outdated = read_days(reports, set(), set())

    assert names <= front
    assert names <= bytes_of(published.out).keys()
    assert (names <= before.files.keys(), before.outdated) == (True, ())
    assert (names & broken.files.keys(), broken.outdated) == ({f"hari/{DAY}/laporan-{DAY}.pdf"}, (DAY,))
    assert (names & outdated.files.keys(), outdated.outdated) == (set(), (DAY,))


def test_the_calendar_shows_the_months_with_reports() -> None:
    """Weeks begin on Monday; days of other months are empty; a window that never ends fills no more than it may."""
    zone = Office().zone
    due = due_days([Span(midnight(24), midnight(26)), Span(midnight(1), midnight(1) + timedelta(days=4000))], zone)
    [march, february] = months_of({date(2024, 2, 29)}, due, date(2024, 3, 2))

    assert (march.first, february.first) == (date(2024, 3, 1), date(2024, 2, 1))
    assert [one.day.day if one else None for one in march.weeks[0]] == [None, None, None, None, 1, 2, 3]
    assert [one.day.day for week in february.weeks for one in week if one and one.has_report] == [29]
    assert len(due) < 500


def test_an_english_site_has_no_indonesian_words(request_: SiteRequest) -> None:
    """The instance's language holds for every page; both languages have every text."""
    write_site(replace(request_, instance=replace(Office(), language="en")))
    page = text_of(request_.out, "perangkat/dissos.html") + text_of(request_.out, "index.html")

    assert "Not observed" in page
    assert not {"Terpenuhi", "Kampanye ", "Tidak teramati", "Unggahan"} & set(re.findall(r"[A-Z][\w ]+", page))
    assert all(set(texts) == {"id", "en"} for texts in catalogue()["site"].values())


def test_every_text_is_used_and_every_status_has_its_icon() -> None:
    """No sentence of the catalogue is left over, and the report's icons are there."""
    sources = "".join(path.read_text("utf-8") for path in [*SITE.glob("*.html"), *SITE.glob("*.py")])
    stems = ("kind_", "material_kind_", "mode_", "require_", "quality_", "sign_", "medium_")
    unused = [key for key in catalogue()["site"] if f"site.{key}" not in sources and not key.startswith(stems)]

    assert set(unused) <= {"days", "campaigns", "agencies", "search", "was_edited", "not_edited"}
    assert all(f'id="i-{status}"' in symbols() for status in Status)


def test_an_empty_workspace_has_a_site(world: World, tmp_path: Path) -> None:
    """No verdict, no campaign, no agency: a front page that says so."""
    write_site(SiteRequest(world.home, world.store, Office(), DAY, datetime(2024, 4, 1, tzinfo=UTC), (), (), (),
                           tmp_path / "site"))  # fmt: skip
    page = text_of(tmp_path / "site", "index.html")

    assert "Tidak ada kewajiban tayang." in page


def test_a_whole_campaign_is_in_its_matrix(published: SiteRequest) -> None:
    """All its windows, whatever the day; the ban stands on its own page with its own figures."""
    page, ban = (text_of(published.out, f"kampanye/{name}.html") for name in ("antikorupsi-2024", "netralitas-2024"))

    assert all(title in page for _, _, title, _ in MATERIALS[:3])
    assert len(WINDOWS) == 4
    assert "B/700/127/11" in page
    assert "Warga Diminta Tolak Tip" in page
    assert "larangan" in ban
    assert "Larangan (tidak ikut dihitung)" in ban


def test_the_command_writes_the_site_of_a_fresh_workspace(tmp_path: Path) -> None:
    """`tayang site` tells what it did, by default in reports/site; again, nothing changes; the workspace is refused."""
    home = tmp_path / "kerja"
    here("init", str(home))
    first, second = (here("site", "--home", str(home), "--json") for _ in range(2))
    refused = here("site", "--home", str(home), "--out", str(home))

    assert (first.returncode, second.returncode, refused.returncode) == (0, 0, 2)
    assert read(first)["path"] == str(home / "reports" / "site")
    assert read(first)["written"] > 4
    assert read(second)["removed"] == 0
    assert "<h1>Bukti tayang</h1>" in (home / "reports" / "site" / "index.html").read_text("utf-8")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: the search cannot be tried")
@pytest.mark.parametrize(("asked", "found"), [("prambanan", "perangkat/kec-prambanan.html"),
                                              ("IKRAR", "kampanye/"), ("24%20april", "hari/2024-04-24/"),
                                              ("zzz", "Tidak ditemukan")])  # fmt: skip
def test_the_search_finds_in_a_browser_from_a_disk(published: SiteRequest, asked: str, found: str) -> None:
    """Opened as a file, with what is asked in the address: results are links, and the policy lets the script run."""
    done = subprocess.run(
        [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
         f"{(published.out / 'index.html').as_uri()}#q={asked}"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    form = done.stdout.partition("<form")[2].partition("</form>")[0]

    assert found in form
    assert "hidden" not in form.partition(">")[0]
    assert "alert(" not in re.sub(r"[^<]*</a>", "", form)
