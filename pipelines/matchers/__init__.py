"""One way of recognising per file: what a post shows + a reference -> a sign with its reasons.

A matcher is a file in this folder with one `MATCHER`. `compare` is the truth, one pair at a time;
`index` is the same question for many references at once and may only leave out pairs for which
`compare` says None. A test runs over whatever is in the folder.
"""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from crawler.items import Post
from pipelines.items import Decision, Material, Sign
from pipelines.media.fingerprint import Fingerprint
from pipelines.text import grams_of, hashtags_in


@dataclass(frozen=True)
class Reference:
    """A material ready to be recognised.

    `reference_id` changes with the material's content and the matchers' versions; `shown` maps
    each file's SHA-256 to its fingerprint, `files` to its path; `own_tags` are hashtags that no
    other material has.
    """

    material: Material
    reference_id: str = ""
    shown: Mapping[str, Fingerprint] | None = None
    files: Mapping[str, Path] | None = None
    own_tags: frozenset[str] = frozenset()

    @cached_property
    def fingerprints(self) -> tuple[tuple[str, Fingerprint], ...]:
        """The readable files of the material, with their digests."""
        return tuple((sha, one) for sha, one in (self.shown or {}).items() if not one.trouble)

    @cached_property
    def grams(self) -> frozenset[str]:
        """The five-letter runs of its caption."""
        return grams_of(self.material.caption)

    @cached_property
    def tags(self) -> frozenset[str]:
        """The hashtags by which it is known."""
        asked = " ".join(f"#{tag.lstrip('#')}" for tag in self.material.require.hashtags)
        return hashtags_in(f"{self.material.caption} {asked}")


@dataclass(frozen=True)
class Seen:
    """A post with what its media show. `open_media` gives the path of a media content by SHA-256."""

    post: Post
    media: Mapping[str, Fingerprint]
    open_media: Callable[[str], Path]

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
