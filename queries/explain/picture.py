"""Pairs -> pictures that explain them, drawn in processes beside: a file that breaks a codec costs its own stills."""

from __future__ import annotations

import hashlib
import io
import pickle
from collections.abc import Iterable, Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from PIL import Image

from pipelines.workers import Failure, Workers, lanes_for
from queries.explain.beside import draw_beside, draw_losses, draw_places, draw_title
from queries.explain.course import draw_course, draw_strip
from queries.explain.pair import Exhibit, Pair
from queries.explain.scene import scene_of
from queries.explain.sheet import Sheet
from queries.explain.told import draw_digests, draw_signs
from queries.explain.wording import ExplainWording
from queries.explain.words import draw_words

QUALITY, SMALL_WIDTH = 66, 960  # of a JPEG, for the report: small letters stay sharp


def draw_pairs(pairs: Iterable[Pair], wording: ExplainWording, form: str = "PNG") -> Iterator[tuple[Pair, bytes]]:
    """Each pair with its picture, in order; the same pair and files give the same bytes.

    `form`: PNG | JPEG, the latter smaller.
    """
    voice = (wording.language, wording.zone.key, form)
    keyed = [(hashlib.sha256(pickle.dumps((pair, voice))).digest(), pair) for pair in pairs]
    missing = [(key, pair) for key, pair in keyed if key not in _DRAWN]
    with Workers[tuple[bytes, Pair]](lanes_for(len(missing), FEW)) as workers:
        for key, pair in missing:
            workers.submit((key, pair), draw, pair, *voice)
        for (key, pair), drawn in workers.drain():
            _DRAWN[key] = draw(without_files(pair), *voice) if isinstance(drawn, Failure) else drawn
    drawn_now = [(pair, _DRAWN[key]) for key, pair in keyed]
    while len(_DRAWN) > _MOST_KEPT:
        del _DRAWN[next(iter(_DRAWN))]
    yield from drawn_now


# A pair names its files by their digests: drawn once, it is the same picture for every report of one process.
_DRAWN: dict[bytes, bytes] = {}
_MOST_KEPT = 120  # some 130 kB each
FEW = 8  # pictures, for which one process is enough


def draw(pair: Pair, language: str, zone: str, form: str) -> bytes:
    """One picture. Opens the pair's media."""
    wording, sheet, scene = ExplainWording(language, ZoneInfo(zone)), Sheet(), scene_of(pair)
    draw_title(sheet, pair, wording)
    draw_beside(sheet, pair, scene, wording)
    draw_losses(sheet, pair, wording)
    draw_places(sheet, scene, wording)
    draw_strip(sheet, scene.strip, wording)
    draw_course(sheet, pair, scene, wording)
    draw_words(sheet, pair, wording)
    draw_signs(sheet, pair, wording)
    draw_digests(sheet, pair, wording)
    return _encoded(sheet.cut(), form)


def without_files(pair: Pair) -> Pair:
    """The pair as if none of its files could be opened."""
    return replace(pair, own=_closed(pair.own), post=replace(pair.post, media=_closed(pair.post.media)))


def _closed(exhibits: Iterable[Exhibit]) -> tuple[Exhibit, ...]:
    return tuple(replace(one, path=None) for one in exhibits)


def _encoded(image: Image.Image, form: str) -> bytes:
    target = io.BytesIO()
    if form == "JPEG":
        small = image.resize((SMALL_WIDTH, round(image.height * SMALL_WIDTH / image.width)), Image.Resampling.LANCZOS)
        small.save(target, form, quality=QUALITY, optimize=True)
    else:
        image.save(target, form)
    return target.getvalue()
