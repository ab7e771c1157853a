"""A post and a material as plain values, with the signs between them; they travel to the process that draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.items import Decision, Material

Key = tuple[str, str, str]
PICTURED = ("image", "video", "audio", "text", "lettering", "elements")


@dataclass(frozen=True, slots=True)
class Sign:
    """What one matcher said; `why` is its explanation as stored, of any shape."""

    matcher: str
    score: float
    decision: str
    why: Mapping[str, Any]
    media_sha256: str | None

    def sentence(self, language: str) -> str:
        """Its own words; empty where it has none."""
        told = self.why.get(language) or self.why.get("id") or ""
        return told if isinstance(told, str) else ""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A file of the post or of the material. `family`: image | video | audio | application, by its first bytes;
    `path` is None where it was not kept or no longer has its bytes."""

    sha256: str
    path: Path | None
    family: str


@dataclass(frozen=True, slots=True)
class Post:
    """A post as it stood when last seen; `lost` counts media that could not be fetched, `troubles` says why others
    could not be read."""

    post_id: str
    account: str
    agency: str
    url: str
    published_at: datetime
    text: str
    media: tuple[Exhibit, ...]
    lost: int
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """A person's newest decision on the pair."""

    decision: str
    reviewer: str


@dataclass(frozen=True, slots=True)
class Pair:
    """`signs`: strongest first; `is_compared`: whether the matchers have looked at the post as it stands now."""

    post: Post
    material: Material
    own: tuple[Exhibit, ...]
    signs: tuple[Sign, ...]
    is_compared: bool
    review: Review | None = None

    @property
    def key(self) -> Key:
        """Post, campaign, material."""
        return (self.post.post_id, self.material.campaign_id, self.material.material_id)

    @property
    def decision(self) -> str:
        """What holds: a person's word, else the strongest sign's, else none."""
        if self.review is not None:
            return self.review.decision
        return self.signs[0].decision if self.signs else Decision.NONE.value

    @property
    def is_worth_a_picture(self) -> bool:
        """Whether there is more to show than that two files, or two links, are the same."""
        return any(sign.matcher in PICTURED for sign in self.signs)
