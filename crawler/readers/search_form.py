"""A page -> the address of the site's own search for some words, and back: which words an address asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    for form in root.iter("form"):
        if (form.get("method") or "get").strip().lower() != "get":
            continue
        fields = list(_fields(form))
        name = next((name for name in _NAMES if any(name == field for field, _ in fields)), None)
        sent = sum(len(value) for _, value in fields)
        if name is None or len(fields) > _MOST_FIELDS or sent > _MOST_LETTERS or _ACTS.search(form.get("action") or ""):
            continue
        query = urlencode([(field, words if field == name else value) for field, value in fields])
        address = _address(form, page_url)
        if address:
            return f"{address}?{query}"
    return None


def words_asked(url: str) -> str:
    """The words that an address made by `search_url` asks for; empty where it asks for none."""
    asked = dict(parse_qsl(urlsplit(url).query))
    return next((asked[name] for name in _NAMES if name in asked), "")


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
