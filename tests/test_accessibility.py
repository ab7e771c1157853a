"""Report and site as Chromium shows them: no error by axe-core, and no page wider than its screen."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from test_queries_report import Office
from test_queries_report_pdf import missing, named, squeezed
from test_queries_world import AS_OF, DAY, World, world

from crawler.render_settings import Rendering
from queries.reader import open_store
from queries.report import ReportRequest, write_report
from queries.site import SiteRequest, write_site
from tests.scripted_sites import needs_browser

__all__ = ["world"]  # fixture

pytestmark = [needs_browser, pytest.mark.slow]

LANGUAGES = ("id", "en")
PAGES = (
    "hari/2024-04-24/index.html", "site/index.html", "site/index.html#q=kec", "site/index.html#q=zzz",
    "site/kampanye/antikorupsi-2024.html", "site/kampanye/netralitas-2024.html", "site/perangkat/dinkes.html",
    "site/perangkat/kec-delanggu.html", "site/unggahan",
)  # fmt: skip
AXE = {"resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def written(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world's report and site in both languages."""
    home = tmp_path_factory.mktemp("accessible") / "home"
    shutil.copytree(world.home, home)
    out, said = home / "reports", (world.verdicts, world.campaigns, world.agencies)
    for language in LANGUAGES:
        office = replace(Office(), language=language)
        with closing(open_store(home / "tayang.duckdb", "Asia/Jakarta")) as connection:
            day = out / language / "hari" / DAY.isoformat()
            write_report(ReportRequest(home, office, DAY, AS_OF, *said, connection, day))
        write_site(SiteRequest(home, home / "tayang.duckdb", office, DAY, AS_OF, *said, out / language / "site"))
    return out


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser for all pages."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=Rendering().executable(), chromium_sandbox=False,
                                         args=["--disable-gpu"])  # fmt: skip
        yield running
        running.close()


def address_of(written: Path, language: str, page: str) -> str:
    """A page's address; of the posts' pages the first."""
    path, _, asked = page.partition("#")
    place = written / language / path
    found = min(place.glob("*.html")) if place.is_dir() else place
    return found.as_uri() + (f"#{asked}" if asked else "")


def told(violation: dict[str, Any]) -> str:
    """Which rule, and where it is broken first."""
    first = violation["nodes"][0]
    return f"{violation['id']}: {violation['help']} ({len(violation['nodes'])}), first {first['html'][:200]}"


@pytest.mark.parametrize(("language", "width"), [("id", 1440), ("id", 390), ("en", 390)])
def test_no_page_has_an_error_by_axe_or_is_wider_than_its_screen(
    written: Path, chromium: Any, language: str, width: int
) -> None:
    """Daily report, front page with and without finds, campaign, ban, agency and post; on a desk and on a phone."""
    from axe_playwright_python.sync_playwright import Axe

    found = list[str]()
    with chromium.new_context(viewport={"width": width, "height": 900}) as context:
        shown = context.new_page()
        for page in PAGES:
            shown.goto("about:blank")  # an address that differs by its fragment alone loads nothing
            shown.goto(address_of(written, language, page))
            if "#q=" in page:
                shown.wait_for_function("document.querySelector('#jumlah').textContent !== ''")
            violations = Axe().run(shown, options=AXE).response["violations"]
            beyond = shown.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found += [f"{page}: {told(one)}" for one in violations]
            found += [f"{page}: {beyond} px beyond the screen"] if beyond else []

    assert found == []


def test_a_print_of_a_hundred_agencies_is_as_large_as_any_other(world: World, chromium: Any, tmp_path: Path) -> None:
    """By sixteen duties: the title keeps its 19 points, matrix and ranking go over pages, each with its own head."""
    with closing(open_store(world.store, "Asia/Jakarta")) as connection:
        said = (missing(100, 16), world.campaigns, named(100))
        write_report(ReportRequest(world.home, Office(), DAY, AS_OF, *said, connection, tmp_path))
    with chromium.new_context() as context:
        shown = context.new_page()
        shown.goto((tmp_path / "index.html").as_uri())
        printed = PdfReader(BytesIO(shown.pdf(prefer_css_page_size=True)))
    sizes: list[float] = []
    printed.pages[0].extract_text(
        visitor_text=lambda text, cm, tm, _, size: sizes.append(cm[0] * tm[0] * size) if "Laporan" in text else None
    )
    matrix = [page for page in printed.pages if page.mediabox.width > page.mediabox.height]
    ranked = [text for page in printed.pages if "Kabupaten0%" in (text := squeezed(page.extract_text()))]

    assert sizes == [pytest.approx(19, abs=0.1)]
    for pages in ([squeezed(page.extract_text()) for page in matrix], ranked):
        assert len(pages) > 1
        assert all("Perangkatdaerah" in page for page in pages[:2])
        assert {f"Nomor{n}Kabupaten" for n in range(100)} <= set(re.findall(r"Nomor\d+Kabupaten", "".join(pages)))


def test_a_word_of_a_narrow_column_is_not_broken_on_paper(written: Path, chromium: Any) -> None:
    """The kinds of agencies on the printed front page: "kecamatan" stands in one line, on a sheet as wide as A4."""
    with chromium.new_context(viewport={"width": 700, "height": 900}) as context:
        shown = context.new_page()
        shown.emulate_media(media="print")
        shown.goto(address_of(written, "id", "site/index.html"))
        kinds = shown.evaluate("""[...document.querySelectorAll('td.kind')].map(cell => {
            const all = document.createRange()
            all.selectNodeContents(cell)
            return [cell.textContent, new Set([...all.getClientRects()].map(box => box.top)).size]
        })""")

    assert {lines for _, lines in kinds} == {1}
    assert "kecamatan" in {kind for kind, _ in kinds}
