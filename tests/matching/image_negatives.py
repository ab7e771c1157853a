"""Pictures that only look like the material -> what an honest answer is: another version, or something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from tests.matching import screens
from tests.matching.image_changes import changes
from tests.matching.originals import Original, strangers
from tests.matching.painting import Picture, as_jpeg, from_jpeg
from tests.matching.photographs import photograph
from tests.matching.posters import Poster
from tests.matching.wording import Words, other_day, other_digit, other_word, other_year, words_of

ANOTHER_VERSION = "another_version"  # must be shown to a person, never be called the same
OTHER = "other"  # no material of ours; a review is tolerated and counted
SEEN_PIXELS = 60  # an edit is one when at least so many pixels moved by more than SEEN_STEP
SEEN_STEP = 60


@dataclass(frozen=True)
class Negative:
    """A posted file that no material may match. `of` names the original it is near to, if any."""

    kind: str
    expected: str
    content: bytes
    of: str = ""


def negatives(originals: Sequence[Original], seed: int) -> Iterator[Negative]:
    """Every kind for every original it can be made of, and as many pictures that are nobody's."""
    for number, one in enumerate(originals):
        if one.poster is not None:
            yield from edits(one, seed * 1000 + number)
            yield from neighbours(one, seed * 1000 + number)
        if number % 3 == 0:
            yield from surroundings(Random(f"around {seed} {one.name}"))
    for stranger in strangers(seed, len(originals)):
        yield Negative("unrelated", OTHER, as_jpeg(stranger.picture, 85))
    for stranger in strangers(seed + 1, min(6, len(originals))):
        for change in changes(("phone_screenshot", "collage", "bar_over", "twibbon")):
            yield Negative(f"unrelated_{change.name}", OTHER, change.apply(stranger.picture, seed))


def edits(one: Original, seed: int) -> Iterator[Negative]:
    """The same poster with one thing said otherwise, as sent and as it arrives after being sent on."""
    assert one.poster is not None
    for kind, words in _edited(one.poster.words, seed):
        picture = replace(one.poster, words=words).drawn()
        if not _is_seen(one.picture, picture):
            continue  # this template does not show what was edited
        yield Negative(kind, ANOTHER_VERSION, as_jpeg(picture, 85), one.name)
        travelled = changes((("whatsapp_3", "bar_added", "resize_640", "story_blur", "crop_5", "jpeg_q30")[seed % 6],))[
            0
        ]
        content = travelled.apply(picture, seed)
        if _is_seen(from_jpeg(travelled.apply(one.picture, seed)), from_jpeg(content)):
            yield Negative(f"{kind}+{travelled.name}", ANOTHER_VERSION, content, one.name)


def _edited(words: Words, seed: int) -> Iterator[tuple[str, Words]]:
    rng = Random(f"edits {seed}")
    points = list(words.points)
    at = rng.randrange(2)  # the first two are in every template that shows any
    points[at] = other_word(points[at])
    yield "edited_year", replace(words, date=other_year(words))
    yield "edited_day", replace(words, date=other_day(words))
    yield "edited_hotline", replace(words, hotline=other_digit(words.hotline, seed))
    yield "edited_figure", replace(words, figure=f"{(int(words.figure.split()[0]) + 23) % 70 + 20} %")
    yield "changed_word", replace(words, points=tuple(points))
    yield "changed_headline", replace(words, headline=words_of(seed, rng.randrange(14) + 1).headline)


def neighbours(one: Original, seed: int) -> Iterator[Negative]:
    """The same template and ground for another campaign; the same template in another look."""
    assert one.poster is not None
    said, offset = one.poster.words, Random(f"near {seed}").randrange(3, 11)
    other = replace(words_of(seed + 77, seed + offset), issuer=said.issuer)
    if other.headline == said.headline:
        other = replace(words_of(seed + 78, seed + offset + 1), issuer=said.issuer)
    same_ground = replace(one.poster, words=other)
    yield Negative("same_ground_other_campaign", OTHER, as_jpeg(same_ground.drawn(), 85), one.name)
    same_template = Poster(one.poster.template, one.poster.look + 1, one.poster.size, other)
    yield Negative("same_template_other_look", OTHER, as_jpeg(same_template.drawn(), 85), one.name)


def surroundings(rng: Random) -> Iterator[Negative]:
    """What may be around a material, without it."""
    seed = rng.randrange(10**6)
    yield Negative("twibbon_other_content", OTHER, as_jpeg(screens.twibbon(screens.selfie(rng), rng), 85))
    yield Negative("phone_other_content", OTHER, as_jpeg(screens.phone(photograph(seed, (1080, 1080)), rng), 85))
    yield Negative(
        "news_page_other_content", OTHER, as_jpeg(screens.news_page(photograph(seed + 1, (900, 640)), rng), 85)
    )
    yield Negative("logos_only", OTHER, as_jpeg(screens.badge_row(rng), 85))


def _is_seen(one: Picture, other: Picture) -> bool:
    """Whether the edit can be seen in the file that is posted: what nobody can see, nobody can be asked to see."""
    left, right = (np.asarray(from_jpeg(as_jpeg(each, 90)).convert("L"), np.int16) for each in (one, other))
    return int((np.abs(left - right) > SEEN_STEP).sum()) >= SEEN_PIXELS
