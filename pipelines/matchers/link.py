"""A link to, or an embed of, the material's official post -> match."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from pipelines.items import Decision, Material, Sign
from pipelines.matchers import Example, Matcher, Reference, Seen

_INSTAGRAM = re.compile(r"(?:/[\w.]+)?/(?:p|reel|reels|tv|share/p|share/reel)/([\w-]{5,})")
_YOUTUBE = re.compile(r"/(?:embed|shorts|live|v|e)/([\w-]{6,})")
_TIKTOK = re.compile(r"(?:/video|/embed(?:/v2)?|/photo)/(\d{8,})")
_TRACKING = re.compile(r"^(utm_.*|fbclid|gclid|igsh|igshid|si|ref|ref_src|mc_.*|feature|s|t)$")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"']+|\b(?:instagram\.com|youtu\.be|youtube\.com)/[^\s<>\"']+")


def link_key(address: str) -> str | None:
    """What an address points at, in the one form all its spellings share; None = at nothing particular."""
    try:
        parts = urlsplit(address if "//" in address else f"https://{address}")
    except ValueError:  # text of a post may hold anything that looks like an address
        return None
    host = re.sub(r"^(www|m|mobile)\.", "", (parts.hostname or "").lower())
    path = unquote(parts.path)
    if host in ("instagram.com", "instagr.am", "ddinstagram.com"):
        return _named("instagram", _INSTAGRAM.match(path))
    if host in ("youtube.com", "youtube-nocookie.com", "youtu.be", "music.youtube.com"):
        return _youtube_key(host, path, dict(parse_qsl(parts.query)))
    if host == "tiktok.com":
        return _named("tiktok", _TIKTOK.search(path))
    return _plain_key(host, path, parse_qsl(parts.query))


def _named(service: str, found: re.Match[str] | None) -> str | None:
    return f"{service}:{found[1]}" if found else None


def _youtube_key(host: str, path: str, query: dict[str, str]) -> str | None:
    if host == "youtu.be":
        name = path.strip("/").split("/")[0]
        return f"youtube:{name}" if name else None
    return f"youtube:{query['v']}" if "v" in query else _named("youtube", _YOUTUBE.match(path))


def _plain_key(host: str, path: str, query: list[tuple[str, str]]) -> str | None:
    kept = urlencode(sorted((name, value) for name, value in query if not _TRACKING.match(name)))
    place = re.sub(r"/(index\.(html?|php))?$", "", path)
    return f"{host}{place}?{kept}" if host and (place or kept) else None


def addresses_of(seen: Seen) -> list[str]:
    """Every address a post stands at, links to, embeds or spells out in its text."""
    spelled = [found.rstrip(".,;:!?)]}»”") for found in _URL.findall(seen.post.text)]
    return [seen.post.url, *seen.post.links, *spelled]


class Link(Matcher):
    """A link or embed of the official post counts (contract §2)."""

    name = "link"

    def applies(self, material: Material) -> bool:
        """Materials that name their official post."""
        return bool(material.links)

    def compare(self, seen: Seen, reference: Reference) -> Sign | None:
        """Match when one address points at the same thing."""
        wanted = {link_key(link) for link in reference.material.links} - {None}
        found = next((one for one in addresses_of(seen) if link_key(one) in wanted), None)
        if found is None:
            return None
        words = (
            f"Menautkan atau menyematkan unggahan resmi: {found}",
            f"Links to or embeds the official post: {found}",
        )
        return self.sign(Decision.MATCH, 1.0, words, link=found)

    def examples(self, folder: Path) -> Iterable[Example]:
        """Spellings of one reel, and another reel."""
        from pipelines.exhibits import a_post, a_reference

        reference = a_reference("video", links=["https://www.instagram.com/reel/C6abcDEfg12/?igsh=x"])
        same = "https://instagram.com/official.kpk/p/C6abcDEfg12/embed/captioned/"
        spelled = "Simak instagram.com/reels/C6abcDEfg12."
        other = "https://www.instagram.com/reel/c6abcDEfg12/"
        yield Example("an embed of it", a_post(links=[same]), reference, Decision.MATCH)
        yield Example("spelled out in the text", a_post(spelled), reference, Decision.MATCH)
        yield Example("another code, by one letter's case", a_post(links=[other]), reference, None)


MATCHER = Link()
