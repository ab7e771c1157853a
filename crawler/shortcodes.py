"""An Instagram or TikTok link -> the post's number and the earliest instant it can be from.

The number (`pk`) is the shortcode in base64url; its upper bits are milliseconds of the start of the
upload. Measured against known posts that is up to minutes early, days for scheduled ones, never
late: a lower bound, good to refuse a claim and never to accept one. The upper 32 bits of a TikTok number are the
second in which it was made; likewise a lower bound.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from string import ascii_lowercase, ascii_uppercase, digits
from urllib.parse import urlsplit

_LETTERS = ascii_uppercase + ascii_lowercase + digits + "-_"
_CODE = re.compile(r"[A-Za-z0-9_-]{5,64}")
_PATH = re.compile(
    r"^/(?:(?!share/)(?P<owner>[A-Za-z0-9._]{1,30})/)?(?:p|reel|reels|tv)/(?P<code>[A-Za-z0-9_-]{5,64})(?:/|$)"
)
_HOSTS = frozenset({"instagram.com", "www.instagram.com", "m.instagram.com", "instagr.am", "www.instagr.am"})
_TIKTOK_HOSTS = frozenset({"tiktok.com", "www.tiktok.com", "m.tiktok.com"})
_TIKTOK_PATH = re.compile(r"^/@(?P<owner>[A-Za-z0-9._]{2,24})/(?:video|photo)/(?P<number>\d{15,19})(?:/|$)")
_CODE_LETTERS = 11  # more belong to private share links
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=1_314_220_021_721)


def pk_of(code: str) -> int:
    """The number behind a shortcode. Raises ValueError when it is none."""
    if not _CODE.fullmatch(code):
        raise ValueError(code)
    number = 0
    for letter in code[:_CODE_LETTERS]:
        number = number * 64 + _LETTERS.index(letter)
    if number >= 1 << 63:
        raise ValueError(code)
    return number


def code_of(pk: int) -> str:
    """The shortcode of a number."""
    letters = ""
    while pk > 0:
        pk, rest = divmod(pk, 64)
        letters = _LETTERS[rest] + letters
    return letters


def earliest_instant(pk: int) -> datetime:
    """The instant before which a post of this number cannot have been published."""
    return _EPOCH + timedelta(milliseconds=pk >> 23)


def is_tiktok(url: str) -> bool:
    """Whether an address lies on TikTok, whatever it shows."""
    return urlsplit(url).hostname in _TIKTOK_HOSTS


def tiktok_link(url: str) -> tuple[int, str] | None:
    """(number, owner) of a TikTok post's address, else None; short links (`vt.tiktok.com`) carry no number."""
    try:
        parts = urlsplit(url if "//" in url else f"https://{url}")
    except ValueError:
        return None
    found = _TIKTOK_PATH.match(parts.path) if (parts.hostname or "") in _TIKTOK_HOSTS else None
    return (int(found["number"]), found["owner"]) if found and int(found["number"]) < 1 << 63 else None


def earliest_of_tiktok(number: int) -> datetime:
    """The instant before which a TikTok post of this number cannot have been published."""
    return datetime.fromtimestamp(number >> 32, UTC)


def post_link(url: str) -> tuple[str, str | None] | None:
    """(shortcode, owner where the link names one) of an Instagram post's address, else None."""
    try:
        parts = urlsplit(url if "//" in url else f"https://{url}")
    except ValueError:
        return None
    found = _PATH.match(parts.path) if (parts.hostname or "") in _HOSTS else None
    return (found["code"], found["owner"]) if found else None


def is_instagram(url: str) -> bool:
    """Whether an address lies on Instagram, whatever it shows."""
    return urlsplit(url).hostname in _HOSTS


def post_address(code: str) -> str:
    """The one address we write for a post."""
    return f"https://www.instagram.com/p/{code}/"
