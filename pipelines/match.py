"""A post + what its media show + the references -> for each material the signs, and what is lacking."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from crawler.items import Post
from pipelines.items import Campaign, Decision, Material, Sign
from pipelines.matchers import Candidates, Matcher, Reference, Seen, all_matchers
from pipelines.matchers.elements import lacking
from pipelines.media.fingerprint import FINGERPRINT_VERSION, Fingerprint
from pipelines.media.original import ORIGINAL_VERSION, Original, read_original
from pipelines.text import NORMALISER_VERSION

Found = tuple[Reference, list[Sign], tuple[str, ...]]


@dataclass(frozen=True)
class References:
    """All materials, ready, with every matcher's index over them."""

    all: tuple[Reference, ...]
    indexes: tuple[tuple[Matcher, Candidates], ...]

    @property
    def watch(self) -> bytes:
        """Packed hashes of the clips among them: what `FingerprintPool` looks out for."""
        marks = [mark for one in self.all for _, mark in one.fingerprints if mark.kind == "video"]
        return b"".join(mark.hashes for mark in marks)


def build_references(
    campaigns: Sequence[Campaign], cache: MutableMapping[str, Original] | None = None
) -> References:
    """Read every material's files; `cache` (by SHA-256) spares those already known."""
    cache = {} if cache is None else cache
    plain = [_reference(material, cache) for campaign in campaigns for material in campaign.materials]
    owners = Counter(tag for one in plain for tag in one.tags)
    ready = tuple(
        replace(one, own_tags=frozenset(tag for tag in one.tags if owners[tag] == 1)) for one in plain
    )
    return index_references(ready)


def index_references(references: Sequence[Reference]) -> References:
    """References as they are, with every matcher's index."""
    indexes = tuple((matcher, matcher.index(references)) for matcher in all_matchers())
    return References(tuple(references), indexes)


def compare(
    post: Post, media: Mapping[str, Fingerprint], open_media: Callable[[str], Path], references: References
) -> list[Found]:
    """What the post says of each material that left any sign in it, in the order of the references.

    Pure but for `open_media`, which is asked only for files whose hash is near a material's.
    """
    seen = Seen(post, media, open_media)
    signs: dict[int, list[Sign]] = {}
    for matcher, candidates in references.indexes:
        for reference in candidates(seen):
            sign = matcher.compare(seen, reference)
            if sign is not None:
                signs.setdefault(id(reference), []).append(_lowered(sign, reference.material))
    return [
        (one, signs[id(one)], lacking(post.text, one.material.require))
        for one in references.all
        if id(one) in signs
    ]


def _lowered(sign: Sign, material: Material) -> Sign:
    """A match as review where a person has to say the last word."""
    if sign.decision is not Decision.MATCH:
        return sign
    if material.require.logos:
        return _as_review(
            sign, "Logo wajib harus diperiksa oleh petugas.", "Logos must be checked by a person."
        )
    if material.mode == "derivative":
        return _as_review(
            sign,
            "Materi ini meminta produksi sendiri; yang tampil adalah berkas aslinya.",
            "This material asks for an own production; what is shown is the original.",
        )
    return sign


def _as_review(sign: Sign, indonesian: str, english: str) -> Sign:
    why = sign.explanation
    words = {**why, "id": f"{why['id']} {indonesian}", "en": f"{why['en']} {english}"}
    return replace(sign, decision=Decision.REVIEW, explanation=words)


def _reference(material: Material, cache: MutableMapping[str, Original]) -> Reference:
    files = {_digest(path): path for path in material.files}
    shown = {sha: _known(sha, path, material.kind, cache) for sha, path in files.items()}
    return Reference(material, _reference_id(material, tuple(files)), shown, files)


def _known(sha: str, path: Path, kind: str, cache: MutableMapping[str, Original]) -> Original:
    if sha not in cache:
        cache[sha] = read_original(path, kind)
    return cache[sha]


def _reference_id(material: Material, digests: tuple[str, ...]) -> str:
    """Changes when the material's content, or any way of recognising it, changes."""
    asked = material.require
    said = [
        material.campaign_id,
        material.material_id,
        material.kind,
        material.mode,
        material.caption,
        material.links,
        digests,
        asked.hashtags,
        asked.mentions,
        asked.phrases,
        material.minimum_share,
        [_digest(path) for path in asked.logos],
        FINGERPRINT_VERSION,
        ORIGINAL_VERSION,
        NORMALISER_VERSION,
        [(matcher.name, matcher.version) for matcher in all_matchers()],
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:16]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
