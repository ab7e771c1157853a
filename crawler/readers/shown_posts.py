"""An article's page and its body -> the posts of other services and the clips that stand outside of the body.

An embed of the official post is a match. Outside of the body it may be the article's own, put there by a theme, or
stand on every page of the site: `crawler.discovery.beside` asks others. None counts; what is no other page's is open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crawler.readers.asides import asides_of, boxes_among_paragraphs
from crawler.readers.body import Body
from crawler.readers.content import absolute, stated_links
from crawler.readers.players import is_clip

_POST = re.compile(
    r"(?:instagram\.com|instagr\.am)/(?:[\w.]+/)?(?:p|reels?|tv)/[\w-]{5}"
    r"|youtu\.be/[\w-]{6}|youtube(?:-nocookie)?\.com/(?:(?:embed|shorts|live|v)/[\w-]{6}|watch\?\S*v=[\w-]{6})"
    r"|tiktok\.com/\S*(?:video|photo|embed(?:/v2)?)/\d{8}"
    r"|(?:facebook|fb)\.com/(?:plugins/(?:post|video)\.php|[^/?#]+/(?:posts|videos|photos)/\w|watch/?\?|reel/\d)"
    r"|(?:twitter|x)\.com/\w+/status/\d|//t\.me/\w+/\d",
    re.I,
)
# Said of the media of a post that an article shows from another service: what it shows is not fetched. Stores hold
# these words, and verdicts ask for them.
ELSEWHERE = "shown by another service; not fetched"
_SHOWING = (
    *("iframe", "blockquote", "embed", "object", "video", "source"),
    *("amp-youtube", "amp-instagram", "lite-youtube", "div", "script", "oembed"),
    *("amp-iframe", "amp-video", "amp-facebook", "amp-twitter", "amp-tiktok"),
)


def is_post(url: str) -> bool:
    """Whether an address is that of one post or clip of another service, or of a clip's file."""
    return bool(_POST.search(url) or is_clip(url))


def posts_in(root: Any, base_url: str, *, or_linked: bool = False) -> Iterator[tuple[Any, str]]:
    """The elements (lxml) that show another service's post or a clip, with its address; those that link it, too."""
    for node in root.iter(*_SHOWING, *(("a",) if or_linked else ())):
        for raw in (*stated_links(node), *_quoted(node)):
            url = absolute(base_url, raw)
            if _POST.search(url) or (node.tag != "a" and is_clip(url)):
                yield node, url


def embeds_in(root: Any, base_url: str) -> tuple[str, ...]:
    """The posts of other services that an element shows, in order, without repeats; clips' files are fetched."""
    return tuple(dict.fromkeys(url for _, url in posts_in(root, base_url) if _POST.search(url)))


def _quoted(node: Any) -> list[str]:
    """The addresses in a quoted tweet: a script makes the post of it."""
    is_tweet = node.tag == "blockquote" and "twitter-tweet" in (node.get("class") or "")
    return [link.get("href") for link in node.iter("a") if link.get("href")] if is_tweet else []


def posts_beside(body: Body, base_url: str) -> tuple[str, ...]:
    """Those outside of the body: shown anywhere on the page but in boxes of other articles, or linked in the
    frame of the headline; and those in asides of the article and in boxes between its paragraphs. Absolute
    addresses without repeats."""
    held = {node for holder in body.holders for node in holder.iter()}
    framed = set() if body.frame is None else set(body.frame.iter())
    found = [
        url for node, url in posts_in(body.page, base_url, or_linked=True)
        if node not in held and (node.tag != "a" or node in framed)
    ]  # fmt: skip
    boxes = dict.fromkeys((*asides_of(body), *boxes_among_paragraphs(body)))
    asides = [url for box in boxes for _, url in posts_in(box.node, base_url, or_linked=True)]
    return tuple(dict.fromkeys((*found, *asides)))
