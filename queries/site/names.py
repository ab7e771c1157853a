"""Ids as people and services write them -> names of files that stay in their folder and never meet."""

from __future__ import annotations

import hashlib
import re
import unicodedata

SLUG_LETTERS = 40
DIGEST_LETTERS = 16

FRONT, STYLE, SCRIPT, INDEX, INDEX_SCRIPT = "index.html", "gaya.css", "cari.js", "cari.json", "cari-data.js"
CAMPAIGNS, AGENCIES, POSTS, DAYS, PICTURES = "kampanye", "perangkat", "unggahan", "hari", "gambar"

_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,58}[a-z0-9])?")
_DIGESTED = re.compile(rf".*-[0-9a-f]{{{DIGEST_LETTERS}}}")
# What Windows takes for devices, with any suffix, and what a server shows in place of a folder.
_TAKEN = re.compile(r"con|prn|aux|nul|com\d|lpt\d|index|default")


def campaign_name(campaign_id: str) -> str:
    """`kampanye/ID.html`."""
    return f"{CAMPAIGNS}/{stem_of(campaign_id)}.html"


def agency_name(agency_id: str) -> str:
    """`perangkat/ID.html`."""
    return f"{AGENCIES}/{stem_of(agency_id)}.html"


def post_name(post_id: str) -> str:
    """`unggahan/DIGEST.html`: the ids of posts are addresses."""
    return f"{POSTS}/{digest_of(post_id, 32)}.html"


def stem_of(written: str) -> str:
    """The id itself where every file system takes it, else what can be read of it with a digest.

    An id that looks as if it already had a digest gets one too, so that no two ids have one name.
    """
    if _PLAIN.fullmatch(written) and not _TAKEN.fullmatch(written) and not _DIGESTED.fullmatch(written):
        return written
    letters = unicodedata.normalize("NFKD", written).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9_]+", "-", letters)[:SLUG_LETTERS].strip("-_")
    return f"{slug or 'x'}-{digest_of(written)}"


def digest_of(written: str, letters: int = DIGEST_LETTERS) -> str:
    """The first hexadecimal digits of the SHA-256 of a text, whatever it holds."""
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:letters]
