"""What a site's articles gave so far, and what they give now -> the sign that its pages are no longer read as they are.

After a redesign a reader may go on without error and find nothing: a title that is the site's name, a body that is a
banner, no pictures. That would be silence where something stands. A sign costs the look its coverage (`unreadable`);
what was found still counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crawler.items import Post
from crawler.language import say

# Fewer articles than these are no sign of anything: three posters on one day have no words.
_FEWEST = 4
_FEWEST_WITHOUT_PICTURES = 6
_LEAST_HABIT = 8
_WORDY = 200  # letters; of a site whose articles are shorter, empty ones say nothing
_EMPTY = 20
_PICTURED = 0.9


@dataclass(frozen=True, slots=True)
class Habit:
    """The articles of one site in earlier looks that could be read.

    `articles`: how many; `letters`: median length of their bodies; `pictured`: share with a picture, 0..1.
    """

    articles: int = 0
    letters: float = 0.0
    pictured: float = 0.0


def departure(habit: Habit, posts: Sequence[Post]) -> str | None:
    """In which way the articles of this look are unlike what this site gave so far; None = nothing strange.

    Those already marked as unread say so themselves and are left out.
    """
    read = [post for post in posts if post.unread is None]
    if len(read) < _FEWEST or habit.articles < _LEAST_HABIT:
        return None
    return _alike(read) or _poorer(habit, read)


def _alike(read: Sequence[Post]) -> str | None:
    titles, bodies = {title_of(post) for post in read}, {body_of(post) for post in read}
    if len(titles) == 1:
        [title] = titles
        return say(f"{len(read)} artikel, semua berjudul", f"{len(read)} articles, all titled") + f" '{title[:80]}'"
    if len(bodies) == 1 and bodies != {""}:
        [body] = bodies
        return say(f"{len(read)} artikel, isi semua", f"{len(read)} articles, all reading") + f" '{body[:80]}'"
    return None


def _poorer(habit: Habit, read: Sequence[Post]) -> str | None:
    longest = max(len(body_of(post)) for post in read)
    if habit.letters >= _WORDY and longest < _EMPTY:
        return say(
            f"{len(read)} artikel tanpa isi, biasanya {habit.letters:.0f} huruf",
            f"{len(read)} articles without a body, usually {habit.letters:.0f} letters",
        )
    is_bare = not any(post.media for post in read)
    if habit.pictured >= _PICTURED and is_bare and len(read) >= _FEWEST_WITHOUT_PICTURES:
        return say(
            f"{len(read)} artikel tanpa gambar, biasanya {habit.pictured:.0%} bergambar",
            f"{len(read)} articles without a picture, usually {habit.pictured:.0%} have one",
        )
    return None


def title_of(post: Post) -> str:
    """The first line of an article's text."""
    return post.text.partition("\n")[0]


def body_of(post: Post) -> str:
    """All but the first line."""
    return post.text.partition("\n")[2].strip()
