"""One way of recognising per file: what a post shows + a reference -> a sign with its reasons.

A matcher is a file in this folder with one `MATCHER`. `compare` is the truth, one pair at a time;
`index` is the same question for many references at once and may only leave out pairs for which
`compare` says None. A test runs over whatever is in the folder.
"""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from crawler.items import Post
from pipelines.compare.candidates import Lead
from pipelines.items import Decision, Material, Sign
from pipelines.media.clips import looks
from pipelines.media.features import Features, find_features
from pipelines.media.fingerprint import Fingerprint
from pipelines.media.lettering import Line, read_lettering, scout_lettering
from pipelines.media.original import PICTURE_SIDE, Original
from pipelines.media.pdq import Grey
from pipelines.media.pictures import Colour, read_scenes
from pipelines.media.stills import read_stills
from pipelines.media.trouble import UNREADABLE, Trouble, trouble_of
from pipelines.text import grams_of, hashtags_in

Seconds = tuple[float, float]


@dataclass(frozen=True)
class Reference:
    """A material ready to be recognised.

    `reference_id` changes with the material's content and the matchers' versions; `shown` maps
    each file's SHA-256 to what is looked for, `files` to its path; `own_tags` are hashtags that no
    other material has. `twins` are titles of materials that cannot be told from it; `shared_spans` are,
    by matcher and file, the seconds that another material has as well: neither decides.
    """

    material: Material
    reference_id: str = ""
    shown: Mapping[str, Original] | None = None
    files: Mapping[str, Path] | None = None
    own_tags: frozenset[str] = frozenset()
    twins: tuple[str, ...] = ()
    shared_spans: Mapping[tuple[str, str], tuple[Seconds, ...]] | None = None

    @cached_property
    def originals(self) -> tuple[tuple[str, Original], ...]:
        """The readable files of the material, with their digests."""
        return tuple((sha, one) for sha, one in (self.shown or {}).items() if not one.trouble)

    @cached_property
    def fingerprints(self) -> tuple[tuple[str, Fingerprint], ...]:
        """The readable files' hashes, with their digests."""
        return tuple((sha, one.fingerprint) for sha, one in self.originals)

    def shared(self, matcher: str, sha256: str) -> tuple[Seconds, ...]:
        """The seconds of one file that decide nothing for a matcher, because another material has them too."""
        return (self.shared_spans or {}).get((matcher, sha256), ())

    @cached_property
    def grams(self) -> frozenset[str]:
        """The five-letter runs of its caption."""
        return grams_of(self.material.caption)

    @cached_property
    def tags(self) -> frozenset[str]:
        """The hashtags by which it is known."""
        asked = " ".join(f"#{tag.lstrip('#')}" for tag in self.material.require.hashtags)
        return hashtags_in(f"{self.material.caption} {asked}")


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What a posted picture shows, or a posted clip at one second: pixels and features. Of an animated picture `second`
    is the number of the scene.

    `times` are the seconds at which a clip was seen to show it; `leads` keeps, by reference file, what an index
    over all references has already proposed.
    """

    second: float
    grey: Grey
    features: Features
    times: tuple[float, ...] = ()
    leads: dict[str, list[Lead]] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """A post with what its media show. `open_media` gives the path of a media content by SHA-256."""

    post: Post
    media: Mapping[str, Fingerprint]
    open_media: Callable[[str], Path]
    read_words: Callable[[Path], tuple[Line, ...] | None] = read_lettering

    @cached_property
    def _lettering(self) -> dict[str, tuple[Line, ...] | None]:
        return {}

    def lettering(self, sha256: str) -> tuple[Line, ...] | None:
        """The words in a picture or clip, read when first asked for (1 s a picture); None without the extra `ocr`."""
        if sha256 not in self._lettering:
            self._lettering[sha256] = self.read_words(self.open_media(sha256))
        return self._lettering[sha256]

    @cached_property
    def _stills(self) -> dict[str, tuple[Colour, ...]]:
        return {}

    def stills(self, sha256: str) -> tuple[Colour, ...]:
        """A picture, or some frames of a clip, in colour, read when first asked for; () if that fails."""
        if sha256 not in self._stills:
            try:
                self._stills[sha256] = read_stills(self.open_media(sha256))
            except UNREADABLE as error:
                self._stills[sha256], self.troubles[sha256] = (), trouble_of(error)
        return self._stills[sha256]

    @cached_property
    def lettered(self) -> dict[str, float]:
        """Its pictures, by SHA-256, with the share of each that looks like lines of letters (10 ms each)."""
        pictures = (sha for sha, one in self.shown if one.kind == "image")
        return {sha: scout_lettering(self.open_media(sha)) for sha in pictures}

    @cached_property
    def _looks(self) -> dict[str, tuple[Look, ...]]:
        return {}

    @cached_property
    def troubles(self) -> dict[str, Trouble]:
        """Media that could be fingerprinted but not be looked at, and why, as far as that was tried."""
        return {}

    def looks(self, sha256: str) -> tuple[Look, ...]:
        """A posted picture once or its scenes, a clip at its distinct keyframes; read when first asked for."""
        if sha256 not in self._looks:
            try:
                shown = tuple(self._look_at(self.open_media(sha256), self.media[sha256].kind))
            except UNREADABLE as error:
                shown, self.troubles[sha256] = (), trouble_of(error)
            if not shown and self.media[sha256].kind != "audio":
                self.troubles.setdefault(sha256, Trouble.TRUNCATED)  # nothing seen is not nothing there
            self._looks[sha256] = shown
        return self._looks[sha256]

    def _look_at(self, path: Path, kind: str) -> Iterator[Look]:
        if kind == "image":
            for number, grey in enumerate(read_scenes(path, PICTURE_SIDE)):
                yield Look(float(number), grey, find_features(grey), (float(number),))
        elif kind == "video":
            for second, grey, times in looks(path):
                yield Look(second, grey, find_features(grey), times)

    @cached_property
    def grams(self) -> frozenset[str]:
        """The five-letter runs of its text."""
        return grams_of(self.post.text)

    @cached_property
    def tags(self) -> frozenset[str]:
        """The hashtags of its text."""
        return hashtags_in(self.post.text)

    @cached_property
    def shown(self) -> tuple[tuple[str, Fingerprint], ...]:
        """The post's media that could be read, in the post's order, with their digests."""
        digests = dict.fromkeys(one.sha256 for one in self.post.media if one.sha256)
        return tuple(
            (sha, self.media[sha]) for sha in digests if sha in self.media and not self.media[sha].trouble
        )


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled pair for the contract test; `expected` None = no sign at all."""

    name: str
    seen: Seen
    reference: Reference
    expected: Decision | None


Candidates = Callable[[Seen], Iterable[Reference]]


class Matcher(ABC):
    """`name` is written beside every sign; raise `version` when old signs must be made anew."""

    name: str
    version: int = 1

    @abstractmethod
    def applies(self, material: Material) -> bool:
        """Whether the material has what this matcher compares."""

    @abstractmethod
    def compare(self, seen: Seen, reference: Reference) -> Sign | None:
        """The sign of one pair, or None."""

    def index(self, references: Sequence[Reference]) -> Candidates:
        """References worth comparing with a post; all that apply, unless a matcher knows a shorter way."""
        fitting = tuple(one for one in references if self.applies(one.material))
        return lambda seen: fitting

    @abstractmethod
    def examples(self, folder: Path) -> Iterable[Example]:
        """Labelled pairs, at least one with and one without a sign; files are made in `folder`."""

    def sign(self, decision: Decision, score: float, words: tuple[str, str], **measures: Any) -> Sign:
        """A sign explained by a sentence in Indonesian and English, and what was measured."""
        sha = measures.pop("media_sha256", None)
        explanation = {"id": words[0], "en": words[1], **measures}
        return Sign(self.name, round(min(1.0, max(0.0, score)), 3), decision, explanation, sha)


@cache
def all_matchers() -> tuple[Matcher, ...]:
    """Every matcher in this folder, by file name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}").MATCHER for name in names)


def strongest(signs: Iterable[Sign | None]) -> Sign | None:
    """The sign that says most: a match before a review, then by score; None when there is none."""
    present = [sign for sign in signs if sign is not None]
    return max(present, key=lambda sign: (sign.decision is Decision.MATCH, sign.score), default=None)
