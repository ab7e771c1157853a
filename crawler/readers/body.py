"""An article page -> the article's own words, the element that holds them, and whether two readings of it agree.

A layout knows where its family of pages keeps the body. Elsewhere trafilatura, readability and jusText read the page,
each in its own way, and only what two of them found counts: a box of other articles brings another campaign's words.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import justext
import trafilatura
from lxml import html as html_elements  # type: ignore[import-untyped]  # lxml ships no types
from trafilatura.readability_lxml import Document  # readability-lxml itself caps cssselect below what Scrapy brings

from crawler.dates.shapes import days_in
from crawler.dates.words import fold
from crawler.errors import Unreadable
from crawler.readers.boxes import drop, without_boxes
from crawler.readers.content import text_of
from crawler.readers.date_statements import is_told
from crawler.readers.layouts import classed, find_body

MAX_BLOCKS = 5_000  # the extractors' time grows with the square: some 6 s at this size
_BLOCKS = ("p", "li", "td", "div", "br", "h2", "h3", "h4", "blockquote", "section", "article")
_CONTAINERS = (
    '//*[@itemprop="articleBody"]',
    *map(classed, ("entry-content", "post-content", "article-content", "isi-berita", "detail-text")),
    "//article",
    "//main",
)
_READINGS = ("trafilatura", "readability", "jusText")
_SHORT = 250  # below this an extractor's answer is checked against the container's own text
_SURELY_FOUND = 80  # characters; a layout whose names now mark something else finds a button or a caption
_CONFIRMED = 0.5  # of the letters that the fullest reading found
_SHOWING = ("figure", "picture", "img", "amp-img", "video", "iframe", "amp-youtube", "amp-instagram")
_ENOUGH_LETTERS = 60  # by which a line is found again in the other reading
_FIRST_PARAGRAPHS = 5
_TELLING = 25  # letters; shorter ones count views, name a section or the writer
_READ_ALSO = re.compile(r"^(?:baca (?:juga|pula)|simak (?:juga|pula)|lihat juga|artikel terkait)\b", re.IGNORECASE)
_CREDIT = re.compile(
    r"^(?:\|?\s*(?:editor|penulis|pewarta|reporter|redaktur|uploader|kontributor)\s*\|?\s*:|copyright\b|©|\([a-z]{2,5}/[a-z]{2,5}\)$)",
    re.IGNORECASE,
)
_LONGEST_CREDIT = 100
_DATELINE = re.compile(
    r"^[-–•\s]*(?:(?:sen|sel|rab|kam|jum|sab|min|ahad)\w*'?\w*,?\s+)?\d{1,2}(?:/|-|\s\w+\s)[\d/ -]{2,8},?\s*(?:\|\s*)?"
    r"(?:\d{1,2}[:.]\d{2}\s*(?:wib|wita|wit)?)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Body:
    """`text`: a line per paragraph; `holders`: the elements (lxml) whose pictures and links are the article's.

    `by`: the layout, frame or readings it comes from, with the letters each found.
    `doubt`: why part of the body may be missing from `text`; absence may then not be claimed. None = it is whole.
    """

    text: str
    holders: tuple[Any, ...]
    by: str = ""
    doubt: str | None = None


def read_body_of(root: Any, title: str, captured_on: date) -> Body:
    """The body of an article page (lxml root), without its title, credits and pointers to other articles."""
    pruned = without_boxes(root)
    known = _by_layout(pruned, title, captured_on)
    if known is not None and len(known.text) >= _SURELY_FOUND:
        return replace(known, doubt=_dropped_boxes(root, captured_on, known.text, title))
    blocks = sum(1 for _ in pruned.iter(*_BLOCKS))
    if blocks > MAX_BLOCKS:
        raise Unreadable(f"page of {blocks} paragraphs")
    container = _container(pruned)
    return _agreed(root, pruned, _extracted(pruned, container, title), (container, title))


def _dropped_boxes(root: Any, captured_on: date, text: str, title: str) -> str | None:
    """Names a line that stands in the layout's body in what was taken for a box: an editor's pull quote may be one."""
    found = find_body(root, captured_on)
    if found is None:
        return None
    body, layout = found
    foreign = [node for path in layout.without for node in body.xpath(path)]
    beside = [line for node in foreign for line in text_of(node).split("\n")]
    return _left_out(body, title, [*text.split("\n"), *beside])


def letters_of(text: str) -> str:
    """Letters and digits alone, for comparing words that differ in blanks and marks."""
    return re.sub(r"\W+", "", text.lower())


def _by_layout(root: Any, title: str, captured_on: date) -> Body | None:
    found = find_body(root, captured_on)
    if found is None:
        return None
    body, layout = found
    leading = _leading(root, body, title)
    for path in layout.without:
        for node in body.xpath(path):
            if node.getparent() is not None:
                drop(node)
    text = "\n".join(_lines_of(text_of(body), title))
    return Body(text, (*leading, body), f"layouts/{layout.family}") if text else None


def _agreed(root: Any, pruned: Any, first: Sequence[str], about: tuple[Any | None, str]) -> Body:
    """What two readings hold of the one that is confirmed most; their disagreement is kept as a doubt."""
    container, title = about
    if len("\n".join(first)) < _SHORT and container is not None:
        # A short post in a named frame: the frame is the second opinion.
        holders = (*_leading(pruned, container, title), container)
        return Body("\n".join(first), holders, "frame", _left_out(container, title, first))
    readings = [first, _by_readability(root), _by_justext(pruned)]
    whole = [letters_of("\n".join(lines)) for lines in readings]
    confirmed = [_confirmed(lines, (*whole[:at], *whole[at + 1 :])) for at, lines in enumerate(readings)]
    kept = max(confirmed[:2], key=lambda lines: len("".join(lines)))  # jusText drops short paragraphs
    is_whole = len(letters_of("".join(kept))) >= _CONFIRMED * max(map(len, whole[:2]))
    holder = _holder(pruned, container, kept)
    doubt = _left_out(holder, title, kept) or _begins_elsewhere(pruned, title, kept) or _shown_beside(pruned, holder)
    holders = (*_leading(pruned, holder, title), holder)
    by = ", ".join(f"{name} {len(letters)}" for name, letters in zip(_READINGS, whole, strict=True))
    return Body("\n".join(kept), holders, by, doubt if is_whole else "readings of the body differ")


def _confirmed(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    return [line for line in lines if any(_found_in(line, other) for other in others)]


def _left_out(holder: Any, title: str, kept: Sequence[str]) -> str | None:
    """Names a line of the article's own element that the reading lacks: a pledge in a list, a caption, a heading."""
    have = letters_of("".join(kept))
    explained = {letters_of(line) for line in kept}
    explained |= {letters_of("".join(link.itertext())) for link in holder.iter("a")}
    for line in _lines_of(text_of(holder), title) if holder.getparent() is not None else ():
        letters = letters_of(line)
        if len(letters) < _TELLING or letters in explained or _found_in(line, have):
            continue
        if is_told(line) or not any(days_in(fold(line))):
            return f"not confirmed: {line[:60]}"
    return None


def _begins_elsewhere(root: Any, title: str, kept: Sequence[str]) -> str | None:
    """Names the paragraph right behind the headline where the reading lacks it: it took another part of the page."""
    have = letters_of("".join(kept))
    heads = [head for head in root.iter("h1") if letters_of("".join(head.itertext())) == letters_of(title)]
    for node in heads[-1].xpath("following::p")[:_FIRST_PARAGRAPHS] if heads else ():
        line = " ".join("".join(node.itertext()).split())
        if len(letters_of(line)) >= _ENOUGH_LETTERS and next(node.iter("a"), None) is None:
            return None if _found_in(line, have) else f"not confirmed: {line[:60]}"
    return None


def _shown_beside(root: Any, holder: Any) -> str | None:
    """Names a picture or embed that stands with the text in the frame of the headline and outside of what was read."""
    frame = next((one for one in holder.iterancestors() if next(one.iter("h1"), None) is not None), None)
    if frame is None or frame.tag in ("body", "html"):
        return None
    inside = set(frame.iter())
    urls = (_shown_by(node) for node in holder.xpath("following::*") if node in inside)
    url = next(filter(None, urls), None)
    return f"not confirmed: {url[:60]}" if url else None


def _shown_by(node: Any) -> str | None:
    """The address of a picture or embed that leads nowhere else."""
    is_own = node.tag in _SHOWING and next(node.iterancestors("a"), None) is None
    return (node.get("src") or node.get("data-src")) if is_own else None


def _leading(root: Any, body: Any, title: str) -> list[Any]:
    """Pictures and embeds that stand between the headline and the body: many themes keep the poster there."""
    heads = [head for head in root.iter("h1", "h2") if letters_of("".join(head.itertext())) == letters_of(title)]
    if not heads or body in heads[-1].iterancestors():
        return []
    found: list[Any] = []
    for node in heads[-1].xpath("following::*"):
        if node is body:
            return found
        if node.tag in _SHOWING and not any(one in found for one in node.iterancestors()):
            found.append(node)
    return []  # the body does not follow: what was met belongs to something else


def _found_in(line: str, letters: str) -> bool:
    return letters_of(line)[:_ENOUGH_LETTERS] in letters


def _by_readability(root: Any) -> list[str]:
    summary = Document(copy.deepcopy(root)).summary()
    return _lines_of(text_of(html_elements.fromstring(summary)), "") if summary else []


def _by_justext(root: Any) -> list[str]:
    page = html_elements.tostring(root, encoding="unicode")
    paragraphs = justext.justext(page, justext.get_stoplist("Indonesian"))
    return _lines_of("\n".join(one.text for one in paragraphs if not one.is_boilerplate), "")


def _container(root: Any) -> Any | None:
    for path in _CONTAINERS:
        found = root.xpath(path)
        if len(found) == 1 and len(text_of(found[0])) > 0:
            return found[0]
    return None


def _extracted(root: Any, container: Any | None, title: str) -> list[str]:
    """The lines that trafilatura takes for the article; short posts and the lead are kept."""
    text = trafilatura.extract(
        copy.deepcopy(root), favor_precision=True, include_comments=False, include_tables=True,
        include_formatting=False, deduplicate=False,
    ) or ""  # fmt: skip
    if len(text) < _SHORT and container is not None:
        own = "\n".join(line for line in text_of(container).split("\n") if len(line) > 30)
        text = own if len(own) > len(text) else text
    lines = _lines_of(text, title)
    return [*_lead(root, lines), *lines]


def _lines_of(text: str, title: str) -> list[str]:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return [line for line in lines if line and letters_of(line) != letters_of(title) and not _is_beside(line)]


def _is_beside(line: str) -> bool:
    """Whether a line points to other articles, names who wrote it, or is only a date."""
    is_credit = len(line) <= _LONGEST_CREDIT and _CREDIT.match(line)
    return bool(_READ_ALSO.match(line) or is_credit or _DATELINE.match(line))


def _lead(root: Any, lines: list[str]) -> list[str]:
    """Text that stands directly before the first extracted paragraph, in the same element."""
    wanted = letters_of(lines[0])[:_ENOUGH_LETTERS] if lines else ""
    if not wanted:
        return []
    for paragraph in root.iter("p"):
        if letters_of("".join(paragraph.itertext()))[:_ENOUGH_LETTERS] == wanted:
            before = paragraph.itersiblings("p", preceding=True)
            texts = (" ".join("".join(one.itertext()).split()) for one in before)
            return list(reversed([text for text in texts if len(text) > 60]))
    return []


def _holder(root: Any, container: Any | None, lines: Sequence[str]) -> Any:
    """The element whose pictures and links are the article's."""
    if container is not None:
        return container
    wanted = letters_of(lines[0])[:40] if lines else ""
    for paragraph in root.iter("p", "div"):
        if wanted and paragraph.text and letters_of(paragraph.text).startswith(wanted):
            parent = paragraph.getparent()
            return parent if parent is not None else paragraph
    return root
