"""Every reader of outside text as a function of bytes, with the errors it may raise and how often it is worth asking."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import av

from crawler.dates import find_dates, read_date, read_field
from crawler.errors import SourceTrouble, StoreDamaged
from crawler.handles import known_channels, normalise_handle, web_address_problem
from crawler.imports import Delivery, Export, formats
from crawler.instance import load_instance
from crawler.items import Account, Capture
from crawler.outlets import load_outlets
from crawler.readers import answers, listing
from crawler.readers.article import read_article
from crawler.readers.content import absolute, base_of, canonical_url, parse_page, read_fragment
from crawler.readers.continued import rest_of
from crawler.readers.feed import feed_links, is_feed, read_feed
from crawler.readers.graph import expired, read_discovery, usage_percent
from crawler.readers.instagram_node import read_node
from crawler.readers.paging import index_urls, next_page
from crawler.readers.search_form import search_url
from crawler.readers.sitemap import is_sitemap, read_sitemap
from crawler.readers.wordpress import read_links, read_posts, read_types, speaks_rest
from crawler.redaction import redact, redact_bytes
from crawler.registry import load_registry
from crawler.robots import read_rules, redirect_target
from crawler.shortcodes import earliest_instant, is_instagram, pk_of, post_link
from crawler.tables import Columns, Table, parse_table
from crawler.toml_lines import parse_toml
from crawler.unchanged import conditions
from pipelines.campaigns import load_campaigns
from pipelines.ledger import Ledger, broken_links, read_lines
from pipelines.lexicon import stem
from pipelines.media import clips, features, original, picture_header, pictures, sound
from pipelines.media import fingerprint as fingerprints
from pipelines.media.containers import boxes_reach_end
from pipelines.media.trouble import MediaError
from pipelines.text import fold, hashtags_in, mentions_in, phrase_in, words_of
from pipelines.warc import read_answer, read_payload, read_responses
from queries.bundle import periksa
from tests.fuzz import seeds

ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2024, 5, 2, 5, tzinfo=UTC)
URL = "https://dinas.example/berita/satu-dua-tiga-empat"
ACCOUNT = Account("dinas", "instagram", "dinkes_contoh")
Seeds = Callable[[], list[bytes]]


@dataclass(frozen=True)
class Target:
    """`share`: its part of all cases, smaller where a case costs much. `most_bytes`: as long as such inputs are."""

    read: Callable[[bytes], object]
    seeds: Seeds
    share: int
    errors: tuple[type[Exception], ...] = ()
    words: tuple[bytes, ...] = ()
    most_bytes: int = 4096


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _answer(body: bytes, content_type: str = "text/html; charset=utf-8", status: int = 200) -> Capture:
    return Capture("article", URL, URL, status, (("content-type", content_type),), body, NOW)


@cache
def _folder() -> Path:
    """One folder a process, in memory where the system has such a place."""
    shm = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="fuzz-", dir=shm if shm.is_dir() else None))


def _file(name: str, body: bytes) -> Path:
    path = _folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path


def _dates(body: bytes) -> object:
    text = _text(body)
    return [read_date(text, NOW, ZONE), read_field(text, NOW, ZONE), list(find_dates(text, NOW, ZONE))]


def _feed(body: bytes) -> object:
    answer = _answer(body, "application/rss+xml")
    return is_feed(answer), read_feed(answer, ZONE)


def _sitemap(body: bytes) -> object:
    answer = _answer(body, "application/xml")
    return is_sitemap(answer), read_sitemap(answer, ZONE)


def _robots(body: bytes) -> object:
    rules = read_rules(_answer(body, "text/plain"), "TayangBot")
    return rules.permits(URL), rules.permits("https://dinas.example/?s=a*b$"), rules.delay_seconds, rules.sitemaps


def _wordpress(body: bytes) -> object:
    answer = _answer(body, "application/json")
    return [speaks_rest(answer), *(_or_trouble(read, answer) for read in (_posts, read_types, read_links))]


def _posts(answer: Capture) -> object:
    return read_posts(answer, ZONE)


def _or_trouble(read: Callable[[Capture], object], answer: Capture) -> object:
    try:
        return read(answer)
    except SourceTrouble as trouble:
        return trouble


def _graph(body: bytes) -> object:
    head = (("content-type", "application/json"), ("x-app-usage", _text(body)[:200]))
    answer = Capture("graph", URL, URL, 200, head, body, NOW)
    return usage_percent(answer), expired(_text(body[:300]), NOW), read_discovery(answer, ACCOUNT)


def _node(body: bytes) -> object:
    value = json.loads(body)
    return read_node(value) if isinstance(value, dict) else None


def _listing(body: bytes) -> object:
    answer = _answer(body)
    root = parse_page(answer)
    reading = listing.Reading(URL, NOW, ZONE)
    found = [listing.listed_articles(root, reading), listing.doubtful_links(root, reading)]
    return [*found, next_page(root, URL), index_urls(root, URL), rest_of(root, URL), feed_links(root, base_of(root, URL)),
            search_url(root, URL, "tolak tip"), answers.trouble_of(answer), answers.page_title(answer)]  # fmt: skip


def _article(body: bytes) -> object:
    return read_article(_answer(body), ZONE)


def _headers(body: bytes) -> object:
    """Headers are outside text, too."""
    lines = (line.partition(":") for line in _text(body).splitlines())
    head = tuple((name.strip(), value.strip()) for name, _, value in lines)
    answer = Capture("article", URL, URL, 301, head, b"<p>x</p>", NOW)
    found = answers.trouble_of(answer), answers.rendered_at(answer), answers.answered_at(answer), redirect_target(answer)
    return found, conditions(replace(answer, status=200))


def _address(body: bytes) -> object:
    text = _text(body)
    page = f"<a href=\"{text}\">x</a><img src='{text}'>"
    whole = absolute(URL, text) or URL
    return canonical_url(whole), read_fragment(page, URL), is_instagram(whole), post_link(text)


def _handle(body: bytes) -> object:
    text, kept = _text(body), []
    for channel in sorted(known_channels()):
        try:
            kept.append(normalise_handle(channel, text))
        except ValueError as why:
            kept.append(str(why))
    return kept, web_address_problem(text)


def _shortcode(body: bytes) -> object:
    return earliest_instant(pk_of(_text(body)))


def _import(name: str) -> Callable[[bytes], object]:
    def read(body: bytes) -> object:
        beside = frozenset({"77_1.jpg", "77_1.jpg.json", "2024-04-24_03-15-00_UTC_1.jpg"})
        return formats()[name].read(Delivery((Export("77_1.jpg.json", body, beside),), NOW, ZONE))

    return read


def _table(body: bytes) -> object:
    table = Table("agencies.csv")
    parse_table(body, Columns(("agency_id", "name"), ("kind",)), table)
    return table


def _registry(body: bytes) -> object:
    for name in ("agencies.csv", "accounts.csv", "outlets.csv"):
        _file(f"registry/{name}", body)
    return load_registry(_folder()), load_outlets(_folder())


def _toml(body: bytes) -> object:
    return parse_toml("campaign.toml", _text(body))


def _campaign(body: bytes) -> object:
    _file("campaigns/satu/campaign.toml", body)
    return load_campaigns(_folder(), ZONE, load_registry(_folder())[0])


def _instance(body: bytes) -> object:
    _file("tayang.toml", body)
    return load_instance(_folder())


def _warc(body: bytes) -> object:
    path = _file("run.warc.gz", body)
    readers: tuple[Callable[[], object], ...] = (
        lambda: read_payload(path, 0), lambda: read_answer(path, 0), lambda: list(read_responses(path)),
    )  # fmt: skip
    return [_or_value_error(read) for read in readers]


def _or_value_error(read: Callable[[], object]) -> object:
    try:
        return read()
    except (ValueError, OSError) as trouble:
        return trouble


def _ledger(body: bytes) -> object:
    path = _file("ledger.jsonl", body)
    found = _or_value_error(lambda: broken_links(list(read_lines(path))))
    return found, Ledger(path).seq


def _periksa(body: bytes) -> object:
    first = _or_wrong(lambda: list(periksa.chained(io.BytesIO(body), 0, periksa.GENESIS)))
    return first, _or_wrong(lambda: sum(map(len, periksa.payload_of(io.BytesIO(body), 1 << 20))))


def _periksa_folder(body: bytes) -> object:
    """The whole check of a folder whose index is damaged and sealed anew: it ends in a verdict, whatever it says."""
    path = _file(f"bukti/{periksa.INDEX}", body)
    _file(f"bukti/{periksa.SEAL}", f"{hashlib.sha256(body).hexdigest()}  {periksa.INDEX}\n".encode())
    for name, content in seeds.bundle().items():
        if not (path.parent / name).exists():
            _file(f"bukti/{name}", content)
    findings = periksa.Findings(True)
    with redirect_stdout(io.StringIO()):
        periksa.check(path.parent, findings)
    return ["x"] * findings.failures


def _or_wrong(read: Callable[[], object]) -> object:
    try:
        return read()
    except (periksa.Wrong, ValueError, zlib.error, KeyError, TypeError) as trouble:
        return trouble  # all of them are what `periksa.main` tells as a damaged folder


def _words(body: bytes) -> object:
    text = _text(body)
    folded = fold(text)
    return folded, words_of(text), hashtags_in(text), mentions_in(text), phrase_in(folded, "tolak tip"), stem(folded[:40])


def _redaction(body: bytes) -> object:
    assert seeds.SECRET not in redact(_text(body))
    assert seeds.SECRET.encode() not in redact_bytes(body)
    return redact(_text(body))


def _packed(body: bytes) -> object:
    return [_or_value_error(lambda unpack=unpack: unpack(body)) for unpack in (
        fingerprints.unpack, sound.unpack, clips.unpack_reel, original.unpack_original, features.unpack_features)]  # fmt: skip


def _picture_header(body: bytes) -> object:
    return picture_header.read_header(body)


def _picture(body: bytes) -> object:
    return pictures.read_grey(_file("picture", body), 64)


def _boxes(body: bytes) -> object:
    return boxes_reach_end(io.BytesIO(body))


def _clip(body: bytes) -> object:
    return clips.read_header(_file("clip", body))


def _sound(body: bytes) -> object:
    return sound.listen(_file("sound", body))


FFMPEG = (MediaError, av.FFmpegError, OSError)
TARGETS: Mapping[str, Target] = {
    "dates": Target(_dates, seeds.dates, 60, (), seeds.DATE_WORDS, 300),
    "handles": Target(_handle, seeds.addresses, 90, (), seeds.ADDRESS_WORDS, 600),
    "addresses": Target(_address, seeds.addresses, 40, (SourceTrouble,), seeds.ADDRESS_WORDS, 1000),
    "shortcodes": Target(_shortcode, seeds.shortcodes, 60, (ValueError,)),
    "headers": Target(_headers, seeds.headers, 60, (), seeds.DATE_WORDS),
    "redaction": Target(_redaction, seeds.secrets, 60),
    "words": Target(_words, seeds.texts, 40, (), (), 1000),
    "robots": Target(_robots, seeds.robots, 50, (SourceTrouble,), seeds.ROBOTS_WORDS),
    "feed": Target(_feed, seeds.feeds, 8, (SourceTrouble,), seeds.XML_WORDS),
    "sitemap": Target(_sitemap, seeds.sitemaps, 30, (SourceTrouble,), seeds.XML_WORDS),
    "wordpress": Target(_wordpress, seeds.wordpress, 30, (), seeds.JSON_WORDS),
    "graph": Target(_graph, seeds.graph, 60, (SourceTrouble,), seeds.JSON_WORDS),
    "instagram_node": Target(_node, seeds.nodes, 60, (ValueError, RecursionError), seeds.JSON_WORDS),
    "listing": Target(_listing, seeds.pages, 8, (SourceTrouble,), seeds.HTML_WORDS, 12_000),
    "article": Target(_article, seeds.pages, 3, (SourceTrouble,), seeds.HTML_WORDS, 6000),
    "import_zeeschuimer": Target(_import("zeeschuimer"), lambda: seeds.imports("zeeschuimer"), 40, (), seeds.JSON_WORDS),
    "import_instaloader": Target(_import("instaloader"), lambda: seeds.imports("instaloader"), 40, (), seeds.JSON_WORDS),
    "import_gallery_dl": Target(_import("gallery-dl"), lambda: seeds.imports("gallery-dl"), 40, (), seeds.JSON_WORDS),
    "import_submission": Target(_import("submission"), lambda: seeds.imports("submission"), 30, (), seeds.CSV_WORDS),
    "tables": Target(_table, seeds.tables, 40, (), seeds.CSV_WORDS),
    "registry": Target(_registry, seeds.tables, 10, (), seeds.CSV_WORDS),
    "toml": Target(_toml, seeds.campaigns, 10, (), seeds.TOML_WORDS),
    "campaign": Target(_campaign, seeds.campaigns, 5, (), seeds.TOML_WORDS),
    "instance": Target(_instance, seeds.instances, 5, (), seeds.TOML_WORDS),
    "warc": Target(_warc, seeds.warcs, 20),
    "ledger": Target(_ledger, seeds.ledgers, 20, (StoreDamaged,), seeds.JSON_WORDS),
    "periksa": Target(_periksa, seeds.ledgers_and_warcs, 20, (), seeds.JSON_WORDS),
    "periksa_index": Target(_periksa_folder, seeds.indexes, 20, (), seeds.JSON_WORDS),
    "packed": Target(_packed, seeds.packed, 20),
    "picture_header": Target(_picture_header, seeds.pictures, 10, (MediaError,), (), 16_000),
    "picture": Target(_picture, seeds.pictures, 5, (MediaError,), (), 16_000),
    "boxes": Target(_boxes, seeds.films, 30, (), (), 16_000),
    "clip": Target(_clip, seeds.films, 2, FFMPEG, (), 16_000),
    "sound": Target(_sound, seeds.films, 1, (*FFMPEG, ValueError), (), 16_000),
}  # fmt: skip
