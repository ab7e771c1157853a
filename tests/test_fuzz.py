"""What fuzzing found stays mended, and some more damaged inputs with every run of the tests."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lxml import html  # type: ignore[import-untyped]  # lxml ships no types

from crawler.dates import read_date
from crawler.errors import StoreDamaged, Unreadable
from crawler.imports import Delivery, Export, formats
from crawler.items import Capture
from crawler.readers.answers import answered_at
from crawler.readers.article import read_article
from crawler.readers.feed import read_feed
from crawler.readers.graph import expired
from crawler.readers.site_links import Link
from crawler.readers.sitemap import read_sitemap
from crawler.robots import redirect_target
from crawler.unchanged import conditions
from pipelines.ledger import Ledger
from pipelines.media.original import unpack_original
from pipelines.warc import read_answer
from tests.fuzz.__main__ import shares
from tests.fuzz.run import fuzz
from tests.fuzz.targets import TARGETS

NOW = datetime(2024, 5, 2, 5, tzinfo=UTC)
WIB = ZoneInfo("Asia/Jakarta")
URL = "https://dinas.example/berita/satu-dua-tiga-empat"
SLOW_TO_LOAD = {"article", "clip", "sound", "picture", "packed"}  # and so not for the fast tests


def answer(body: str = "", status: int = 200, **headers: str) -> Capture:
    head = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Capture("article", URL, URL, status, head, body.encode(), NOW)


@pytest.mark.parametrize("name", sorted(set(TARGETS) - SLOW_TO_LOAD))
def test_damaged_inputs_raise_what_is_documented_and_nothing_else(name: str) -> None:
    """A few of every kind; `make fuzz` asks many more."""
    [(_, cases)] = [one for one in shares(3000, list(TARGETS)) if one[0] == name]

    assert {what: found.body for what, found in fuzz(name, min(cases, 60), 7).found.items()} == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(TARGETS))
def test_many_damaged_inputs_raise_what_is_documented_and_nothing_else(name: str) -> None:
    """Some hundreds of each."""
    [(_, cases)] = [one for one in shares(30_000, list(TARGETS)) if one[0] == name]

    assert {what: found.body for what, found in fuzz(name, cases, 8).found.items()} == {}


def test_the_same_seed_gives_the_same_cases() -> None:
    """So that a finding can be had again."""
    heard: list[list[bytes]] = [[], []]
    for bodies in heard:
        fuzz("shortcodes", 40, 5, lambda _number, body, bodies=bodies: bodies.append(body))

    assert heard[0] == heard[1]


def test_half_an_emoji_does_not_cost_the_feed() -> None:
    """`&#55357;&#56832;` is how some systems write one; the parser died of it."""
    feed = (
        "<?xml version='1.0'?><rss version='2.0'><channel><item><title>Tolak &#55357;&#56832;&#x110000; tip</title>"
        "<link>https://dinas.example/b/1</link><pubDate>Wed, 24 Apr 2024 07:00:00 +0700</pubDate></item></channel>"
        "</rss>"
    )

    [article] = read_feed(answer(feed, content_type="application/rss+xml"), WIB).articles
    assert article.url == "https://dinas.example/b/1"
    assert article.title.split()[::2] == ["Tolak", "tip"]


@pytest.mark.parametrize("sign", ["\x08", "\x0b", "\x1f", "\ufffe"])
def test_a_control_character_does_not_cost_the_article(sign: str) -> None:
    """Copied from a word processor; readability and justext died of it."""
    page = (
        f"<html><body><h1>Ikrar antikorupsi{sign} warga</h1><p>Rabu, 24 April 2024 10:15 WIB</p>{sign}"
        f"<script>x</script>{sign}<div>Seluruh warga{sign} menolak tip untuk petugas pelayanan.{sign}</div>"
        "</body></html>"
    )

    assert "menolak tip untuk petugas" in read_article(answer(page, content_type="text/html"), WIB).fragment.text


@pytest.mark.parametrize(
    "date", ["Wed, 24 Apr 2024 07:9223372036854775848:00 GMT", "Wed, 2147483648 Apr 2024 07:00:00 GMT"]
)
def test_an_impossible_date_in_a_header_is_none(date: str) -> None:
    """The time of the capture stands, and nothing is said of a file's age."""
    odd = answer("<p>x</p>", date=date, last_modified=date)

    assert answered_at(odd) == NOW
    assert conditions(odd) == {}


@pytest.mark.parametrize("location", ["http://[", "https://dinas.example]]>/", "http://[2001:/"])
def test_a_redirect_to_no_address_leads_nowhere(location: str) -> None:
    """It is an answer like any other."""
    assert redirect_target(answer("", 302, location=location)) is None


@pytest.mark.parametrize("oddity", [" xmlns:news='x'><url><x/><news:>", " xmlns:n='a&#xD800;b'><n:url>"])
def test_a_sitemap_with_names_that_are_none_is_unreadable(oddity: str) -> None:
    """The parser forgives them and then cannot say them."""
    with pytest.raises(Unreadable):
        read_sitemap(
            answer(f"<?xml version='1.0'?><urlset{oddity}<loc>https://a.example/1</loc></url></urlset>"), WIB
        )


def test_a_sitemap_with_half_a_letter_is_unreadable() -> None:
    """The parser forgives that, too."""
    body = (
        b"<?xml version='1.0'?><urlset><url><loc>https://a.example/1</loc><lastmod>2024-04-2&#xD800;4T06:30:00+07:00"
        b"</lastmod></url></urlset>"
    )
    with pytest.raises(Unreadable):
        read_sitemap(Capture("sitemap", URL, URL, 200, (), body, NOW), WIB)


def test_a_medium_without_an_address_does_not_expire() -> None:
    """The request for it says what is wrong."""
    assert not expired("http://[/1.jpg?oe=6AC7E921", NOW)


def test_a_rare_date_with_a_zone_is_read() -> None:
    """dateparser gives it a zone, which was compared with none."""
    found = read_date("2024 gmt+7 april 24th", NOW, WIB)

    assert found is None or found.start.year == 2024


def test_a_torn_record_of_an_original_is_a_value_error() -> None:
    """What the store's reader expects."""
    for torn in (b":", b"\x01\0\0\0a\x01\0\0\0b\x01\0\0\0c"):
        with pytest.raises(ValueError):
            unpack_original(torn)


def test_a_last_line_without_a_seal_is_damage(tmp_path: Path) -> None:
    """A writer must not go on behind it."""
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(json.dumps({"prev": "0" * 64, "seq": 1}, separators=(",", ":")).encode() + b"\n")

    with pytest.raises(StoreDamaged):
        Ledger(path)


@pytest.mark.parametrize("head", [b"", b"WARC-Target-URI: https://a.example/\r\n"])
def test_a_record_without_its_head_is_an_answer_of_nothing(tmp_path: Path, head: bytes) -> None:
    """No address and no HTTP head: status 0, or no answer at all."""
    path = tmp_path / "a.warc"
    body = b"no http"
    length = b"Content-Length: %d\r\n\r\n" % len(body)
    path.write_bytes(b"WARC/1.1\r\nWARC-Type: response\r\n" + head + length + body + b"\r\n\r\n")
    try:
        found = read_answer(path, 0)
    except ValueError:
        return
    assert found.status == 0


def test_a_capture_in_no_year_is_a_problem_of_its_line() -> None:
    """A number that no clock holds costs that line, named, and not the file."""
    line = {"source_platform": "instagram.com", "timestamp_collected": 10**400, "data": {}}
    export = Export("tangkapan.ndjson", json.dumps(line).encode())
    reading = formats()["zeeschuimer"].read(Delivery((export,), NOW, WIB))

    assert [problem.line for problem in reading.problems] == [1]


def test_an_address_of_a_thousand_hyphens_is_scored() -> None:
    """One link of a page cannot hold up a look: the pattern of telling addresses has one way to read each sign."""
    slug = "a-" * 1000
    link = Link(f"https://dinas.example/{slug}/{'-' * 1000}/x", html.fragment_fromstring("<a>Selengkapnya</a>"))

    assert link.score == 0
