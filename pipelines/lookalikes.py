"""The materials compared with each other -> which cannot be told apart, and which seconds several of them share.

Each material's own files are put before the matchers as if an office had posted them: what would then be taken
for another material is exactly what must not decide.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from crawler.items import Media, Post, Quality
from crawler.language import say
from pipelines.compare.spans import merged
from pipelines.comparing import Comparer, Task
from pipelines.items import Campaign, Decision, Material, Sign
from pipelines.match import build_references
from pipelines.matchers import Reference, Seconds

# More of a clip than this is no bumper: one of the two contains the other, and whoever shows it shows both.
MOST_SHARED = 0.5
BY_SIGHT = frozenset({"image", "video", "audio"})
_WHEN = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lookalike:
    """What was found when `shown`'s own file was compared with the material `taken_for`.

    `is_twin`: nothing tells them apart; `spans`: seconds of `taken_for`'s file `sha256` that both have,
    seen or heard by `matcher`.
    """

    shown: str
    taken_for: str
    matcher: str
    sha256: str
    is_twin: bool
    spans: tuple[Seconds, ...] = ()


def find_lookalikes(references: Sequence[Reference]) -> tuple[Lookalike, ...]:
    """Compare every material's files with all other materials, in processes beside."""
    tasks = [task for one in references for task in _tasks(one, references)]
    if not tasks:
        return ()
    with Comparer(references, lanes=1) as comparer:
        return tuple(
            found
            for task, compared in comparer.compare(tasks)
            for reference_id, signs, _ in compared.found
            for found in _of_signs(task.post.post_id, comparer.references[reference_id], signs)
        )


def excluding(references: Sequence[Reference], found: Iterable[Lookalike]) -> tuple[Reference, ...]:
    """The references, told what must not decide; the id of those concerned changes with it."""
    found, titles = tuple(found), {one.reference_id: one.material.title for one in references}
    of = {one.reference_id: [each for each in found if each.taken_for == one.reference_id] for one in references}
    return tuple(_told(one, of[one.reference_id], titles) for one in references)


def key_of(references: Iterable[Reference]) -> str:
    """A digest that changes whenever another comparison of the materials is due."""
    return hashlib.sha256("\n".join(sorted(one.reference_id for one in references)).encode()).hexdigest()


def pack(found: Sequence[Lookalike]) -> bytes:
    """As JSON."""
    lines = [[one.shown, one.taken_for, one.matcher, one.sha256, one.is_twin, one.spans] for one in found]
    return json.dumps(lines).encode()


def unpack(packed: bytes) -> tuple[Lookalike, ...]:
    """What `pack` wrote."""
    return tuple(
        Lookalike(shown, taken_for, matcher, sha, is_twin, tuple((first, last) for first, last in spans))
        for shown, taken_for, matcher, sha, is_twin, spans in json.loads(packed)
    )


def warnings_of_materials(campaigns: Sequence[Campaign]) -> list[str]:
    """Compare all materials now; what `check` tells of them, each as `campaign: sentence`."""
    references = build_references(campaigns)
    return sentences(references, find_lookalikes(references))


def sentences(references: Sequence[Reference], found: Iterable[Lookalike]) -> list[str]:
    """What `check` tells of it, sorted, as `campaign: sentence`."""
    names = {one.reference_id: one.material for one in references}
    return sorted({_sentence(names[one.shown], names[one.taken_for], one) for one in found})


def _tasks(one: Reference, references: Sequence[Reference]) -> list[Task]:
    others = tuple(other.reference_id for other in references if other.material is not one.material)
    words = one.material.caption if one.material.kind == "text" else ""
    files = [(sha, original.fingerprint) for sha, original in one.originals]
    if not others or not (files or words):
        return []
    media = tuple(Media(sha, one.material.kind, "", sha) for sha, _ in files)
    post = Post(one.reference_id, "", "", "", "", "", _WHEN, _WHEN, Quality.EXACT, words, (), media)
    return [Task(post, dict(files), dict(one.files or {}), others)]


def _of_signs(shown: str, reference: Reference, signs: Iterable[Sign]) -> Iterable[Lookalike]:
    for sign in signs:
        sha = sign.explanation.get("reference_sha256", "")
        spans = _shared_part(sign)
        if spans and sign.matcher in BY_SIGHT:
            yield Lookalike(shown, reference.reference_id, sign.matcher, sha, False, spans)
        elif not spans and _is_same(sign):
            yield Lookalike(shown, reference.reference_id, sign.matcher, sha, True)


def _shared_part(sign: Sign) -> tuple[Seconds, ...]:
    """The seconds in common, unless they are most of the material."""
    spans = tuple((first, last) for first, last in sign.explanation.get("covered", ()))
    seconds = sign.explanation.get("material_seconds") or 0
    return spans if sum(last - first for first, last in spans) <= MOST_SHARED * seconds else ()


def _is_same(sign: Sign) -> bool:
    is_by_content = sign.matcher in BY_SIGHT or sign.matcher == "text"
    return sign.decision is Decision.MATCH and is_by_content and not sign.explanation.get("boxes")


def _told(reference: Reference, found: Sequence[Lookalike], titles: Mapping[str, str]) -> Reference:
    if not found:
        return reference
    shared: dict[tuple[str, str], tuple[Seconds, ...]] = {}
    for one in found:
        key = (one.matcher, one.sha256)
        shared[key] = merged([*shared.get(key, ()), *one.spans])
    twins = tuple(sorted({titles[one.shown] for one in found if one.is_twin}))
    said = json.dumps([reference.reference_id, twins, sorted((*key, spans) for key, spans in shared.items())])
    reference_id = hashlib.sha256(said.encode()).hexdigest()[:16]
    return replace(reference, reference_id=reference_id, twins=twins, shared_spans=shared)


def _sentence(shown: Material, taken_for: Material, one: Lookalike) -> str:
    own, other = f"'{taken_for.material_id}'", f"'{shown.material_id}'"
    if one.is_twin:
        text = say(
            f"{own} tidak dapat dibedakan dari {other}: temuan atasnya akan diperiksa orang; bila memang sama, "
            "pakai berkas yang sama persis",
            f"{own} cannot be told from {other}: what is found of it goes to a person; if they are the same, "
            "use the very same file",
        )
    else:
        spans = ", ".join(f"{first:.0f}–{last:.0f}" for first, last in one.spans)
        text = say(
            f"detik {spans} materi {own} ada juga pada {other}; detik itu tidak ikut menentukan",
            f"seconds {spans} of {own} are in {other} as well; they decide nothing",
        )
    return f"{taken_for.campaign_id}: {text}"
