"""A page -> the address of the site's own search for some words, and back: which words an address asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

# What the field for the words is called: WordPress, Joomla, OpenSID and Drupal first, then custom sites.
_NAMES = (
    "s", "searchword", "cari", "keys", "q", "query", "search", "keyword", "kata_kunci", "katakunci", "kata", "key",
)  # fmt: skip
_MOST_LETTERS = 500  # of preset values
_ACTS = re.compile(r"hapus|delete|remove|logout|keluar|subscribe|langgan", re.IGNORECASE)  # does more than look
_MOST_FIELDS = 6  # of a search form; one with more asks for something else than words


def search_url(root: Any, page_url: str, words: str) -> str | None:
    """The address that the page's search form would ask for `words`, None where it has no such form."""
    asked = (_asked(form, page_url, words) for form in root.iter("form"))
    return next(filter(None, asked), None)


def words_asked(url: str) -> str:
    """The words that an address made by `search_url` asks for; empty where it asks for none."""
    asked = dict(parse_qsl(urlsplit(url).query))
    return next((asked[name] for name in _NAMES if name in asked), "")


def _asked(form: Any, page_url: str, words: str) -> str | None:
    """What one form would ask for; None where it is no search."""
    if not _only_looks(form):
        return None
    fields = dict(islice(_fields(form), _MOST_FIELDS + 1))
    name = next((name for name in _NAMES if name in fields), None)
    address = _address(form, page_url)
    is_small = len(fields) <= _MOST_FIELDS and sum(map(len, fields.values())) <= _MOST_LETTERS
    return f"{address}?{urlencode({**fields, name: words})}" if name and address and is_small else None


def _only_looks(form: Any) -> bool:
    """Whether sending the form changes nothing, as far as it says so itself."""
    is_get = (form.get("method") or "get").strip().lower() == "get"
    return is_get and not _ACTS.search(form.get("action") or "")


def _fields(form: Any) -> Iterator[tuple[str, str]]:
    """Name and preset value of what the form would send."""
    for field in form.iter("input", "select"):
        if field.get("name") and (field.get("type") or "text").lower() in ("text", "search", "hidden"):
            yield str(field.get("name")), str(field.get("value") or "")


def _address(form: Any, page_url: str) -> str | None:
    try:
        url = urljoin(page_url, (form.get("action") or "").strip())
    except ValueError:  # "http://[" and the like
        return None
    parts = urlsplit(url)
    return parts._replace(query="", fragment="").geturl() if parts.scheme in ("http", "https") else None
