"""What the documents promise is what the code has: every name a user may meet stands in README or docs."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest

import crawler.imports
from crawler.crawl_rules import CrawlRules
from crawler.discovery import feed, listing, site, sitemap, wordpress
from crawler.errors import TayangError
from crawler.handles import channels_with_spiders
from crawler.health_settings import HealthSettings
from crawler.instance import _CHANNEL_KEYS, Instance, Signatory
from crawler.items import Cause, Outcome, Quality
from crawler.notify_settings import NotifySettings
from crawler.readers.graph import OUR_FAULT, THROTTLED, TRANSIENT
from crawler.robots import MAX_DELAY_SECONDS
from crawler.spiders.instagram import SLOW_AT, STOP_AT
from pipelines.items import Decision, DutyRule, Exemption, Grade, Instrument, Material, Require, Status
from pipelines.matchers import all_matchers
from pipelines.notifications import BEGUN, FAILED, SENT
from pipelines.store import Store
from queries.ask import list_queries
from queries.command_line import parser
from queries.notify.due import REMINDER, SUMMARY
from queries.notify.receivers import PORTS
from queries.reader import open_store, rows
from queries.report.write import FORMATS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = {path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
PAGES = {"README": README, "CONTRIBUTING": (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), **DOCS}
SQL = DOCS["sql"]
OPERATIONS = DOCS["operations"] + DOCS["instagram"]

VIEWS_SQL = """
    SELECT table_name AS view, list(column_name ORDER BY column_index) AS columns FROM duckdb_columns()
    JOIN duckdb_views() ON view_name = table_name WHERE NOT duckdb_views.internal GROUP BY ALL ORDER BY ALL
"""


def named(text: str) -> set[str]:
    """All words that stand in `backticks`."""
    return {word for span in re.findall(r"`([^`\n]+)`", text) for word in re.findall(r"[\w:=*/.-]+", span)}


def section(text: str, title: str) -> str:
    """The lines under a heading, up to the next one."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def row(text: str, name: str) -> str:
    """The table row that begins with `name`."""
    found = re.search(rf"^\| `{re.escape(name)}[` ].*$", text, re.MULTILINE)
    return found[0] if found else ""


def commands() -> dict[str, argparse.ArgumentParser]:
    """Every command of the front door with its own parser."""
    actions = parser()._actions
    return dict(next(one for one in actions if isinstance(one, argparse._SubParsersAction)).choices)


def import_formats() -> set[str]:
    folder = Path(crawler.imports.__path__[0])
    return {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    path = tmp_path_factory.mktemp("store") / "tayang.duckdb"
    Store(path).prepare()
    with closing(open_store(path)) as connection:
        return {found["view"]: found["columns"] for found in rows(connection, VIEWS_SQL)}


def test_every_public_view_and_column_is_documented(views: dict[str, list[str]]) -> None:
    """docs/sql.md names each view with each of its columns, in the view's own section or row."""
    for view, columns in views.items():
        told = section(SQL, "verdicts" if view == "verdict_history" else view) or row(SQL, view)
        assert view in named(SQL) | {view for view in views if section(SQL, view)}
        assert set(columns) - named(told) == set(), view


@pytest.mark.parametrize("words", [Status, Outcome, Cause, Quality, Decision])
def test_every_closed_list_is_documented_whole(words: type[Status]) -> None:
    """No status, outcome, cause, quality or decision that docs/sql.md does not explain."""
    assert {word.value for word in words} - named(SQL) == set()


def test_the_statuses_stand_in_indonesian_too() -> None:
    """The README's Indonesian half explains every status."""
    told = section(README, "Hasil verifikasi")
    assert {status.value for status in Status} == named(told) & {status.value for status in Status}
    assert all(f"| {grade.value} |" in DOCS["evidence"] for grade in Grade)


@pytest.mark.parametrize("name", commands())
def test_every_command_is_documented_with_its_options(name: str) -> None:
    """The README's table names each command and each option that only it has."""
    told = row(section(README, "Commands"), name)
    options = {word for action in commands()[name]._actions for word in action.option_strings}
    own = options - {"-h", "--help", "--home", "--json"}
    assert told, name
    assert {option for option in own if option not in told} == set()
    assert name in named(section(README, "Perintah"))


def test_no_command_is_promised_that_is_not_there() -> None:
    """What the README's table names can be called."""
    promised = set(re.findall(r"^\| `(\w+)[ `]", section(README, "Commands"), re.MULTILINE))
    assert promised == set(commands())


def test_the_formats_of_the_report_are_those_that_exist() -> None:
    """The README offers exactly the formats that `tayang report` writes."""
    [offered] = re.findall(r"--format ([\w,]+)\] \[--out", README)
    assert set(offered.split(",")) == set(FORMATS)


def test_every_exit_code_is_documented() -> None:
    """Each code an error of ours, or being stopped, can give stands in README and operations."""
    for text in (section(README, "Commands"), section(README, "Perintah"), DOCS["operations"]):
        codes = {0, 130, *(error.exit_code for error in _errors(TayangError))}
        assert {code for code in codes if not re.search(rf"\b{code}\b", text)} == set()


def _errors(root: type[TayangError]) -> Iterator[type[TayangError]]:
    yield root
    for error in root.__subclasses__():
        yield from _errors(error)


def settings() -> set[str]:
    """Every setting of tayang.toml, as it is written there."""
    tables = {"store_url", "crawl", "instagram", "channels", "notify", "rendering", "retention", "health"}
    own = {field.name for field in fields(Instance)} - {"home", "zone"} - tables
    crawl = {field.name for field in fields(CrawlRules)}
    signatory = {field.name for field in fields(Signatory)}
    channels = {key for keys in _CHANNEL_KEYS.values() for key in keys}
    notify = {field.name for field in fields(NotifySettings)}
    health = {field.name for field in fields(HealthSettings)} - {"canary_lines", "file"}
    return own | {"timezone", "url"} | crawl | signatory | channels | notify | health


def campaign_settings() -> set[str]:
    """Every setting of campaign.toml, as it is written there."""
    kinds = (Instrument, Material, Require, DutyRule, Exemption)
    inner = {field.name for kind in kinds for field in fields(kind)}
    written = {"id", "title", "material", "opens", "closes", "agency"}
    return (inner - {"campaign_id", "material_id", "agency_id", "window"}) | written


def test_every_setting_is_documented() -> None:
    """tayang.toml and campaign.toml hold no setting that docs/operations.md does not name."""
    assert settings() - named(OPERATIONS) == set()
    assert campaign_settings() - named(section(OPERATIONS, "campaign.toml")) == set()


def test_defaults_are_told_as_they_are() -> None:
    """The defaults in the table of settings are those of the code."""
    for field in fields(CrawlRules):
        if isinstance(field.default, int | float):
            told = re.search(rf"\| `{field.name}` \| ([\d.]+) \|", DOCS["operations"])
            assert told, field.name
            assert float(told[1]) == field.default


def test_receivers_and_outcomes_of_notifications_are_documented() -> None:
    """Every scheme by its secure name or as it is; every outcome of a message."""
    told = named(section(DOCS["operations"], "Notifications"))
    schemes = {scheme if scheme in ("mailto", "tgram") else f"{scheme.removesuffix('s')}s" for scheme in PORTS}
    assert {one for one in schemes if not any(word.startswith(one) for word in told)} == set()
    assert {BEGUN, SENT, FAILED, SUMMARY, REMINDER} - named(row(SQL, "notifications")) == set()


def test_every_matcher_query_channel_and_import_is_documented() -> None:
    """A file added to one of these folders must be told of."""
    assert {matcher.name for matcher in all_matchers()} - named(SQL) == set()
    for query in list_queries():
        told = named(row(section(SQL, "Queries"), query.name))
        assert {query.name, query.alias, *(one.name for one in query.parameters)} - told == set()
    assert channels_with_spiders() - DOCS.keys() == set()
    assert import_formats() - named(" ".join(DOCS.values())) == set()


def test_codes_and_bounds_are_told_as_they_are() -> None:
    """Error codes of the Graph API, usage limits and the bounds of a look at a site."""
    instagram = DOCS["instagram"].replace("−", "-")
    codes = {code for code in OUR_FAULT | THROTTLED | TRANSIENT if not 200 <= code < 300}
    assert {code for code in codes if not re.search(rf"(?<![\d-]){code}\b", instagram)} == set()
    assert f"{SLOW_AT:.0f} %" in instagram
    assert f"{STOP_AT:.0f} %" in instagram
    bounds = section(DOCS["news"], "Four ways")
    for bound in (
        f"{site.MAX_QUESTIONS} questions", f"{wordpress.MAX_PAGES} pages of REST", f"{feed.MAX_PARTS} parts of a feed",
        f"{sitemap.MAX_FILES} sitemap files and {sitemap.MAX_ARTICLES} articles", f"{listing.MAX_PAGES} listing",
    ):  # fmt: skip
        assert bound in bounds
    assert f"{MAX_DELAY_SECONDS:.0f} seconds" in DOCS["news"]


@pytest.mark.parametrize("page", PAGES)
def test_links_between_the_documents_lead_somewhere(page: str) -> None:
    """Every relative link names a file that is there, and a heading in it."""
    folder = ROOT / "docs" if page in DOCS else ROOT
    for target in re.findall(r"\]\(([^)\s]+)\)", PAGES[page]):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        path = folder / (name or f"{page}.md")
        assert path.is_file(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}, target


def test_documents_name_no_place_of_one_machine() -> None:
    """No home folder and no index of packages in what everybody reads."""
    for page, text in PAGES.items():
        assert not re.search(r"/(home|root|tmp|work)/\w|simple/|index-ur[l]", text), page


def test_every_promise_against_a_threat_names_a_test_that_is_there() -> None:
    """So that docs/THREATS.md cannot rot; each promise has one."""
    tests = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py")]
    there = {name for text in tests for name in re.findall(r"def (test_\w+)", text)}
    rows = [line for line in DOCS["THREATS"].splitlines() if line.startswith("|")]
    promises = [line for line in rows if not line.startswith(("| Promise", "|-"))]
    shown = [re.findall(r"`(test_\w+)`", line) for line in promises]

    assert all(shown)
    assert {name for names in shown for name in names} - there == set()
