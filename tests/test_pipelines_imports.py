"""Imports into a workspace: bound to accounts, kept as evidence, said once, never an absence."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import WrongUse
from crawler.items import Account, Media, Page, Post, Quality
from crawler.local_time import new_run_id
from pipelines.audit import audit_workspace
from pipelines.check import open_workspace
from pipelines.imports import Imported, bring, open_files
from pipelines.rebuild import rebuild
from pipelines.rows import post_rows, sighting_rows
from pipelines.store import Store

PAGES = Path(__file__).parent / "pages" / "import"
NOW = datetime(2024, 5, 2, tzinfo=UTC)
INSTANCE = '[instance]\nname = "Contoh"\ntimezone = "Asia/Jakarta"\n[crawl]\nmax_media_bytes = 1000\n'
AGENCIES = "agency_id,name,kind\ndinkes,Dinas Kesehatan,opd\nsetda,Sekretariat Daerah,opd\n"
ACCOUNTS = (
    "agency_id,channel,handle\ndinkes,instagram,@Dinas.Contoh\ndinkes,news,https://dinkes.contoh.go.id\n"
    "setda,news,https://setda.contoh.go.id\n"
)


class Desk:
    """A workspace, and what a user does at it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.store = Store(home / "tayang.duckdb")
        self.store.prepare()
        self.now = NOW

    def bring(self, name: str, *paths: Path, **columns: str) -> Imported:
        self.now += timedelta(hours=1)
        workspace = open_workspace(self.home)
        opened = open_files(name, paths, columns, workspace, self.now)
        return bring(workspace, self.store, new_run_id(self.now), *opened)

    def rows(self, table: str) -> list[dict[str, Any]]:
        return sorted(self.store.rows(f"FROM {table}"), key=str)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    home = tmp_path / "home"
    (home / "registry").mkdir(parents=True)
    (home / "tayang.toml").write_text(INSTANCE)
    (home / "registry" / "agencies.csv").write_text(AGENCIES)
    (home / "registry" / "accounts.csv").write_text(ACCOUNTS)
    return Desk(home)


def case(name: str, desk: Desk) -> Path:
    """A copy of a saved case as the folder a user names."""
    folder = desk.home.parent / name.replace("/", "-")
    shutil.copytree(PAGES / name, folder, ignore=shutil.ignore_patterns("expected.json"))
    return folder


def crawled(desk: Desk, code: str, media: tuple[Media, ...]) -> None:
    """The crawl has seen a post of this shortcode under the service's own number."""
    account = Account("dinkes", "instagram", "dinas.contoh")
    post = Post(
        "instagram:1799", "instagram", "dinkes", "dinas.contoh", "1799", f"https://www.instagram.com/p/{code}/", NOW,
        NOW,
        Quality.EXACT, "x", media=media,
    )  # fmt: skip
    page = Page("run", account, (post,), (), NOW)
    desk.store.append({"post_rows": post_rows(page), "sighting_rows": sighting_rows(page)})


def test_posts_are_bound_by_handle_and_bring_their_media(desk: Desk) -> None:
    """The registered handle is found however it is written; pictures beside are kept by content."""
    done = desk.bring("instaloader", case("instaloader/packed-carousel", desk))
    [post] = desk.rows("posts")
    kinds = sorted(row["kind"] for row in desk.rows("evidence"))

    assert (done.posts, done.problems) == (1, ())
    assert (post["agency_id"], post["handle"], post["origin"]) == ("dinkes", "dinas.contoh", "import:instaloader")
    assert [one["sha256"] is not None for one in post["media"]] == [True, True, False]
    assert kinds == ["import", "media", "media"]
    assert audit_workspace(desk.home) == (6, [])


def test_the_same_again_changes_nothing(desk: Desk) -> None:
    """Store and evidence are the same to the byte after a repetition."""
    folders = {name.split("/")[0]: case(name, desk) for name in (
        "zeeschuimer/browsing", "instaloader/single-picture", "gallery-dl/three-of-one-post", "submission/own-columns",
    )}  # fmt: skip
    tables = ("post_rows", "sighting_rows", "submission_rows", "evidence_rows")

    def state() -> Any:
        return [desk.rows(table) for table in tables], (desk.home / "evidence" / "ledger.jsonl").read_bytes()

    for name, folder in folders.items():
        desk.bring(name, folder)
    before = state()
    again = [desk.bring(name, folder) for name, folder in folders.items()]

    assert before == state()
    assert [(done.posts, done.submissions) for done in again] == [(0, 0)] * 4


@pytest.mark.slow
def test_what_was_brought_comes_again_from_evidence(desk: Desk) -> None:
    """Every format, its media and its order, from the ledger alone; a second delivery that changes a post too."""
    tables = ("post_rows", "sighting_rows", "submission_rows", "evidence_rows", "posts")
    for name in ("zeeschuimer/browsing", "instaloader/packed-carousel", "gallery-dl/three-of-one-post",
                 "submission/google-form"):  # fmt: skip
        desk.bring(name.split("/")[0], case(name, desk))
    edited = case("instaloader/single-picture", desk)
    [export] = edited.glob("*.json")
    desk.bring("instaloader", edited)
    export.write_text(export.read_text().replace("Lapor", "Laporkan"))
    desk.bring("instaloader", edited)
    before = [desk.rows(table) for table in tables]
    rebuild(open_workspace(desk.home))

    assert before == [desk.rows(table) for table in tables]


def test_a_name_that_is_no_text_is_written_down(desk: Desk) -> None:
    """Some systems' file names are bytes of any kind."""
    folder = case("instaloader/single-picture", desk)
    [export] = folder.glob("*.json")
    export.rename(folder / os.fsdecode(b"\xff.json"))

    assert desk.bring("instaloader", folder).posts == 1
    assert audit_workspace(desk.home) == (4, [])


def test_no_import_is_a_visit(desk: Desk) -> None:
    """An import shows posts and never an absence: no visit, no coverage."""
    desk.bring("zeeschuimer", case("zeeschuimer/browsing", desk))

    assert (desk.rows("visits"), desk.rows("coverage")) == ([], [])


def test_strangers_are_told_and_skipped(desk: Desk) -> None:
    """A handle nobody registered gives no post; its co-author's registered one does."""
    folder = case("zeeschuimer/browsing", desk)
    (desk.home / "registry" / "accounts.csv").write_text(ACCOUNTS.replace("@Dinas.Contoh", "@lain"))
    with pytest.raises(WrongUse, match=r"(?s)export.ndjson:1: dilewati: @dinas.contoh.*tidak ada yang dapat dipakai"):
        desk.bring("zeeschuimer", folder)

    assert (desk.rows("posts"), (desk.home / "evidence" / "ledger.jsonl").exists()) == ([], False)


def test_a_submission_is_recorded_and_shows_nothing(desk: Desk) -> None:
    """Claims are recorded as submitted; their posts are of the submitting agency, without text or media."""
    done = desk.bring("submission", case("submission/own-columns", desk))
    posts = desk.rows("posts")

    assert (done.posts, done.submissions) == (2, 5)
    assert {("dinkes", "import:submission", "", 0)} == {
        (one["agency_id"], one["origin"], one["text"], one["media_count"]) for one in posts
    }
    assert sorted(one["published_quality"] for one in posts) == ["declared", "derived_lower_bound"]
    assert "news:https://dinkes.contoh.go.id/berita/tolak-tip" in {one["post_id"] for one in posts}


def test_a_submission_names_its_agency_by_name(desk: Desk) -> None:
    """A form asks for the office's name; who has no account there leaves a claim and a word about it."""
    form = case("submission/google-form", desk) / "Jawaban.csv"
    by_name = desk.bring("submission", form)
    form.write_text(form.read_text().replace("Dinas Kesehatan", "Sekretariat Daerah"))
    without = desk.bring("submission", form)

    assert (by_name.posts, by_name.submissions) == (1, 4)
    assert (without.posts, without.submissions) == (0, 4)
    assert any("tidak punya akun terdaftar" in str(problem) for problem in without.problems)


def test_a_column_of_another_name_is_mapped(desk: Desk) -> None:
    """`--column url=…` gives a form's question our column's meaning."""
    file = desk.home.parent / "form.csv"
    file.write_text("Kantor,Mana buktinya?\ndinkes,https://www.instagram.com/p/C6IPa2jgAAf/\n")

    assert desk.bring("submission", file, **{"Kantor": "agency_id", "Mana buktinya?": "url"}).posts == 1


def test_what_a_crawl_saw_wholly_stays_as_it_saw_it(desk: Desk) -> None:
    """Known by the shortcode in its address, though the service gives it another number."""
    crawled(desk, "C6IPa2jgAAL", (Media("m", "image", "u", "ab"),))

    assert ((done := desk.bring("instaloader", case("instaloader/single-picture", desk))).posts, done.known) == (0, 1)
    assert [row["origin"] for row in desk.rows("posts")] == ["crawl"]


def test_a_clip_withheld_from_the_crawl_may_be_brought(desk: Desk) -> None:
    """Where the crawl could not see, an operator's capture stands beside it under its own name."""
    crawled(desk, "C6IPa2jgAAL", (Media("m", "video", "", None, "withheld"),))
    desk.bring("instaloader", case("instaloader/single-picture", desk))

    assert sorted(row["origin"] for row in desk.rows("posts")) == ["crawl", "import:instaloader"]


def test_a_claim_does_not_cover_what_was_captured(desk: Desk) -> None:
    """A submitted link of a post that an operator has captured adds a submission, not an empty state."""
    desk.bring("instaloader", case("instaloader/single-picture", desk))
    file = desk.home.parent / "kiriman.csv"
    file.write_text("agency_id,url\ndinkes,https://www.instagram.com/p/C6IPa2jgAAL/\n")
    done = desk.bring("submission", file)

    assert (done.posts, done.submissions) == (0, 1)
    assert [row["text"] for row in desk.rows("posts")] == ["Lapor gratifikasi #antikorupsi"]


def test_media_known_from_another_export_are_not_lost(desk: Desk) -> None:
    """A later export without files keeps what an earlier one brought of the same media."""
    folder = case("instaloader/single-picture", desk)
    desk.bring("instaloader", folder)
    [export] = folder.glob("*.json")
    whole = json.loads(export.read_text())
    whole["node"]["edge_media_to_caption"]["edges"][0]["node"]["text"] = "disunting"
    alone = desk.home.parent / "alone.json"
    alone.write_text(json.dumps(whole))
    desk.bring("instaloader", alone)
    [post] = desk.rows("posts")

    assert (post["text"], post["media"][0]["sha256"] is not None) == ("disunting", True)


def test_a_medium_beyond_the_bound_is_named(desk: Desk) -> None:
    """What is larger than `max_media_bytes` is not taken, and the post says so."""
    folder = case("instaloader/single-picture", desk)
    next(folder.glob("*.jpg")).write_bytes(bytes(1001))
    desk.bring("instaloader", folder)
    [post] = desk.rows("posts")

    assert (post["media"][0]["sha256"], "max_media_bytes" in post["media"][0]["trouble"]) == (None, True)


def test_a_link_beside_an_export_leads_nowhere(desk: Desk) -> None:
    """A symbolic link is not a medium, wherever it points."""
    folder = case("instaloader/single-picture", desk)
    picture = next(folder.glob("*.jpg"))
    picture.unlink()
    picture.symlink_to(desk.home / "tayang.toml")
    desk.bring("instaloader", folder)

    assert [row["media"][0]["sha256"] for row in desk.rows("posts")] == [None]


@pytest.mark.parametrize(("name", "words"), [("zeeschuimr", "maksudnya zeeschuimer"), ("", "gallery-dl, instaloader")])
def test_an_unknown_format_is_asked_back(desk: Desk, name: str, words: str) -> None:
    """Nothing is opened for a format nobody knows."""
    with pytest.raises(WrongUse, match=words):
        desk.bring(name, desk.home)


def test_a_file_that_is_not_there_is_named(desk: Desk) -> None:
    """The one problem is the file itself; nothing usable is wrong use."""
    with pytest.raises(WrongUse, match=r"tiada\.csv: No such file"):
        desk.bring("submission", desk.home / "tiada.csv")
