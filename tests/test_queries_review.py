"""The desk: who may come in, what is shown, what a decision does, and what nobody may get out of it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urljoin

import aiohttp
import pytest
from yarl import URL

from crawler.errors import WrongUse
from crawler.items import Account, Capture, Media, Outcome, Page, Post, Quality, Span, Visit
from crawler.sandbox.studio import as_jpeg, filler_jpeg, poster
from pipelines.audit import audit_workspace
from pipelines.check import open_workspace
from pipelines.evidence import Evidence
from pipelines.items import Status
from pipelines.lock import only_run
from pipelines.recognise import recognise
from pipelines.reviews import Review, record
from pipelines.rows import evidence_row, post_rows, sighting_rows, visit_row
from pipelines.store import Store
from pipelines.verify import verify
from queries.review import open_desk
from queries.review.pages import link_words, style
from queries.review.wording import desk_catalogue
from queries.review.wordwise import marked
from queries.wording import catalogue
from tests.homes import write, write_registry
from tests.small_world import here

AS_OF = datetime(2024, 4, 25, 5, tzinfo=UTC)
OPENS = datetime(2024, 4, 23, 17, tzinfo=UTC)
NASTY = "Laporkan <script>alert(1)</script>\"'><img src=x onerror=alert(2)> \u202egratifikasi {{ 7*7 }}"
INSTANCE = '[instance]\nname = "Kabupaten Contoh"\ntimezone = "Asia/Jakarta"\n[crawl]\ncontact = "a@b.example"\n'
CAMPAIGN = """
id = "anti"
title = "Antikorupsi"
[[instrument]]
number = "1"
issuer = "Setda"
issued_on = 2024-04-01
[[material]]
id = "poster"
title = "Laporkan gratifikasi"
kind = "image"
files = ["poster.jpg"]
[material.require]
hashtags = ["#antikorupsi"]
[[material]]
id = "calon"
title = "Poster calon"
kind = "image"
files = ["calon.jpg"]
[[duty]]
material = "poster"
opens = 2024-04-24
closes = 2024-04-25
kinds = ["opd"]
[[duty]]
material = "poster"
opens = 2024-04-25
closes = 2099-04-26
kinds = ["opd"]
[[duty]]
material = "calon"
opens = 2024-04-24
closes = 2024-04-25
rule = "must_not"
kinds = ["opd"]
"""
CLIP = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40
MARKUP = b"<!doctype html><script>alert(3)</script>"
SUSPECT, PLAIN, CLIPPED, TRICK = (f"instagram:{number}" for number in range(1, 5))
PAIR = {"kampanye": "anti", "materi": "poster", "unggahan": SUSPECT}
DUTY = {"kampanye": "anti", "materi": "poster", "perangkat": "dinkes", "mulai": OPENS.isoformat()}
BAN = {**DUTY, "materi": "calon"}
OPEN = {**DUTY, "mulai": (OPENS + timedelta(days=1)).isoformat()}


def a_post(number: str, agency: str, text: str, at: datetime, body: bytes, kind: str = "image") -> Post:
    media = Media(number, kind, f"https://m.example/{number}", digest(body))
    return Post(number, "instagram", agency, agency, number, f"https://www.instagram.com/p/{number[-1]}/", at, at,
                Quality.EXACT, text, (), (media,), evidence_sha256=digest(b"{}"))  # fmt: skip


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def a_capture(body: bytes, kind: str, content_type: str) -> Capture:
    headers = (("Content-Type", content_type),)
    return Capture(kind, f"https://m.example/{digest(body)[:8]}", "https://m.example/", 200, headers, body, AS_OF)


def damaged(home: Path) -> list[str]:
    """What the audit finds, but for the visits and posts that were put into the store by hand here."""
    by_hand = ("visit_rows: r1 ", "post_rows: ", "sighting_rows: ", "run_rows: r1 ")
    return [one for one in audit_workspace(home)[1] if not one.startswith(by_hand)]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small workspace after a run: one doubtful poster, one proved absence, odd files."""
    home = tmp_path_factory.mktemp("desk") / "home"
    write(home / "tayang.toml", INSTANCE)
    agencies = ["dinkes,Dinas Kesehatan,opd", "disdik,Dinas <b>Pendidikan</b>,opd"]
    write_registry(home, agencies, ["dinkes,instagram,dinkes,", "disdik,instagram,disdik,"])
    write(home / "campaigns" / "anti" / "campaign.toml", CAMPAIGN)
    own = poster(2, "Laporkan gratifikasi", 2024)
    (home / "campaigns" / "anti" / "poster.jpg").write_bytes(as_jpeg(own, 95))
    (home / "campaigns" / "anti" / "calon.jpg").write_bytes(as_jpeg(poster(4, "Pilih saya", 2024), 95))
    shown, noon = as_jpeg(poster(2, "Laporkan gratifikasi", 2023)), OPENS + timedelta(hours=12)
    posts = {
        "disdik": [a_post(SUSPECT, "disdik", NASTY, noon, shown)],
        "dinkes": [
            a_post(PLAIN, "dinkes", "Jam layanan", noon, filler_jpeg(1)),
            a_post(CLIPPED, "dinkes", "Senam pagi", noon - timedelta(days=9), CLIP, "video"),
            a_post(TRICK, "dinkes", "Aneh", noon - timedelta(days=9), MARKUP),
        ],
    }  # fmt: skip
    captures = [(shown, "image/jpeg"), (filler_jpeg(1), "image/jpeg"), (CLIP, "video/mp4"), (MARKUP, "text/html")]
    keep(home, posts, [a_capture(body, "media", kind) for body, kind in captures])
    return home


def keep(home: Path, posts: dict[str, list[Post]], captures: list[Capture]) -> None:
    store, evidence = Store(home / "tayang.duckdb"), Evidence(home, "r1", {})
    store.prepare()
    for capture in (a_capture(b"{}", "graph", "application/json"), *captures):
        evidence.keep(capture, "instagram:dinkes")
    store.append({"evidence_rows": [row for line in evidence.commit() if (row := evidence_row(line))]})
    span = Span(OPENS - timedelta(days=30), AS_OF)
    for handle, found in posts.items():
        account = Account(handle, "instagram", handle)
        page = Page("r1", account, tuple(found), (), AS_OF)
        visit = Visit("r1", account, AS_OF, AS_OF, Outcome.COMPLETE, span, len(found))
        store.append({
            "post_rows": post_rows(page), "sighting_rows": sighting_rows(page), "visit_rows": [visit_row(visit)],
        })  # fmt: skip
    workspace = open_workspace(home)
    recognise(workspace, store)
    verify(store, workspace.duties, AS_OF)


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "home"))


@dataclass
class Browser:
    """A person at a desk: keeps the cookie, follows addresses relative to the desk."""

    session: aiohttp.ClientSession
    links: list[str] = field(default_factory=list)

    @property
    def place(self) -> str:
        return self.links[-1].partition("?")[0]

    async def get(self, address: str = "", **options: object) -> tuple[int, str]:
        async with self.session.get(urljoin(self.place, address), **options) as answer:  # type: ignore[arg-type]
            return answer.status, await answer.text()

    async def form(self, about: dict[str, str]) -> dict[str, str]:
        """The hidden fields of a target's page, as a browser would send them."""
        _, html = await self.get(f"{'kasus' if 'unggahan' in about else 'kewajiban'}?{urlencode(about)}")
        return hidden_fields(html)

    async def send(self, fields: dict[str, str], **words: str) -> tuple[int, str, str]:
        """(status, page, address in the end)."""
        data = {"pemeriksa": "Bu Sri", "alasan": "", **fields, **words}
        async with self.session.post(urljoin(self.place, "putuskan"), data=data) as answer:
            return answer.status, await answer.text(), str(answer.url)


def hidden_fields(html: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html)}


@asynccontextmanager
async def at_desk(home: Path, reviewer: str = "") -> AsyncIterator[Browser]:
    links: list[str] = []
    jar = aiohttp.CookieJar(unsafe=True)
    async with open_desk(home, 0, reviewer, links.append, 0.3), aiohttp.ClientSession(cookie_jar=jar) as session:
        browser = Browser(session, links)
        await browser.get(links[0])
        yield browser


Visiting = Callable[[Browser], Awaitable[None]]


def visit(home: Path, what: Visiting, reviewer: str = "") -> None:
    """Do something at a desk of its own."""

    async def go() -> None:
        async with at_desk(home, reviewer) as browser:
            await what(browser)

    asyncio.run(go())


def verdict(home: Path, agency: str, material: str = "poster", opens: datetime = OPENS) -> dict[str, object]:
    sql = "FROM verdicts WHERE agency_id = $agency AND material_id = $material AND opens_at = $opens"
    [row] = Store(home / "tayang.duckdb").rows(sql, {"agency": agency, "material": material, "opens": opens})
    return row


def test_a_decision_that_only_the_ledger_has_counts_without_a_desk(home: Path, tmp_path: Path) -> None:
    """A desk was killed between ledger and store; the next verification knows of it."""
    elsewhere = Store(tmp_path / "elsewhere.duckdb")
    elsewhere.prepare()
    duty = (None, "anti", "poster", "dinkes", OPENS)
    record(elsewhere, home, Review("a" * 24, *duty, "exempt", "Bu Sri", "cuti", AS_OF))

    assert (reviews(home), verdict(home, "dinkes")["status"]) == ([], "missing")
    assert here("verify", "--home", str(home)).returncode == 0
    assert ([one["decision"] for one in reviews(home)], verdict(home, "dinkes")["status"]) == (["exempt"], "exempt")


def reviews(home: Path) -> list[dict[str, object]]:
    return Store(home / "tayang.duckdb").rows("FROM reviews ORDER BY reviewed_at")


def sealed(home: Path) -> list[dict[str, object]]:
    lines = (home / "evidence" / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    return [one for one in map(json.loads, lines) if one["kind"] == "review"]


def test_the_built_world_has_a_doubt_and_an_absence(home: Path) -> None:
    """What the tests below start from."""
    assert (verdict(home, "disdik")["status"], verdict(home, "dinkes")["status"]) == ("review", "missing")
    assert damaged(home) == []


@pytest.mark.parametrize("port", [99999, -1])
def test_a_number_that_is_no_port_is_wrong_use(home: Path, port: int) -> None:
    """`--port 99999` is refused in one sentence that names it."""

    async def open_at() -> None:
        async with open_desk(home, port, "", print):
            pass

    with pytest.raises(WrongUse, match=f"porta {port} tidak dapat dipakai"):
        asyncio.run(open_at())


def test_the_list_shows_what_waits_and_nothing_else(home: Path) -> None:
    """The doubtful duty with its reason and both pictures; duties that are settled are not in it."""

    async def go(browser: Browser) -> None:
        status, html = await browser.get()

        assert status == 200
        assert html.count('class="row"') == 1
        assert "Versi lain dari materi" in html
        assert html.count('<img src="kecil/') == 2
        assert urlencode(PAIR).replace("&", "&amp;") in html

    visit(home, go)


def test_a_case_shows_what_a_person_needs(home: Path) -> None:
    """Both pictures whole, local time and its quality, what lacks, why, the link, and the digests."""

    async def go(browser: Browser) -> None:
        _, html = await browser.get(f"kasus?{urlencode(PAIR)}")
        sql = "SELECT media[1].sha256 AS sha FROM posts WHERE post_id = $post"
        [shown] = Store(home / "tayang.duckdb").rows(sql, {"post": SUSPECT})

        assert f'src="berkas/{shown["sha"]}"' in html
        assert f'src="berkas/{digest((home / "campaigns/anti/poster.jpg").read_bytes())}"' in html
        assert "24 Apr 2024, 12.00 WIB" in html
        assert "waktu tepat dari sumbernya" in html
        assert "<code>#antikorupsi</code>" in html
        assert 'href="https://www.instagram.com/p/1/"' in html
        assert digest(b"{}") in html
        assert "<rect x=" in html  # where the picture differs from the material
        assert [word in html for word in ("Ya, ini materinya", "Bukan", "Belum pasti")] == [True] * 3

    visit(home, go)


def test_an_edited_post_is_shown_as_it_was_when_it_was_recognised(home: Path) -> None:
    """Text, picture and digest of the state that bears the sign, with a word on the edit and the newest text below."""
    store = Store(home / "tayang.duckdb")
    [first] = store.rows("FROM posts WHERE post_id = $post", {"post": SUSPECT})
    edited = a_post(SUSPECT, "disdik", "Kegiatan rutin saja", first["published_at"], filler_jpeg(1))
    page = Page("r2", Account("disdik", "instagram", "disdik"), (replace(edited, evidence_sha256="ef" * 32),), (),
                AS_OF + timedelta(hours=1))  # fmt: skip
    store.append({"post_rows": post_rows(page), "sighting_rows": sighting_rows(page)})

    async def go(browser: Browser) -> None:
        _, html = await browser.get(f"kasus?{urlencode(PAIR)}")
        main = html.split('<form class="decide"')[0]

        assert f'src="berkas/{first["media"][0]["sha256"]}"' in main
        assert f'src="berkas/{digest(filler_jpeg(1))}"' not in main
        assert first["evidence_sha256"] in html
        assert "ef" * 32 not in html
        assert "kemudian diubah" in main
        assert "Kegiatan rutin saja" in main.split("Teks terbarunya")[1]

    visit(home, go)


def test_a_case_is_explained_by_a_picture(home: Path) -> None:
    """The page links to it; a pair that is not there has none."""

    async def go(browser: Browser) -> None:
        _, html = await browser.get(f"kasus?{urlencode(PAIR)}")
        [link] = re.findall(r'href="(penjelasan[^"]+)"', html)
        async with browser.session.get(urljoin(browser.place, unescape(link))) as answer:
            assert answer.headers["Content-Type"] == "image/png"
            assert (await answer.read()).startswith(b"\x89PNG")
        async with browser.session.get(urljoin(browser.place, "penjelasan?kampanye=x")) as answer:
            assert answer.status == 404

    visit(home, go)


def test_html_in_captions_and_names_stays_text(home: Path) -> None:
    """No page holds a tag, an attribute or a turning character that a source or a file wrote."""

    async def go(browser: Browser) -> None:
        for address in ("", "cari?kata=laporkan", f"kasus?{urlencode(PAIR)}", f"kewajiban?{urlencode(DUTY)}"):
            _, html = await browser.get(address)

            assert "<script>" not in html
            assert "<img src=x" not in html
            assert "<b>Pendidikan" not in html
            assert "\u202e" not in html
            assert "49" not in re.findall(r"gratifikasi (\S+)", html)
        _, html = await browser.get(f"cari?kata={'%22%3E%3Cscript%3E'}")

        assert '"><script>' not in html

    visit(home, go)


def test_yes_settles_the_duty_and_is_sealed(home: Path) -> None:
    """The match counts at once, names its decider, and the evidence ledger holds it unbroken."""

    async def go(browser: Browser) -> None:
        status, html, _ = await browser.send(await browser.form(PAIR), keputusan="match")

        assert status == 200
        assert "Tercatat: Ya, ini materinya" in html

    visit(home, go)
    said = verdict(home, "disdik")
    [row] = reviews(home)

    assert (said["status"], said["reason"], said["decided_by"]) == ("incomplete", "#antikorupsi", "Bu Sri")
    assert said["as_of"] == AS_OF
    assert (row["post_id"], row["decision"], row["opens_at"]) == (SUSPECT, "match", None)
    assert [line["content"]["review_id"] for line in sealed(home)] == [row["review_id"]]  # type: ignore[index]
    assert damaged(home) == []


def test_no_leaves_the_absence_that_was_proved(home: Path) -> None:
    """After "Bukan" nothing carries the material, and the account was read: not shown."""

    async def go(browser: Browser) -> None:
        await browser.send(await browser.form(PAIR), keputusan="none")
        _, html = await browser.get()

        assert "Tidak ada yang menunggu." in html

    visit(home, go)

    assert verdict(home, "disdik")["status"] == "missing"


def test_not_sure_writes_nothing(home: Path) -> None:
    """It is a link to what comes next, no form."""

    async def go(browser: Browser) -> None:
        _, html = await browser.get(f"kasus?{urlencode(PAIR)}")
        link = re.search(r'<a class="button" href="([^"]+)"', html)
        await browser.get(unescape(link[1]) if link else "?")

        assert link

    visit(home, go)

    assert reviews(home) == sealed(home) == []


def test_a_dispute_is_found_and_decided_on_the_post(home: Path) -> None:
    """Any post can be put beside any material, by a pasted link too; the decision is as good as a found match."""

    async def go(browser: Browser) -> None:
        _, found = await browser.get("cari?" + urlencode({"kata": "https://www.instagram.com/p/2/?igsh=abc"}))
        about = {**PAIR, "unggahan": PLAIN}
        _, page = await browser.get("kasus?" + urlencode({"unggahan": PLAIN, "materi": "anti/poster"}))
        status, _, address = await browser.send(await browser.form(about), keputusan="match")

        assert PLAIN in found
        assert "tidak menemukan tanda" in page
        assert status == 200
        assert f"unggahan={PLAIN}" in address  # nobody is led away to another case

    visit(home, go)

    assert (verdict(home, "dinkes")["status"], verdict(home, "dinkes")["decided_by"]) == ("fulfilled", "Bu Sri")


def test_a_duty_is_decided_with_a_reason(home: Path) -> None:
    """The status is the person's, with the reason and the name; a newer decision supersedes."""

    async def go(browser: Browser) -> None:
        for decision in ("fulfilled", "missing"):
            fields = await browser.form(DUTY)
            refused, html, _ = await browser.send(fields, keputusan=decision, alasan="  ")
            done, _, _ = await browser.send(fields, keputusan=decision, alasan="Surat B/12\r\nlampiran 2")
            said = verdict(home, "dinkes")

            assert (refused, done) == (422, 200)
            assert "tulis alasan" in html
            assert (said["status"], said["decided_by"]) == (decision, "Bu Sri")
            assert said["reason"] == "Surat B/12\nlampiran 2"

    visit(home, go)

    assert [row["decision"] for row in reviews(home)] == ["fulfilled", "missing"]


def test_a_duty_takes_only_what_can_be_said_of_it(home: Path) -> None:
    """A ban is not "shown", and nobody failed a window that is still open."""

    async def go(browser: Browser) -> None:
        for about, decision, told in (
            (BAN, "fulfilled", "tidak berlaku"), (DUTY, "violated", "tidak berlaku"), (DUTY, "late", "tidak dikenal"),
            (OPEN, "missing", "belum berakhir"), (PAIR, "missing", "tidak dikenal"), (PAIR, "", "tidak dikenal"),
        ):  # fmt: skip
            status, html, _ = await browser.send(await browser.form(about), keputusan=decision, alasan="Sebab")

            assert status == 422
            assert told in html

    visit(home, go)

    assert reviews(home) == []


def test_a_decision_needs_a_person(home: Path) -> None:
    """Without a name, or under the machine's, nothing is recorded and the form keeps what was written."""

    async def go(browser: Browser) -> None:
        fields = await browser.form(PAIR)
        for name in ("", " ", "tayang", "x" * 121):
            status, html, _ = await browser.send(fields, keputusan="match", pemeriksa=name, alasan="Sebab <i>ini</i>")

            assert status == 422
            assert "Sebab &lt;i&gt;ini" in html

    visit(home, go)

    assert reviews(home) == []


def test_a_form_sent_twice_decides_once(home: Path) -> None:
    """A double click, a reload of the answer."""

    async def go(browser: Browser) -> None:
        fields = await browser.form(PAIR)
        await asyncio.gather(*(browser.send(fields, keputusan="match") for _ in range(2)))

    visit(home, go)

    assert len(reviews(home)) == len(sealed(home)) == 1


def test_two_people_at_once_see_each_other(home: Path) -> None:
    """The second is told what the first decided; pressing again supersedes it, and both stand in the history."""

    async def go(browser: Browser) -> None:
        first, second = await browser.form(PAIR), await browser.form(PAIR)
        await browser.send(first, keputusan="match", pemeriksa="Pak Budi")
        status, html, _ = await browser.send(second, keputusan="none")

        assert status == 409
        assert "Pak Budi baru saja memutuskan “Ya, ini materinya”" in html
        assert len(reviews(home)) == 1

        status, html, _ = await browser.send(hidden_fields(html), keputusan="none")
        _, page = await browser.get(f"kasus?{urlencode(PAIR)}")

        assert status == 200
        assert "digantikan" in page

    visit(home, go)

    assert [row["decision"] for row in reviews(home)] == ["match", "none"]
    assert verdict(home, "disdik")["status"] == "missing"
    assert damaged(home) == []


async def decided(browser: Browser, fields: dict[str, str], word: str) -> int:
    """The answer to a decision; while the other desk still writes, the same form is sent again, as a person would."""
    status = 503
    while status == 503:
        status, *_ = await browser.send(fields, keputusan=word)
    return status


@pytest.mark.slow
def test_a_second_desk_is_another_process_and_sees_the_same(home: Path) -> None:
    """`tayang review` as a command beside an open desk: a decision at one stands at the other."""

    async def go(browser: Browser) -> None:
        command = [sys.executable, "-m", "tayang", "review", "--home", str(home), "--no-browser", "--json"]
        other = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert other.stdout
            link = json.loads(await asyncio.to_thread(other.stdout.readline))["url"]
            jar = aiohttp.CookieJar(unsafe=True)
            async with aiohttp.ClientSession(cookie_jar=jar) as session:
                beside = Browser(session, [link])
                await beside.get(link)
                mine, theirs = await browser.form(PAIR), await beside.form(PAIR)
                statuses = await asyncio.gather(decided(browser, mine, "match"), decided(beside, theirs, "none"))
        finally:
            other.terminate()
            other.wait()

        assert sorted(statuses) == [200, 409]

    visit(home, go)

    assert len(reviews(home)) == len(sealed(home)) == 1
    assert damaged(home) == []


def test_while_a_run_is_at_work_the_form_waits(home: Path) -> None:
    """Nothing is lost and nothing written; the same form sent again after the run is recorded."""

    async def go(browser: Browser) -> None:
        fields = await browser.form(DUTY)
        with only_run(home):
            status, html, _ = await browser.send(fields, keputusan="fulfilled", alasan="Surat 12")

        assert status == 503
        assert "sebuah putaran sedang bekerja" in html
        assert "Surat 12</textarea>" in html
        assert reviews(home) == []

        status, _, _ = await browser.send(hidden_fields(html), keputusan="fulfilled", alasan="Surat 12")

        assert status == 200

    visit(home, go)

    assert verdict(home, "dinkes")["status"] == "fulfilled"


def test_a_link_works_once(home: Path) -> None:
    """Who comes second with the same link, or with none, sees nothing; the next link is announced."""

    async def go(browser: Browser) -> None:
        assert len(browser.links) == 2
        async with aiohttp.ClientSession() as stranger:
            for address in (browser.links[0], browser.place, urljoin(browser.place, f"kasus?{urlencode(PAIR)}")):
                async with stranger.get(address) as answer:
                    assert answer.status == 403
                    assert "Pendidikan" not in await answer.text()
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as friend, friend.get(browser.links[1]) as answer:
            assert answer.status == 200

    visit(home, go)


def test_the_cookie_stays_with_the_desk(home: Path) -> None:
    """Not for scripts, not for other sites, and not for other ports of this machine: it has the desk's path."""

    async def go(browser: Browser) -> None:
        [cookie] = browser.session.cookie_jar

        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"
        assert browser.place.endswith(cookie["path"])
        assert len(cookie["path"]) > 16

    visit(home, go)


def test_forged_requests_are_refused_before_anything_is_written(home: Path) -> None:
    """A foreign Host (DNS rebinding), a missing or wrong form token, a foreign Origin."""

    async def go(browser: Browser) -> None:
        fields = {**await browser.form(PAIR), "keputusan": "match", "pemeriksa": "Bu Sri"}
        post = urljoin(browser.place, "putuskan")
        tries = [
            (fields, {"Host": "evil.example"}, 421),
            (fields, {"Origin": "https://evil.example"}, 403),
            (fields, {"Origin": "null"}, 403),
            ({**fields, "token": "wrong"}, {}, 403),
            ({key: value for key, value in fields.items() if key != "token"}, {}, 403),
        ]  # fmt: skip
        for data, headers, expected in tries:
            async with browser.session.post(post, data=data, headers=headers) as answer:
                assert answer.status == expected
        async with browser.session.get(browser.place, headers={"Host": "evil.example:80"}) as answer:
            assert answer.status == 421
        async with browser.session.put(post, data=fields) as answer:
            assert answer.status == 405
        async with browser.session.post(post, data={**fields, "alasan": "x" * 70_000}) as answer:
            assert answer.status == 413

    visit(home, go)

    assert reviews(home) == sealed(home) == []


def test_every_answer_carries_the_policy(home: Path) -> None:
    """Pages, files, refusals: nothing from elsewhere is loaded, nothing is framed, nothing is guessed."""

    async def go(browser: Browser) -> None:
        for address in ("", "kasus", "/gaya.css", f"berkas/{digest(CLIP)}", "berkas/none", "/elsewhere"):
            async with browser.session.get(urljoin(browser.place, address)) as answer:
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert answer.headers["X-Frame-Options"] == "DENY"
        _, html = await browser.get(f"kasus?{urlencode(PAIR)}")

        assert not re.search(r'(?:src|action)="(?:https?:)?//', html)
        assert "style=" not in html
        assert " onclick" not in html

    visit(home, go)


def test_a_clip_is_served_in_ranges(home: Path) -> None:
    """What a player asks for when somebody jumps ahead; the whole is the kept bytes."""

    async def go(browser: Browser) -> None:
        url = urljoin(browser.place, f"berkas/{digest(CLIP)}")
        async with browser.session.get(url) as answer:
            assert (answer.status, answer.headers["Content-Type"]) == (200, "video/mp4")
            assert await answer.read() == CLIP
        async with browser.session.get(url, headers={"Range": "bytes=100-199"}) as answer:
            assert (answer.status, answer.headers["Content-Range"]) == (206, f"bytes 100-199/{len(CLIP)}")
            assert await answer.read() == CLIP[100:200]
        async with browser.session.get(url, headers={"Range": f"bytes={len(CLIP)}-"}) as answer:
            assert answer.status == 416
        _, html = await browser.get(f"kasus?{urlencode({**PAIR, 'unggahan': CLIPPED})}")

        assert f'<video class="frame" src="berkas/{digest(CLIP)}"' in html
        assert "tersimpan, tetapi tidak terbaca oleh Tayang" in html  # a clip in name only

    visit(home, go)


def test_markup_that_came_as_a_picture_is_never_opened(home: Path) -> None:
    """Its bytes can be had as a download, with no type and no rights."""

    async def go(browser: Browser) -> None:
        async with browser.session.get(urljoin(browser.place, f"berkas/{digest(MARKUP)}")) as answer:
            assert answer.headers["Content-Type"] == "application/octet-stream"
            assert answer.headers["Content-Disposition"] == "attachment"
            assert "sandbox" in answer.headers["Content-Security-Policy"]
        status, html = await browser.get(f"kasus?{urlencode({**PAIR, 'unggahan': TRICK})}")

        assert status == 200
        assert "tidak dapat ditampilkan" in html

    visit(home, go)


TRICKS = [
    "../tayang.toml", "..%2f..%2ftayang.toml", "%2e%2e/tayang.toml", "/etc/passwd", "%2fetc%2fpasswd", "tayang.duckdb",
    "evidence%2fledger.jsonl", "0" * 64, digest(b"{}"), digest(CLIP).upper(), digest(CLIP) + "%00",
    digest(CLIP)[:63], digest(INSTANCE.encode()), "%27%20OR%201%3D1--", "C:%5cWindows%5cwin.ini",
]  # fmt: skip


def test_nothing_is_served_by_path(home: Path) -> None:
    """Only digests of posts' media and compared materials; not even a page's WARC record by its digest."""

    async def go(browser: Browser) -> None:
        for address in (f"{kind}/{trick}" for kind in ("berkas", "kecil") for trick in TRICKS):
            async with browser.session.get(URL(f"{browser.place}{address}", encoded=True)) as answer:
                assert answer.status in (403, 404), address
                assert b"Kabupaten Contoh" not in await answer.read()

    visit(home, go)


def test_bytes_that_changed_are_not_shown_as_evidence(home: Path) -> None:
    """A file that no longer has its digest is named as such, and not served; nor is a link out of the folder."""
    [row] = Store(home / "tayang.duckdb").rows("SELECT path FROM evidence WHERE sha256 = $s", {"s": digest(CLIP)})
    secret = home.parent / "secret.mp4"
    secret.write_bytes(CLIP)

    async def go(browser: Browser) -> None:
        for change in (lambda path: path.write_bytes(b"other"), lambda path: path.symlink_to(secret)):
            (home / row["path"]).unlink()
            change(home / row["path"])
            status, _ = await browser.get(f"berkas/{digest(CLIP)}")
            _, html = await browser.get(f"kasus?{urlencode({**PAIR, 'unggahan': CLIPPED})}")

            assert status == 404
            assert "tidak lagi cocok dengan SHA-256" in html

    visit(home, go)


def test_a_file_that_is_not_there_is_told_with_its_cause(home: Path) -> None:
    """Withheld, in the desk's language; deleted by order: that does not read as if somebody had changed evidence."""
    media = (Media("9", "image", "https://m.example/9", None, "media_url withheld by the service"),)
    withheld = replace(a_post("instagram:9", "dinkes", "Ditahan", OPENS, b""), media=media)
    keep(home, {"dinkes": [withheld]}, [])
    store = Store(home / "tayang.duckdb")
    [row] = store.rows("SELECT path FROM evidence WHERE sha256 = $s", {"s": digest(CLIP)})
    (home / row["path"]).unlink()
    store.append({"deletion_rows": [{"seq": 99, "sha256": digest(CLIP), "rule": "retention.media_days", "reason": "",
                                     "deleted_by": "", "deleted_at": AS_OF}]})  # fmt: skip

    async def go(browser: Browser) -> None:
        for post, told in (
            ("instagram:9", "Berkas ini tidak tersimpan: layanan tidak memberikan berkasnya."),
            (CLIPPED, "Berkas ini dihapus pada "),
        ):
            _, html = await browser.get(f"kasus?{urlencode({**PAIR, 'unggahan': post})}")
            assert told in html
            assert "tidak lagi cocok dengan SHA-256" not in html

    visit(home, go)


NOWHERE = [
    "kasus", "kasus?materi=poster", "kasus?kampanye=anti&materi=poster&unggahan=none", "kewajiban?kampanye=anti",
    "kasus?kampanye=x&materi=poster&unggahan=instagram:1", "kewajiban?mulai=2024-04-24", "nowhere",
    "kewajiban?kampanye=anti&materi=poster&perangkat=dinkes&mulai=2024-04-23T17:00:01%2B00:00",
]  # fmt: skip


def test_addresses_of_nothing_are_not_found(home: Path) -> None:
    """A kind page, no traceback."""

    async def go(browser: Browser) -> None:
        for address in NOWHERE:
            status, html = await browser.get(address)

            assert status == 404, address
            assert "Tidak ada yang disimpan di alamat ini" in html

    visit(home, go)


def test_a_decision_about_nothing_is_refused(home: Path) -> None:
    """A post, material or duty that does not exist, or a form without our id."""

    async def go(browser: Browser) -> None:
        fields = await browser.form(PAIR)
        for change in ({"unggahan": "none"}, {"materi": "none"}, {"kampanye": "none"}, {"unggahan": ""}):
            status, *_ = await browser.send({**fields, **change}, keputusan="match")
            assert status == 404
        status, *_ = await browser.send({**fields, "id": "../x"}, keputusan="match")
        assert status == 404

    visit(home, go)

    assert reviews(home) == []


def test_a_material_added_while_the_desk_is_open_is_there(home: Path) -> None:
    """Files of the workspace are read anew when they change; a broken one is named, not guessed."""

    async def go(browser: Browser) -> None:
        path = home / "campaigns" / "anti" / "campaign.toml"
        path.write_text(CAMPAIGN.replace("Laporkan gratifikasi", "Judul baru"), encoding="utf-8")
        _, html = await browser.get()
        path.write_text("id = ", encoding="utf-8")
        status, broken = await browser.get()

        assert "Judul baru" in html
        assert status == 500
        assert "campaigns/anti/campaign.toml:1" in broken

    visit(home, go)


def test_the_reviewer_is_asked_for_once(home: Path) -> None:
    """The name given at the start stands in the form; a name written there stands in the next."""

    async def go(browser: Browser) -> None:
        _, html = await browser.get(f"kasus?{urlencode(PAIR)}")
        await browser.send(await browser.form(PAIR), keputusan="none", pemeriksa="Pak Budi")
        _, later = await browser.get(f"kewajiban?{urlencode(DUTY)}")

        assert 'value="Bu Sri"' in html
        assert 'value="Pak Budi"' in later

    visit(home, go, reviewer="Bu Sri")


def test_english_where_the_instance_speaks_it(home: Path) -> None:
    """Pages and the words of refused decisions follow tayang.toml."""
    (home / "tayang.toml").write_text(INSTANCE.replace("[crawl]", 'language = "en"\n[crawl]'), encoding="utf-8")

    async def go(browser: Browser) -> None:
        _, html = await browser.get()
        status, refused, _ = await browser.send(await browser.form(DUTY), keputusan="exempt")

        assert "duties wait for a person" in html
        assert status == 422
        assert "write the reason" in refused

    visit(home, go)


def test_every_text_has_both_languages_and_every_status_its_words() -> None:
    """The desk's catalogue is whole, and what a person may decide has a label."""
    texts = [(f"{section}.{key}", text) for section, keys in desk_catalogue().items() for key, text in keys.items()]

    assert [key for key, text in texts if set(text) != {"id", "en"} or not all(text.values())] == []
    assert {"match", "none", "fulfilled", "exempt", "missing", "clear", "violated"} <= set(desk_catalogue()["decide"])
    assert {status.value for status in Status} <= set(catalogue()["status"])


def test_the_look_is_the_reports_own() -> None:
    """The desk adds to the report's style sheet and does not copy it; neither loads anything."""
    sheet = style().decode()

    assert ".s-review" in sheet
    assert ".deciding" in sheet
    assert "url(" not in sheet
    assert "@import" not in sheet


def test_words_that_differ_are_marked() -> None:
    """In a text that is nearly the material's; another text is left alone, and so is markup in either."""
    ours, theirs = marked("Ikrar 2025: <b>kami</b> menolak suap!", "IKRAR 2026: <b>kami</b> menolak 𝘀𝘂𝗮𝗽")

    assert "<mark>2025:</mark>" in ours
    assert "<mark>2026:</mark>" in theirs
    assert "&lt;b&gt;kami" in ours
    assert ours.count("<mark>") == theirs.count("<mark>") == 1
    assert "<mark>" not in marked("Jam layanan baru", "Ikrar antikorupsi 2026")[0]


def test_a_pasted_link_is_found_whatever_hangs_on_it() -> None:
    """Scheme, trackers and slashes do not count; plain words stay as they are."""
    assert link_words("https://www.instagram.com/p/abc/?igsh=1#x") == "p/abc"
    assert link_words("https://dinkes.example") == "dinkes.example"
    assert link_words("http://[") == "http://["
    assert link_words("tolak tip") == "tolak tip"
