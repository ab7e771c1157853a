"""An article page -> the article's own words, the element that holds them, and whether two readings of it agree.

A layout knows where its family of pages keeps the body. Elsewhere trafilatura, readability and jusText read the page,
each in its own way, and only what two of them found counts: a box of other articles brings another campaign's words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from crawler.dates.shapes import days_in
from crawler.dates.words import fold
from crawler.errors import Unreadable
from crawler.readers.boxes import Dropped, drop, drop_all, without_boxes
from crawler.readers.cards import Here, cards_of_others
from crawler.readers.content import text_of, unconfirmed
from crawler.readers.date_statements import is_told
from crawler.readers.headline import headline_of, letters_of, sayings_of
from crawler.readers.layouts import classed, find_body
from crawler.readers.lines import ENOUGH_LETTERS, TELLING, found_in, least_telling, lines_of
from crawler.readers.pictures import SHOWING, is_hidden
from crawler.readers.readings import READINGS, SHORT, by_justext, by_readability, by_trafilatura

MAX_BLOCKS = 5_000  # the extractors' time grows with the square: some 6 s at this size
_BLOCKS = ("p", "li", "td", "div", "br", "h2", "h3", "h4", "blockquote", "section", "article")
_CONTAINERS = (
    '//*[@itemprop="articleBody"]',
    *map(classed, ("entry-content", "post-content", "article-content", "isi-berita", "detail-text")),
    "//article",
    "//main",
)
_LOOSE = ("td", "div", "section", "article", "main", "center", "font", "span")
_BEGUN = 40  # letters by which a paragraph is found on the page
_SURELY_FOUND = 80  # characters; a layout whose names now mark something else finds a button or a caption
_CONFIRMED = 0.5  # of the letters that the fullest reading found
_EMBEDDED = ("video", "iframe", "amp-youtube", "amp-instagram")
_FIRST_PARAGRAPHS = 5


@dataclass(frozen=True, slots=True)
class Body:
    """`text`: a line per paragraph; `holders`: the elements (lxml) whose pictures and links are the article's.

    `page`: the page they stand in, without its `boxes`; `frame`: the element around headline and body where the page
    has one of its own for them. `by`: the layout, frame or readings it comes from, with the letters each found.
    `doubt`: why part of the body may be missing from `text`; absence may then not be claimed. None = it is whole.
    """

    text: str
    holders: tuple[Any, ...]
    by: str = ""
    doubt: str | None = None
    page: Any = None
    boxes: tuple[Dropped, ...] = ()
    frame: Any | None = None


def read_body_of(root: Any, title: str, captured_on: date, here: Here) -> Body:
    """The body of an article page (lxml root), without its title, credits and pointers to other articles."""
    pruned, dropped = without_boxes(root, title)
    known = _by_layout(pruned, title, captured_on)
    if known is not None and len(known.text) >= _SURELY_FOUND:
        doubt = _dropped_boxes(root, captured_on, known.text, title)
        return _placed(replace(known, doubt=doubt, boxes=tuple(dropped)), pruned, title)
    blocks = sum(1 for _ in pruned.iter(*_BLOCKS))
    if blocks > MAX_BLOCKS:
        raise Unreadable(f"page of {blocks} paragraphs")
    dropped += drop_all(pruned, cards_of_others(pruned, headline_of(pruned, title), here))
    container = _container(pruned, title)
    framed = "" if container is None else _long_lines(_own_text(container))
    found = _agreed(root, pruned, by_trafilatura(pruned, title, framed), (container, title))
    return _placed(replace(found, boxes=tuple(dropped)), pruned, title)


def _placed(body: Body, page: Any, title: str) -> Body:
    return replace(body, page=page, frame=_frame_of(body.holders[-1], headline_of(page, title)))


def _dropped_boxes(root: Any, captured_on: date, text: str, title: str) -> str | None:
    """Names a line that stands in the layout's body in what was taken for a box: an editor's pull quote may be one."""
    found = find_body(root, captured_on)
    if found is None:
        return None
    body, layout = found
    foreign = [node for path in layout.without for node in body.xpath(path)]
    beside = [line for node in foreign for line in text_of(node).split("\n")]
    return _left_out(body, title, [*text.split("\n"), *beside])


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
    text = "\n".join(lines_of(text_of(body), title))
    return Body(text, (*leading, body), f"layouts/{layout.family}") if text else None


def _agreed(root: Any, pruned: Any, first: Sequence[str], about: tuple[Any | None, str]) -> Body:
    """What two readings hold of the one that is confirmed most; their disagreement is kept as a doubt."""
    container, title = about
    if container is not None and min(len("\n".join(first)), len(_own_text(container))) < SHORT:
        return _short(pruned, container, title, first)
    readings = [first, by_readability(root, title), by_justext(pruned)]
    whole = [letters_of("\n".join(lines)) for lines in readings]
    confirmed = [_confirmed(lines, (*whole[:at], *whole[at + 1 :])) for at, lines in enumerate(readings)]
    kept = max(confirmed[:2], key=lambda lines: len("".join(lines)))  # jusText drops short paragraphs
    is_whole = len(letters_of("".join(kept))) >= _CONFIRMED * max(map(len, whole[:2]))
    frame = _missed_by(kept, pruned, title) if container is None else None
    if frame is not None:
        return _short(pruned, frame, title, kept)
    by = ", ".join(f"{name} {len(letters)}" for name, letters in zip(READINGS, whole, strict=True))
    found = _held(kept, pruned, about)
    return replace(found, by=by, doubt=found.doubt if is_whole else "readings of the body differ")


def _held(lines: list[str], root: Any, about: tuple[Any | None, str]) -> Body:
    """The element that holds these lines, with those of them that are its own."""
    container, title = about
    kept, behind = _parted(lines, container) if container is not None else _ahead(lines, root, title)
    holder = _holder(root, container, kept)
    kept = _without_headlines(kept, root, holder)
    doubt = _left_out(holder, title, kept) or _begins_elsewhere(root, title, kept)
    doubt = doubt or _shown_beside(holder, headline_of(root, title)) or next(map(unconfirmed, behind), None)
    return Body("\n".join(kept), (*_leading(root, holder, title), holder), doubt=doubt)


def _ahead(lines: list[str], root: Any, title: str) -> tuple[list[str], list[str]]:
    """The lines without those ahead of the first element that says the title, and those: the page begins with another
    article. Where it is all that is ahead, that element is not the headline, and all are kept."""
    texts = (head.xpath("preceding::text()") for head in sayings_of(root, title)[:1])
    before = letters_of("".join(next(texts, ())))
    kept = [line for line in lines if not found_in(line, before)]
    return (kept, [line for line in lines if line not in kept]) if kept else (lines, [])


def _parted(lines: list[str], container: Any) -> tuple[list[str], list[str]]:
    """The lines that stand in a named frame or ahead of it, and those behind it, where other articles' words stand."""
    own = letters_of("".join((*container.xpath("preceding::text()"), *container.itertext())))
    kept = [line for line in lines if found_in(line, own)]
    return kept, [line for line in lines if line not in kept]


def _missed_by(kept: Sequence[str], root: Any, title: str) -> Any | None:
    """The element around headline and first paragraph where no line of a reading stands in it: a short post, and the
    longer words of others beside it. None where one does, in that around any element that says the title."""
    frames = [frame for head in sayings_of(root, title) if (frame := _around_both(head)) is not None]
    is_read = any(_confirmed(kept, [letters_of("".join(frame.itertext()))]) for frame in frames)
    return None if is_read or not frames else frames[-1]


def _around_both(head: Any) -> Any | None:
    """The element around a headline and the first paragraph behind it."""
    behind = head.xpath("following::p")[:_FIRST_PARAGRAPHS]
    first = next((one for one in behind if len(letters_of("".join(one.itertext()))) >= TELLING), None)
    around = set(head.iterancestors())
    return None if first is None else next(one for one in first.iterancestors() if one in around)


def _without_headlines(lines: Sequence[str], root: Any, holder: Any) -> list[str]:
    """The lines but those that are wholly a link and stand outside of the article's own element."""
    linked = {letters_of("".join(link.itertext())) for link in root.iter("a")}
    own = letters_of("".join(holder.itertext()))
    return [line for line in lines if letters_of(line) not in linked or found_in(line, own)]


def _short(root: Any, container: Any, title: str, first: Sequence[str]) -> Body:
    """A short post in a named frame, which is the second opinion: what stands elsewhere are words of others."""
    text = _own_text(container)
    own = _confirmed(first, [letters_of(text)])
    kept = own or lines_of(_long_lines(text), title)
    doubt = _left_out(container, title, kept) if own or not first else "readings of the body differ"
    return Body("\n".join(kept), (*_leading(root, container, title), container), "frame", doubt)


def _confirmed(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    return [line for line in lines if any(found_in(line, other) for other in others)]


def _left_out(holder: Any, title: str, kept: Sequence[str]) -> str | None:
    """Names a line of the article's own element that the reading lacks: a pledge in a list, a caption, a heading."""
    have = letters_of("".join(kept))
    explained = {letters_of(line) for line in kept}
    explained |= {letters_of("".join(link.itertext())) for link in holder.iter("a")}
    for line in lines_of(text_of(holder), title) if holder.getparent() is not None else ():
        letters = letters_of(line)
        own = letters.replace(letters_of(title), "")  # the way to the page ends with its title
        if len(own) < least_telling(line) or letters in explained or found_in(line, have):
            continue
        if is_told(line) or not any(days_in(fold(line))):
            return unconfirmed(line)
    return None


def _begins_elsewhere(root: Any, title: str, kept: Sequence[str]) -> str | None:
    """Names the paragraph right behind the headline where the reading lacks it: it took another part of the page."""
    have = letters_of("".join(kept))
    head = headline_of(root, title)
    for node in () if head is None else head.xpath("following::p")[:_FIRST_PARAGRAPHS]:
        line = " ".join("".join(node.itertext()).split())
        if len(letters_of(line)) >= ENOUGH_LETTERS and next(node.iter("a"), None) is None:
            return None if found_in(line, have) else unconfirmed(line)
    return None


def _frame_of(holder: Any, head: Any | None) -> Any | None:
    """The element around headline and body, None where that is the whole page."""
    about = set() if head is None else set(head.iterancestors())
    around = (one for one in holder.iterancestors() if one in about or next(one.iter("h1"), None) is not None)
    frame = next(around, None)
    return None if frame is None or frame.tag in ("body", "html") else frame


def _shown_beside(holder: Any, head: Any | None) -> str | None:
    """Names an embed that stands with the text in the frame of the headline and outside of what was read."""
    frame = _frame_of(holder, head)
    inside = set() if frame is None else set(frame.iter(*_EMBEDDED))
    urls = (_shown_by(node) for node in holder.xpath("following::*") if node in inside)
    return next(map(unconfirmed, filter(None, urls)), None)


def _shown_by(node: Any) -> str | None:
    """The address of an embed that leads nowhere else."""
    is_own = next(node.iterancestors("a"), None) is None
    return (node.get("src") or node.get("data-src")) if is_own else None


def _leading(root: Any, body: Any, title: str) -> list[Any]:
    """Pictures and embeds that stand between the headline and the body: many themes keep the poster there."""
    head = headline_of(root, title)
    if head is None or body in head.iterancestors():
        return []
    found: list[Any] = []
    for node in head.xpath("following::*"):
        if node is body:
            around = frozenset(body.iterancestors())
            return [one for one in found if not is_hidden(one, _first_of(one, around))]
        if node.tag in SHOWING and not any(one in found for one in node.iterancestors()):
            found.append(node)
    return []  # the body does not follow: what was met belongs to something else


def _first_of(node: Any, among: frozenset[Any]) -> Any | None:
    return next((one for one in node.iterancestors() if one in among), None)


def _container(root: Any, title: str) -> Any | None:
    for path in _CONTAINERS:
        found = root.xpath(path)
        if len(found) == 1 and _holds_a_story(found[0], title):
            return found[0]
    return None


def _holds_a_story(node: Any, title: str) -> bool:
    """Whether an element has more of an article than its headline and the date: some themes frame those alone."""
    lines = lines_of(text_of(node), title)
    is_shown = any(next(node.iter(tag), None) is not None for tag in SHOWING)
    return is_shown or any(not any(days_in(fold(line))) for line in lines)


def _long_lines(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if len(line) > 30)


def _own_text(container: Any) -> str:
    """An element's lines without those that are wholly links: names of other articles."""
    linked = {letters_of("".join(link.itertext())) for link in container.iter("a")}
    return "\n".join(line for line in text_of(container).split("\n") if letters_of(line) not in linked)


def _holder(root: Any, container: Any | None, lines: Sequence[str]) -> Any:
    """The element whose pictures and links are the article's."""
    if container is not None:
        return container
    begun = [letters_of(line)[:_BEGUN] for line in lines[:_FIRST_PARAGRAPHS]]
    ordered = sorted(filter(None, begun), key=len, reverse=True)  # a short one may be the title, said elsewhere
    found = next((found for one in ordered if (found := _around(root, one)) is not None), None)
    return _first_read(root, lines) if found is None else found


def _first_read(root: Any, lines: Sequence[str]) -> Any:
    """The element around the first paragraph that was read, as part of a table's row for one; else the page."""
    have = letters_of("".join(lines))
    paragraphs = (one for one in root.iter("p") if len(letters_of("".join(one.itertext()))) >= ENOUGH_LETTERS)
    first = next((one for one in paragraphs if found_in("".join(one.itertext()), have)), None)
    return root if first is None else first.getparent()


def _around(root: Any, wanted: str) -> Any | None:
    """The element around the paragraph that begins so, or in which a text without one does."""
    for paragraph in root.iter("p", "div"):
        if paragraph.text and letters_of(paragraph.text).startswith(wanted):
            parent = paragraph.getparent()
            return parent if parent is not None else paragraph
    return next((one for one in root.iter(*_LOOSE) if _says(one, wanted)), None)


def _says(node: Any, wanted: str) -> bool:
    """Whether a text begins in an element without a paragraph of its own, behind a picture or line break."""
    pieces = (node.text, *(child.tail for child in node))
    return any(piece and letters_of(piece).startswith(wanted) for piece in pieces)
