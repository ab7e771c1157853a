"""`tayang probe` on the sandbox's sites: what a person is shown, what is kept, and that nothing is stored."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.errors import Blocked
from crawler.items import Capture
from crawler.probe import Finding
from crawler.sandbox.server import Sandbox
from crawler.sandbox.workspace import write_workspace
from crawler.sandbox.world import build_world
from queries.probing import probe_text, save_case
from tests.conftest import run_tayang, summary
from tests.news.reading import outside_cases, read
from tests.small_world import here

pytestmark = pytest.mark.slow  # each asks a whole stand-in site, in a process of its own

@dataclass(frozen=True)
class Unread:
    """A workspace beside its running sites, in which nothing was crawled yet."""

    home: Path

    def probe(self, *words: str) -> subprocess.CompletedProcess[str]:
        return run_tayang("probe", *words, home=self.home)

    @property
    def sites(self) -> list[str]:
        with (self.home / "registry" / "accounts.csv").open(encoding="utf-8-sig", newline="") as file:
            return [row["handle"] for row in csv.DictReader(file) if row["channel"] == "news"]


@pytest.fixture(scope="module")
def unread(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unread]:
    world = build_world(datetime.now(UTC))
    home = tmp_path_factory.mktemp("unread") / "home"
    with Sandbox(world.graph, world.all_sites) as sandbox:
        write_workspace(world, sandbox, home)
        yield Unread(home)


def test_every_site_is_shown_with_its_way(unread: Unread) -> None:
    """The four ways of the world's sites, each named, and the ways tried before it."""
    found = [summary(unread.probe(url, "--json"))["site"] for url in unread.sites[:4]]

    used = {way["way"] for site in found for way in site["ways"] if way["answered"]}
    assert used == {"wordpress", "feed", "sitemap", "listing"}
    assert all(site["articles"]["count"] for site in found)


def test_an_article_is_shown_as_it_is_read(unread: Unread, tmp_path: Path) -> None:
    """Title, date with its place, body, pictures; kept as a case that the bench reads; no store comes of it."""
    site = summary(unread.probe(unread.sites[0], "--json"))
    url = next(one["url"] for one in site["questions"] if one["kind"] == "article")

    done = unread.probe(url, "--json", "--save", str(tmp_path / "cases"))

    article = summary(done)["article"]
    assert done.returncode == 0
    assert article["title"] in site["site"]["articles"]["titles"]
    assert [one["source"] for one in article["published"] if one["is_taken"]]
    assert article["body"]["letters"] > 20
    [case] = outside_cases(tmp_path / "cases")
    assert read(case).misses == []
    assert not (unread.home / "tayang.duckdb").exists()


def test_what_is_not_there_is_said_and_costs_exit_code_1(unread: Unread) -> None:
    """An address that answers 404 is neither an article nor a site."""
    done = unread.probe(unread.sites[0] + "/tidak/ada-di-sini/")

    assert done.returncode == 1
    assert "HTTP 404" in done.stdout


def test_a_closed_port_is_said(unread: Unread) -> None:
    """The trouble stands where the answer would."""
    done = unread.probe("http://127.0.0.1:9/")

    assert done.returncode == 1
    assert "halangan" in done.stdout


@pytest.mark.parametrize("url", ["dinas.go.id", "file:///etc/passwd", "ftp://dinas.go.id/"])
def test_what_is_no_web_address_is_refused(unread: Unread, url: str) -> None:
    """Before anything is asked."""
    done = here("probe", url, "--home", str(unread.home))

    assert done.returncode == 2
    assert url in done.stderr


def test_contradicting_statements_are_marked() -> None:
    """A person sees which date was taken and which cannot be true beside it."""
    stated = {"raw": "x", "precision": "minute", "until": "2024-04-24T15:32:00+07:00", "confidence": "high"}
    article = {
        "url": "u", "title": "t", "images": [], "videos": [], "links": [],
        "published": [
            stated | {"source": "visible", "from": "2024-04-24T15:32:00+07:00", "is_taken": True, "contradicts": False},
            stated | {"source": "meta", "from": "2024-04-24T16:00:00+07:00", "is_taken": False, "contradicts": True},
        ],
        "body": {"letters": 3, "by": "frame", "unread": None, "beginning": "isi"},
    }  # fmt: skip

    text = probe_text(Finding("u", article=article))

    assert "→ visible" in text
    assert "≠ meta" in text


def test_only_an_article_becomes_a_case(tmp_path: Path) -> None:
    """A site has no one title to compare with."""
    with pytest.raises(ValueError, match="no article"):
        save_case(Finding("https://dinas.go.id/", trouble=str(Blocked("no"))), tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_finding_is_json() -> None:
    """The bytes stay out of it."""
    assert json.dumps(Finding("u", page=Capture("article", "u", "u", 200, (), b"x", None)).as_json())  # type: ignore[arg-type]
