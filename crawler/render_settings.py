"""[channels.news] of tayang.toml -> which sites are shown by a browser, by which one, and what is lacking for it."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.handles import normalise_handle, same_place
from crawler.items import Account
from crawler.language import say
from crawler.problems import Problem, nearest
from crawler.sections import Section

EXTRA = 'pip install "tayang[render]"'
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PLACES = (  # where a browser lies that is on no PATH
    "{PROGRAMFILES}/Google/Chrome/Application/chrome.exe",
    "{PROGRAMFILES(X86)}/Google/Chrome/Application/chrome.exe",
    "{LOCALAPPDATA}/Google/Chrome/Application/chrome.exe",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


@dataclass(frozen=True, slots=True)
class Rendering:
    """`sites`: normalised handles, each with its line in `file`; `browser`: as written, empty = whatever is found."""

    sites: tuple[str, ...] = ()
    browser: str = ""
    lines: tuple[int, ...] = ()
    file: str = ""

    def shows(self, handle: str) -> bool:
        """Whether a news account is registered for rendering, by http or by https."""
        return any(same_place("news", handle) == same_place("news", site) for site in self.sites)

    def shows_below(self, url: str) -> bool:
        """Whether an address is that of such a site or lies below it."""
        place = same_place("news", url).rstrip("/") + "/"
        return any(place.startswith(same_place("news", site) + "/") for site in self.sites)

    def executable(self, environ: Mapping[str, str] = os.environ) -> Path | None:
        """The browser's program, None when there is none."""
        if self.browser:
            found = shutil.which(self.browser, path=environ.get("PATH"))
            return Path(found) if found else None
        named = (shutil.which(name, path=environ.get("PATH")) for name in _NAMES)
        return next((Path(one) for one in (*named, *_usual_places(environ)) if one and Path(one).is_file()), None)

    def unregistered(self, accounts: Iterable[Account]) -> Iterator[Problem]:
        """Sites that stand in no row of the registry: nobody would look at them, rendered or not."""
        handles = [one.handle for one in accounts if one.channel == "news"]
        known = {same_place("news", handle) for handle in handles}
        for site, line in zip(self.sites, self.lines, strict=True):
            if same_place("news", site) not in known:
                meant = nearest(site, handles)
                asked = say(f"; maksudnya '{meant}'?", f"; did you mean '{meant}'?") if meant else ""
                lack = say(f"'{site}' bukan situs terdaftar; tulis dahulu di registry/accounts.csv",
                           f"'{site}' is no registered site; write it into registry/accounts.csv first")  # fmt: skip
                yield Problem(self.file, line, "channels.news.render", lack + asked)


def rendering_of(section: Section) -> Rendering:
    """The settings of a `[channels.news]` table; problems are noted there."""
    written = section.texts("render")
    sites: list[str] = []
    for index, one in enumerate(written):
        try:
            sites.append(normalise_handle("news", one))
        except ValueError as wrong:
            section.wrong("render", str(wrong), index)
    document = section.document
    lines = [document.line_of((*section.place_of("render"), index)) for index in range(len(sites))]
    return Rendering(tuple(sites), section.text("browser"), tuple(lines), document.name)


def why_not_shown(rendering: Rendering, environ: Mapping[str, str] = os.environ) -> str | None:
    """What must be installed before a page can be shown, or None."""
    if importlib.util.find_spec("playwright") is None:
        return say(f"tambahan `render` belum dipasang: {EXTRA}", f"the extra `render` is not installed: {EXTRA}")
    if rendering.executable(environ) is not None:
        return None
    if rendering.browser:
        return say(f"peramban '{rendering.browser}' tidak ada; perbaiki channels.news.browser",
                   f"there is no browser '{rendering.browser}'; correct channels.news.browser")  # fmt: skip
    return say("tidak ada peramban: pasang chromium (apt install chromium), atau isi channels.news.browser",
               "there is no browser: install it (apt install chromium), or set channels.news.browser")  # fmt: skip


def rendering_in(settings: Any) -> Rendering:
    """The same out of Scrapy's settings."""
    rendering = settings.get("TAYANG_RENDERING")
    return rendering if isinstance(rendering, Rendering) else Rendering()


def _usual_places(environ: Mapping[str, str]) -> Iterator[str]:
    for place in _PLACES:
        try:
            yield place.format_map(environ)
        except KeyError:  # not Windows
            continue
