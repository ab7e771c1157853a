"""An article page -> its headline: the words, and the element that says them.

Custom themes write it as a small heading or in no heading at all, and the name of a section as the large one.
"""

from __future__ import annotations

import html as html_escapes
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

_LARGE, _SMALL = ("h1", "h2"), ("h3", "h4", "h5", "h6")
_BARE = ("div", "span", "p", "b", "strong", "font", "td", "center")
_HEADLINE = 15  # letters; a shorter heading may be a section's name
_SLUG_WORD = re.compile(r"[a-z]{4,}")
_NOWHERE = re.compile(r"\s*(?:#|javascript:)", re.I)
_ALIKE = 0.7  # of the words of heading and address together; addresses leave out short ones and may be cut


def letters_of(text: str) -> str:
    """Letters and digits alone, for comparing words that differ in blanks and marks."""
    return re.sub(r"\W+", "", text.lower())


def title_of(root: Any, url: str) -> str:
    """The headline: a heading with which og:title or <title> begins, or that the address names; else those two, without
    the site's name. Where the site's name is all that they say, the address knows better."""
    stated = _one_line(html_escapes.unescape(meta_of(root, "og:title")))
    page = next((_line_of(title) for title in root.iter("title")), "")
    heads = list(filter(None, map(_line_of, (*root.iter("h1"), *root.iter("h2")))))
    known = max((head for head in heads if _confirms(head, stated, page)), key=len, default="")
    if not words_of(known) & slug_words(url):
        known = _named_by(url, root) or known
    return known or (not stated and _only(root)) or _without_site_name(stated or page, meta_of(root, "og:site_name"))


def _only(root: Any) -> str:
    """The one heading of the largest kind; empty where there are more."""
    heads = [_line_of(head) for head in root.iter("h1")]
    return heads[0] if len(heads) == 1 else ""


def _confirms(head: str, stated: str, page: str) -> bool:
    letters = letters_of(head)
    if letters and letters in (letters_of(stated), letters_of(page)):
        return True
    return len(letters) >= _HEADLINE and letters_of(stated or page).startswith(letters)


def _named_by(url: str, root: Any) -> str:
    """The heading that says what the page's address does, rather one that leads nowhere; empty where none does."""
    wanted = slug_words(url)
    heads = root.iter(*_LARGE, *_SMALL) if len(wanted) > 1 else ()
    alike = ((_likeness(words_of(_line_of(head)), wanted), head) for head in heads)
    named = [(not _leads_on(head), likeness, _line_of(head)) for likeness, head in alike if likeness >= _ALIKE]
    return max(named, key=lambda one: one[:2], default=(False, 0.0, ""))[2]


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


def slug_words(url: str) -> frozenset[str]:
    """The words that the last part of an address is made of."""
    parts = [part for part in urlsplit(url).path.split("/") if part]
    return words_of(parts[-1]) if parts else frozenset()


def words_of(text: str) -> frozenset[str]:
    """Its words of four letters and more, in lower case."""
    return frozenset(_SLUG_WORD.findall(text.casefold()))


def headline_of(root: Any, title: str) -> Any | None:
    """The element that says the title: the last large heading, else small one, else line; with its subtitle."""
    return next(reversed(sayings_of(root, title)), None)


def sayings_of(root: Any, title: str) -> list[Any]:
    """All elements of the largest kind that say the title and are no links, in their order; else the last link."""
    wanted = letters_of(title)
    for nodes in (root.iter(*_LARGE), root.iter(*_SMALL), _bare_lines(root)) if wanted else ():
        heads = [node for node in nodes if _says(letters_of("".join(node.itertext())), wanted)]
        if heads:
            return [one for one in heads if not _leads_on(one)] or heads[-1:]
    return []


def _leads_on(node: Any) -> bool:
    """Whether a heading is a link, as those in lists of articles are."""
    links = (*node.iterancestors("a"), *node.iter("a"))
    return any(link.get("href") and not _NOWHERE.match(link.get("href")) for link in links)


def _says(letters: str, wanted: str) -> bool:
    return letters == wanted or (len(wanted) >= _HEADLINE and letters.startswith(wanted))


def _bare_lines(root: Any) -> Iterator[Any]:
    """Lines without an element in them that are no link and stand in no list, where ways to the page are named."""
    for node in root.iter(*_BARE):
        if len(node) == 0 and not any(one.tag in ("a", "li", "nav") for one in node.iterancestors()):
            yield node


def _line_of(node: Any) -> str:
    return _one_line("".join(node.itertext()))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _without_site_name(title: str, site: str) -> str:
    head, mark, tail = title.rpartition(next((mark for mark in (" | ", " – ", " - ") if mark in title), " | "))
    return head if mark and site and letters_of(tail) == letters_of(site) else title


def meta_of(root: Any, name: str) -> str:
    """What a page states of itself under a name; empty where it does not."""
    for meta in root.iter("meta"):
        if name in (meta.get("property"), meta.get("name")):
            return str(meta.get("content") or "")
    return ""
