"""`tayang probe` on the sandbox's sites: what a person is shown, what is kept, and that nothing is stored."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from crawler.errors import Blocked
from crawler.items import Capture
from crawler.probe import Finding
from queries.probing import probe_text, save_case
from tests.conftest import Lived, summary
from tests.news.reading import outside_cases, read
from tests.small_world import here


def _sites(home: Path) -> list[str]:
    with (home / "registry" / "accounts.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row["handle"] for row in csv.DictReader(file) if row["channel"] == "news"]


def _articles(lived: Lived) -> list[str]:
    sql = "SELECT url, published_at FROM posts WHERE channel = 'news' AND media_count > 0 ORDER BY url"
    return [row["url"] for row in lived.store.rows(sql)]


def test_every_site_is_shown_with_its_way(lived: Lived) -> None:
    """The four ways of the world's sites, each named, and the ways tried before it."""
    found = [summary(lived.tayang("probe", url, "--json"))["site"] for url in _sites(lived.home)[:4]]

    used = {way["way"] for site in found for way in site["ways"] if way["answered"]}
    assert {"wordpress", "feed", "sitemap", "listing"} == used
    assert all(site["articles"]["count"] for site in found)


def test_an_article_is_shown_as_it_is_read(lived: Lived, tmp_path: Path) -> None:
    """Title, date with its place, body, pictures; kept as a case that the bench reads, and nothing enters the store."""
    before = lived.store.rows("SELECT count(*) AS n FROM evidence_rows")
    url = _articles(lived)[0]

    done = lived.tayang("probe", url, "--json", "--save", str(tmp_path / "cases"))

    article = summary(done)["article"]
    post = lived.store.rows("SELECT text, published_at FROM posts WHERE url = $url", {"url": url})[0]
    assert done.returncode == 0
    assert post["text"].startswith(article["title"])
    assert [one["source"] for one in article["published"] if one["is_taken"]]
    assert article["images"]
    [case] = outside_cases(tmp_path / "cases")
    assert read(case).misses == []
    assert before == lived.store.rows("SELECT count(*) AS n FROM evidence_rows")


def test_what_is_not_there_is_said_and_costs_exit_code_1(lived: Lived) -> None:
    """An address that answers 404 is neither an article nor a site."""
    done = lived.tayang("probe", _sites(lived.home)[0] + "/tidak/ada-di-sini/")

    assert done.returncode == 1
    assert "HTTP 404" in done.stdout


def test_a_closed_port_is_said(lived: Lived) -> None:
    """The trouble stands where the answer would."""
    done = lived.tayang("probe", "http://127.0.0.1:9/")

    assert done.returncode == 1
    assert "halangan" in done.stdout


@pytest.mark.parametrize("url", ["dinas.go.id", "file:///etc/passwd", "ftp://dinas.go.id/"])
def test_what_is_no_web_address_is_refused(lived: Lived, url: str) -> None:
    """Before anything is asked."""
    done = here("probe", url, "--home", str(lived.home))

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
