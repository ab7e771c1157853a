"""One article as its list tells it and as its page does -> one post."""

from __future__ import annotations

from dataclasses import replace

from crawler.items import Post

_FULLER = 1.5  # a page's text is the better one only when clearly longer: around it stand other things


def joined(listed: Post, page: Post) -> Post:
    """One article by its list and by its page: instant and address of the list, the fuller text, all else."""
    media = {one.media_id: one for one in (*listed.media, *page.media)}
    is_fuller = len(page.text) > _FULLER * len(listed.text)
    return replace(
        listed, text=page.text if is_fuller else with_whole_title(listed.text, page.text), unread=page.unread,
        links=tuple(dict.fromkeys((*listed.links, *page.links))), media=tuple(media.values()),
        evidence_sha256=page.evidence_sha256,
    )  # fmt: skip


def with_whole_title(listed: str, page: str) -> str:
    """The list's text, its first line made whole where the list cut it ("…") and the page's own begins with it."""
    title, rest, whole = *listed.partition("\n")[::2], page.partition("\n")[0]
    begun = title.rstrip().removesuffix("...").removesuffix("…").rstrip()
    is_cut = begun != title.rstrip() and whole.casefold().startswith(begun.casefold())
    return f"{whole}\n{rest}" if is_cut and begun else listed
