"""An article's page (lxml root) -> the addresses on which the same article goes on, where a site splits it.

Unread, its end would be silence: the pledge may stand in the last paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

_PAGE = frozenset(("page", "halaman", "hal", "pg"))
_WHOLE = frozenset(("all", "semua"))
_ONWARD = re.compile(r"\d{1,2}|.*\b(?:selanjutnya|berikutnya|lanjut\w*|next|halaman)\b.*", re.IGNORECASE | re.DOTALL)
_LONGEST_LABEL = 40


def rest_of(root: Any, url: str) -> tuple[str, ...]:
    """The page that shows all of the article, else those with a higher number, in their order; () where it is whole."""
    numbered: dict[int, str] = {}
    for link, label in _links(root, url):
        number = _number(link, url)
        if number == 0:
            return (link,)
        if number and _ONWARD.fullmatch(label):
            numbered.setdefault(number, link)
    own = _number(url, url.split("?")[0]) or 1
    return tuple(link for number, link in sorted(numbered.items()) if number > own)


def _links(root: Any, url: str) -> Iterator[tuple[str, str]]:
    for node in root.iter("a", "link"):
        if node.tag == "link" and node.get("rel") != "next":
            continue
        href, fragment = urldefrag(node.get("href") or "")
        label = "next" if node.tag == "link" else " ".join("".join(node.itertext()).split())
        if href and not fragment and len(label) <= _LONGEST_LABEL:
            try:
                yield urljoin(url, href.strip()), label
            except ValueError:  # "http://[" and the like
                continue


def _number(link: str, url: str) -> int | None:
    """Which page of the article at `url` a link leads to: 0 = all of it, None = something else."""
    to, here = urlsplit(link), urlsplit(url)
    if to.netloc != here.netloc:
        return None
    path, own = to.path.rstrip("/"), here.path.rstrip("/")
    page, others = _page_of(to.query)
    if path == own and page and others == _page_of(here.query)[1]:
        return 0 if page in _WHOLE else _counted(page)
    head, _, tail = path.rpartition("/")
    return _counted(tail) if own and head == own and not page else None


def _page_of(query: str) -> tuple[str, list[tuple[str, str]]]:
    """The number of the page in a query, and everything else in it."""
    words = parse_qsl(query, keep_blank_values=True)
    return next((value for key, value in words if key in _PAGE), ""), [one for one in words if one[0] not in _PAGE]


def _counted(word: str) -> int | None:
    return int(word) if re.fullmatch(r"[2-9]|[1-4]\d", word) else None
