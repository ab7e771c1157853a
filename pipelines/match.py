"""A post + what its media show + the references -> for each material the signs, and what is lacking."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.items import Campaign, Decision, Material, Sign
from pipelines.matchers import Candidates, Matcher, Reference, Seen, all_matchers
from pipelines.matchers.elements import doubts_of, elements_of, lacking_elements
from pipelines.media.fingerprint import FINGERPRINT_VERSION
from pipelines.media.lettering import lettering_version
from pipelines.media.original import ORIGINAL_VERSION, Original, read_original
from pipelines.text import NORMALISER_VERSION

# Same bytes and the official link are certain even so.
UNSURE_OF_TWINS = frozenset({"image", "video", "audio", "text"})

Found = tuple[Reference, list[Sign], tuple[str, ...]]


@dataclass(frozen=True)
class Index:
    """References with every matcher's index over them."""

    references: tuple[Reference, ...]
    candidates: tuple[tuple[Matcher, Candidates], ...]


def build_references(
    campaigns: Sequence[Campaign], cache: MutableMapping[str, Original] | None = None
) -> tuple[Reference, ...]:
    """All materials, their files read; `cache` (by SHA-256) spares those already known."""
    cache = {} if cache is None else cache
    plain = [_reference(material, cache) for campaign in campaigns for material in campaign.materials]
    owners = Counter(tag for one in plain for tag in one.tags)
    return tuple(
        replace(one, own_tags=frozenset(tag for tag in one.tags if owners[tag] == 1)) for one in plain
    )


def index_references(references: Sequence[Reference]) -> Index:
    """The references as they are, with every matcher's index."""
    return Index(tuple(references), tuple((one, one.index(references)) for one in all_matchers()))


def compare(seen: Seen, index: Index) -> list[Found]:
    """What a post says of each material that left any sign in it, in the order of the references."""
    signs: dict[int, list[Sign]] = {}
    for matcher, candidates in index.candidates:
        for reference in candidates(seen):
            sign = matcher.compare(seen, reference)
            if sign is not None:
                signs.setdefault(id(reference), []).append(_lowered(sign, reference))
    return [_with_elements(seen, one, signs[id(one)]) for one in index.references if id(one) in signs]


def _with_elements(seen: Seen, reference: Reference, signs: list[Sign]) -> Found:
    """The signs with what is lacking; what nobody could decide lowers a match instead of being lacking."""
    elements = elements_of(seen, reference.material.require)
    doubts = doubts_of(elements)
    if doubts:
        signs = [_as_review(one, *doubts) if one.decision is Decision.MATCH else one for one in signs]
    return reference, signs, lacking_elements(elements)


def _lowered(sign: Sign, reference: Reference) -> Sign:
    """A match as review where a person has to say the last word."""
    if sign.decision is not Decision.MATCH:
        return sign
    if reference.twins and sign.matcher in UNSURE_OF_TWINS:
        named = ", ".join(reference.twins)
        return _as_review(
            sign, f"Tidak dapat dibedakan dari materi lain: {named}.", f"Cannot be told from another material: {named}."
        )
    if reference.material.mode == "derivative" and sign.matcher != "elements":
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


def files_of(campaigns: Iterable[Campaign]) -> Iterator[tuple[str, Path]]:
    """Every file by which some material is recognised, with its kind."""
    for campaign in campaigns:
        for material in campaign.materials:
            yield from ((material.kind, path) for path in material.files)


def _reference(material: Material, cache: MutableMapping[str, Original]) -> Reference:
    files = {digest(path): path for path in material.files}
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
        [digest(path) for path in asked.logos],
        FINGERPRINT_VERSION,
        ORIGINAL_VERSION,
        NORMALISER_VERSION,
        [(matcher.name, matcher.version) for matcher in all_matchers()],
        lettering_version() if material.kind == "text" or asked.phrases else "",
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:16]


def digest(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
