"""A site request -> its folder: claim the names, make the pictures, then the pages, and take away what is gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from crawler.errors import WrongUse
from crawler.language import say
from queries.reader import open_store
from queries.report.pictures import material_source
from queries.shelf import Shelf
from queries.site.arranged import Site, read_site
from queries.site.facts import BATCH, PostFact, Recognised, read_posts
from queries.site.folder import Folder
from queries.site.names import (
    FRONT,
    INDEX,
    INDEX_SCRIPT,
    SCRIPT,
    STYLE,
    agency_name,
    campaign_name,
    post_name,
)
from queries.site.pages import Pages, script, style_sheet
from queries.site.pictures import Source, picture_name, write_pictures
from queries.site.request import SiteRequest
from queries.site.search import Entry, index_json, index_script, lasting_entries, post_entry
from queries.site.told import Told


@dataclass(frozen=True, slots=True)
class Written:
    """What was done. `left`: files that are no longer ours to remove; `days_left_out`: reports with submissions.

    `days_outdated`: those whose PDF or XLSX was made of another report.json.
    """

    path: Path
    written: int
    unchanged: int
    removed: int
    left: int
    days_left_out: tuple[str, ...]
    days_outdated: tuple[str, ...] = ()


def write_site(request: SiteRequest) -> Written:
    """Write what changed of the site into `request.out`. The same request of the same store gives the same bytes.

    Raises: WrongUse, before anything is written, for a folder that holds the workspace or somebody else's files.
    """
    _check_place(request)
    folder, site = Folder(request.out), read_site(request)
    materials = _material_sources(site)
    sources = _post_sources(site) | {picture_name(*key): source for key, source in materials.values()}
    folder.claim([*_names(site), *sources])
    pictures = write_pictures(folder, sources)
    named = {key: picture_name(*digest) for key, (digest, _) in materials.items()}
    _write_pages(folder, site, Pages(Told(site), pictures, named))
    for name, path in site.days.files.items():
        folder.copy(name, path)
    folder.finish()
    done = folder.done
    return Written(
        request.out, done["written"], done["unchanged"], done["removed"], done["left"],
        tuple(day.isoformat() for day in site.days.left_out), tuple(day.isoformat() for day in site.days.outdated),
    )  # fmt: skip


def _write_pages(folder: Folder, site: Site, pages: Pages) -> None:
    entries = list(lasting_entries(pages.told))
    for page in (pages.front(), *pages.campaigns()):
        folder.put(*page)
    for page in pages.agencies():
        folder.put(*page)
    for post, found in _posts(site):
        folder.put(*pages.post(post, found))
        entries.append(_entry(pages, post))
    for name, content in (
        (STYLE, style_sheet()), (SCRIPT, script()), (INDEX, index_json(entries)), (INDEX_SCRIPT, index_script(entries)),
    ):  # fmt: skip
        folder.put(name, content)


def _entry(pages: Pages, post: PostFact) -> Entry:
    return post_entry(pages.told, post)


def _posts(site: Site) -> Iterator[tuple[PostFact, tuple[Recognised, ...]]]:
    """A batch at a time, with the store closed in between: a text is held only while its page is made."""
    ids = iter(site.by_post)
    while batch := list(islice(ids, BATCH)):
        with closing(open_store(site.request.store, site.request.instance.zone.key)) as connection:
            found = list(read_posts(connection, batch))
        yield from found


def _names(site: Site) -> Sequence[str]:
    """All names but those of pictures."""
    pages = (FRONT, STYLE, SCRIPT, INDEX, INDEX_SCRIPT)
    return (
        *pages, *map(campaign_name, site.campaigns), *map(agency_name, site.agencies), *map(post_name, site.by_post),
        *site.days.files,
    )  # fmt: skip


def _post_sources(site: Site) -> dict[str, Source]:
    """By the picture's name: one medium of each post, where its file lies in the workspace."""
    home, found = site.request.home.resolve(), dict[str, Source]()
    for shown in filter(None, (site.briefs[post_id].shown for post_id in site.by_post)):
        path = site.paths.get(shown[1])
        if path and (home / path).resolve().is_relative_to(home):
            found[picture_name(shown[1], shown[0])] = Source(home / path, shown[0])
    return found


def _material_sources(site: Site) -> dict[tuple[str, str], tuple[tuple[str, str], Source]]:
    """By campaign and material: (digest, kind) of its first file, and where that lies."""
    shelf, found = Shelf(site.request.home), dict[tuple[str, str], tuple[tuple[str, str], Source]]()
    for key, material in site.materials.items():
        source = material_source(material)
        digest = shelf.digest(source.path) if source else None
        if source and digest:
            found[key] = ((digest, source.kind), Source(source.path, source.kind))
    return found


def _check_place(request: SiteRequest) -> None:
    """A folder to be served must not hold the workspace: with it would go evidence, submissions and settings."""
    home, out = request.home.resolve(), request.out.resolve()
    if home.is_relative_to(out):
        raise WrongUse(say(f"{request.out} memuat folder kerja; pilih folder lain dengan --out",
                           f"{request.out} holds the workspace; choose another folder by --out"))  # fmt: skip
    if request.out.exists() and not request.out.is_dir():
        raise WrongUse(say(f"{request.out} bukan folder", f"{request.out} is no folder"))
