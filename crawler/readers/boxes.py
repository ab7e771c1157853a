"""A page -> the same without menus, sharing buttons and boxes that lead to other articles."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from crawler.readers.headline import headline_of

# Boxes of other articles carry other campaigns' words: they must never count as this article's.
_BOX = re.compile(
    r"(?:^|[\s_-])(?:related|terkait|lainnya|popul\w*|trending|rekomendasi|recommend\w*|baca-?juga|(?<!has-)(?<!no-)(?<!with-)(?<!left-)(?<!right-)sidebar(?!-(?:left|right))|"
    r"komentar|tanggapan|comments?|commentlist|breadcrumbs?|newsticker|footer|navbar|next-prev|post-navigation)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Themes use these words for their layout as well: only a box without an article's paragraphs is one.
_MAYBE_BOX = re.compile(
    r"(?:^|\s)(?:widget(?:[_-](?:area|recent|list)[\w-]*)?|(?:left|right)-sidebar|sidebar-(?:left|right)|(?:[\w-]*-)?(?:share|sharing|social|menu)(?:-[\w-]*)?)"
    r"(?:$|\s)",
    re.IGNORECASE,
)
_MENU = re.compile(r"(?:^|[\s_-])(?:menu|navigation|nav|topbar|offcanvas)(?:$|[\s_-])", re.I)
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_RELATED = re.compile(
    r"(?:berita|artikel|kabar|postingan|posts?|baca|related)\s(?:terkait|lain(?:nya)?|terbaru|terkini|(?:ter)?populer|juga|posts?|articles?)\W*",
    re.IGNORECASE,
)
_NEXT = 20  # elements behind a box; pages may be made to have thousands
_BOX_TAGS = ("aside", "nav", "footer", "form")
_BOX_HOLDERS = ("div", "section", "ul", "ol", "aside", "p", "table")


def is_menu(node: Any) -> bool:
    """Whether an element is a menu, or the head or foot of the page; articles may have heads of their own."""
    if node.tag in ("nav", "footer"):
        return True
    if node.tag == "header":
        return not any(one.tag in ("article", "main") for one in node.iterancestors())
    return bool(_MENU.search(_marks(node)))


def is_box(node: Any) -> bool:
    """Whether an element is by its own word a menu or a box of other articles."""
    return node.tag in _BOX_TAGS or is_named_box(node)


def is_named_box(node: Any) -> bool:
    """As `is_box`, by the names that its page gives it and not by its element alone: articles have asides, too."""
    return bool(_BOX.search(_marks(node)))


def _marks(node: Any) -> str:
    return f"{node.get('class', '')} {node.get('id', '')}"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A box that was taken out of a page (lxml), and the element in which it stood there; `is_amid`: a paragraph
    followed."""

    node: Any
    place: Any
    is_amid: bool = False


def without_boxes(root: Any, title: str = "") -> tuple[Any, list[Dropped]]:
    """A copy of the page without menus, sharing buttons and boxes of other articles; and those that were taken out.

    What holds the headline is none, whatever it calls itself.
    """
    pruned = copy.deepcopy(root)
    whole, head = len("".join(pruned.itertext())), headline_of(pruned, title)
    around = set() if head is None else set(head.iterancestors())
    dropped, gone = list[Dropped](), set[Any]()
    for node in list(pruned.iter(*_BOX_TAGS, *_BOX_HOLDERS)):
        parent = node.getparent()
        if parent is None or node in gone or node in around or not _is_box(node):
            continue
        if next(node.iter("h1"), None) is None and len("".join(node.itertext())) * 2 < whole:
            dropped.append(Dropped(node, parent, _is_amid(node)))
            drop(node)
            gone.update(node.iter())
    _drop_lists_of_others(pruned)
    return pruned, dropped


def drop_all(pruned: Any, nodes: Iterable[Any]) -> list[Dropped]:
    """Take further boxes out of such a copy."""
    dropped = [Dropped(node, node.getparent(), _is_amid(node)) for node in nodes]
    for one in dropped:
        drop(one.node)
    return dropped


def _is_amid(node: Any) -> bool:
    behind = islice(node.itersiblings(), _NEXT)
    return any(one.tag == "p" and "".join(one.itertext()).strip() for one in behind)


def _drop_lists_of_others(pruned: Any) -> None:
    """Take out what follows a heading like "Berita Terkait", as far as it is links and their pictures."""
    heads = [(head, " ".join("".join(head.itertext()).split())) for head in pruned.iter(*_HEADINGS)]
    for head in [head for head, words in heads if _RELATED.fullmatch(words)]:
        for node in list(head.itersiblings()):
            letters = len("".join(node.itertext()).strip())
            linked = sum(len("".join(link.itertext()).strip()) for link in node.iter("a"))
            if node.tag in _HEADINGS or linked == 0 or linked * 2 < letters:
                break
            drop(node)


def _is_box(node: Any) -> bool:
    if is_box(node):
        return True
    return bool(_MAYBE_BOX.search(_marks(node))) and not any(len("".join(p.itertext())) > 120 for p in node.iter("p"))


def drop(node: Any) -> None:
    """Take an element out of its tree; what stands behind it stays."""
    parent, before = node.getparent(), node.getprevious()
    if node.tail:
        if before is not None:
            before.tail = (before.tail or "") + node.tail
        else:
            parent.text = (parent.text or "") + node.tail
    parent.remove(node)
