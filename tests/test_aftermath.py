"""Days after: what became of posts behind `fulfilled`, through the real commands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.items import Span
from crawler.sandbox.server import Sandbox
from crawler.sandbox.site_pages import SiteArticle
from crawler.sandbox.sites import Site
from pipelines.again import is_due, last_due
from pipelines.warc import read_payload
from queries.reader import open_store
from queries.report.facts import page_behind, read_facts
from tests.small_world import PLEDGE, SmallWorld, a_post, an_account, local

NOW = datetime(2024, 4, 24, 3, tzinfo=UTC)
DAY = timedelta(days=1)
AT = local(2, 9)
SITES = {"hilang": 404, "alih": 301, "rusak": 500, "tetap": 200}


def row(looked_at: datetime, keep_hours: float = 0) -> dict[str, object]:
    return {"published_until": NOW - 8 * DAY, "looked_at": looked_at, "keep_hours": keep_hours}


def test_each_due_date_is_answered_once() -> None:
    """Seen at once: due after a day; seen since the last due date: not due; never due where the setting is empty."""
    assert is_due(row(NOW - 7.9 * DAY), (1, 7), NOW)
    assert not is_due(row(NOW - 0.9 * DAY), (1, 7), NOW)
    assert is_due(row(NOW - 6.5 * DAY), (1, 7), NOW)
    assert not is_due(row(NOW - 6.5 * DAY), (1,), NOW)
    assert not is_due(row(NOW - 7.9 * DAY), (), NOW)


def test_a_due_date_is_given_up_after_two_weeks_and_the_keeping_time_is_one() -> None:
    """An outage of a month is not made up for; the end of the keeping time is looked at too."""
    assert not is_due(row(NOW - 7.9 * DAY), (1, 7), NOW + 14 * DAY)
    assert last_due(NOW - 8 * DAY, (1, 7), 24 * 7.5, NOW) == NOW - 0.5 * DAY
    assert last_due(NOW, (1, 7), 48, NOW) is None


def a_site(name: str, *taken_down: tuple[str, int]) -> Site:
    shown = SiteArticle("ikrar", "Ikrar Aparatur", f"<p>{PLEDGE}</p>", AT, b"")
    others = [
        SiteArticle(f"kegiatan-{day}", f"Kegiatan {day}", f"<p>Kegiatan dinas pada hari {day}.</p>", local(day, 8), b"")
        for day in (1, 3, 5, 6, 7, 8, 9, 10)
    ]
    return Site("feed", name, (shown, *others), taken_down=taken_down)


@dataclass
class Town(SmallWorld):
    """The small world with sites; `names` are the handles of accounts as the registry writes them."""

    sites: tuple[Site, ...] = ()
    ports: dict[str, int] | None = None

    def sandbox(self) -> Sandbox:
        return replace(super().sandbox(), sites=self.sites, ports=self.ports or {})

    def settle(self, sandbox: Sandbox, again: str = "[]", keep_hours: float = 0) -> None:
        """Write the files, with no look back but that for what is due."""
        self.ports = dict(sandbox.ports)
        self.write(keep_hours, sandbox.graph_port)
        hosts = ", ".join(f'"127.0.0.1:{port}"' for port in (self.port, *self.ports.values()))
        toml = (self.home / "tayang.toml").read_text()
        toml = toml.replace(f'["127.0.0.1:{self.port}"]', f"[{hosts}]\nlookback_days = 0.5\nlook_again_days = {again}")
        (self.home / "tayang.toml").write_text(toml)
        for name, text in (
            ("agencies", "{0},Dinas {0},opd\n"),
            ("accounts", "{0},news,http://127.0.0.1:{1},\n"),
        ):
            path = self.home / "registry" / f"{name}.csv"
            rows = "".join(text.format(site, port) for site, port in self.ports.items())
            path.write_text(path.read_text().rstrip("\n") + "\n" + rows)

    def ask(self, *words: str) -> list[dict[str, str]]:
        return json.loads(self.here("ask", *words, "--format", "json").stdout)  # type: ignore[no-any-return]


def accounts(caption: str = PLEDGE) -> dict[str, tuple[object, ...]]:
    return {name: (a_post(number, caption, AT),) for number, name in enumerate(("dihapus", "disunting", "berganti"), 1)}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Seen on the day; later one post is deleted, one edited, one account renamed, three articles taken down."""
    home = tmp_path_factory.mktemp("aftermath")
    before = [an_account(name, *posts) for name, posts in accounts().items()]
    town = Town(home, before, sites=tuple(map(a_site, SITES)))
    with town.sandbox() as sandbox:
        town.settle(sandbox)
        assert town.tayang("run").returncode == 0
    town.first = town.verdicts()  # type: ignore[attr-defined]
    dihapus, disunting, berganti = before
    edited = a_post(2, "Kegiatan rutin dinas, tidak lebih.", AT)
    town.accounts = [
        replace(dihapus, posts=dihapus.posts[1:]), replace(disunting, posts=(edited, *disunting.posts[1:])),
        replace(berganti, handle="nama.baru"),
    ]  # fmt: skip
    town.sites = tuple(a_site(name, ("ikrar", status)) for name, status in SITES.items())
    passed = (datetime.now(UTC) - AT) / DAY
    with town.sandbox() as sandbox:
        town.settle(sandbox, f"[{passed}]")
        accounts_file = home / "registry" / "accounts.csv"
        text = accounts_file.read_text().replace("nama.baru,instagram", "berganti,instagram")
        accounts_file.write_text(text)
        agencies = home / "registry" / "agencies.csv"
        agencies.write_text(agencies.read_text().replace("nama.baru,Dinas", "berganti,Dinas"))
        town.second = town.tayang("run")  # type: ignore[attr-defined]
        town.third = town.tayang("crawl")  # type: ignore[attr-defined]
    return town


@pytest.mark.slow
def test_the_day_itself_was_fulfilled(town: Town) -> None:
    """All seven, at the first run."""
    assert {"fulfilled"} == {status for status, _ in town.first.values()}  # type: ignore[attr-defined]
    assert town.second.returncode == 0, town.second.stderr  # type: ignore[attr-defined]


@pytest.mark.slow
def test_what_became_of_each_is_told_and_nothing_more(town: Town) -> None:
    """Deleted and 404: gone. Redirected, faulty: unknown, not gone. Edited, renamed, unlisted: they stand."""
    told = {row["agency_id"]: row["standing"] for row in town.ask("masih-tayang", "days=0")}

    assert {"dihapus": "removed", "hilang": "removed", "berganti": "stands", "tetap": "stands"}.items() <= told.items()
    assert not {"alih", "rusak"} & {name for name, standing in told.items() if standing == "removed"}
    assert town.verdicts()["berganti"][0] == "fulfilled"


@pytest.mark.slow
def test_history_keeps_both_states_and_the_absence(town: Town) -> None:
    """First seen and absent; first seen and changed, with both texts; the former name."""
    events = {
        name: [one["event"] for one in town.ask("riwayat", f"agency={name}")] for name in ("dihapus", "disunting")
    }
    names = town.store.rows("FROM former_names")

    assert events == {"dihapus": ["first_seen", "absent"], "disunting": ["first_seen", "changed"]}
    assert [(one["handle"], one["now_handle"]) for one in names] == [("berganti", "nama.baru")]


@pytest.mark.slow
def test_the_evidence_of_an_edited_post_is_the_answer_that_showed_the_material(town: Town) -> None:
    """The words were edited away after the day: the page behind the verdict holds them, the newest does not."""
    [said] = [one for one in town.store.rows("FROM verdicts") if one["agency_id"] == "disunting"]
    with closing(open_store(town.home / "tayang.duckdb", "Asia/Jakarta")) as connection:
        facts = read_facts(connection, [said["post_id"]], Span(NOW, NOW))
    [sign] = facts.signs[said["post_id"], "ikrar", said["material_id"]]
    post = facts.posts[said["post_id"]]

    assert said["status"] == "fulfilled"
    shown = facts.shown(said["post_id"], "ikrar", said["material_id"])
    assert shown is not None
    assert "menolak suap" in shown.text
    assert page_behind(post, sign) == sign.page_sha256 == shown.evidence_sha256 != post.evidence_sha256
    assert [one["sha256"] for one in town.ask("bukti", "agency=disunting")] == [sign.page_sha256]
    assert b"menolak suap" in kept_page(town, str(sign.page_sha256))
    assert b"Kegiatan rutin dinas, tidak lebih" in kept_page(town, post.evidence_sha256)


def kept_page(town: Town, sha256: str) -> bytes:
    """The bytes of an answer."""
    sql = "FROM evidence WHERE sha256 = $sha256 AND warc_file IS NOT NULL LIMIT 1"
    [row] = town.store.rows(sql, {"sha256": sha256})
    return read_payload(town.home / "evidence" / row["warc_file"], row["warc_offset"])


@pytest.mark.slow
def test_a_due_date_costs_one_look_back(town: Town) -> None:
    """The third crawl reads half a day: what was due has been answered."""
    rows = town.store.rows("SELECT handle, covers_from FROM visit_rows WHERE channel = 'instagram' ORDER BY started_at")
    reached = [row["covers_from"] <= AT for row in rows]

    assert reached[:5] == [True] * 3 + [True, True]
    assert not any(reached[-3:])


@pytest.mark.slow
def test_deleted_too_soon_is_incomplete_and_a_rebuild_says_the_same(town: Town) -> None:
    """With a keeping time: `removed` for the two that are provably gone, for nobody else."""
    path = town.home / "campaigns" / "ikrar" / "campaign.toml"
    path.write_text(path.read_text().replace("keep_hours = 0", "keep_hours = 720"))
    assert town.tayang("verify").returncode == 0
    before = town.verdicts()
    assert town.tayang("rebuild").returncode == 0

    assert {"dihapus", "hilang"} == {name for name, said in before.items() if said == ("incomplete", "removed")}
    assert before == town.verdicts()


@pytest.mark.slow
def test_an_account_that_counts_no_posts_all_at_once_is_not_believed(tmp_path: Path) -> None:
    """All deleted, or a fault of the service: nothing is called removed by it. One that never had any is believed."""
    shown, never = an_account("dulu", a_post(1, PLEDGE, AT)), replace(an_account("nihil"), posts=())
    world = SmallWorld(tmp_path / "home", [shown, never])
    with world.sandbox() as sandbox:
        world.write(keep_hours=24 * 30, port=sandbox.graph_port)
        assert world.tayang("run").returncode == 0
    first = world.verdicts()
    world.accounts = [replace(shown, posts=()), never]
    with world.sandbox():
        assert world.tayang("run").returncode == 1

    [look] = world.store.rows("FROM visits WHERE agency_id = 'dulu' ORDER BY started_at DESC LIMIT 1")
    assert (look["outcome"], look["covers_from"]) == ("unreadable", None)
    assert not world.store.rows("FROM posts WHERE removed_at IS NOT NULL")
    assert first == world.verdicts() == {"dulu": ("fulfilled", ""), "nihil": ("missing", "")}
