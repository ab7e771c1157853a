"""Trials put to the matchers -> what they said, and tables of it with the uncertainty of counting."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import cv2

from pipelines.exhibits import a_post
from pipelines.items import Campaign, Decision, Material, Sign
from pipelines.lookalikes import excluding, find_lookalikes
from pipelines.match import Index, build_references, compare, index_references
from pipelines.matchers import Reference, strongest
from tests.matching.trials import Bench, Trial


@dataclass(frozen=True)
class Answer:
    """What was said of one trial. `said`: match | review | none of the right reference.

    `also_match` and `also_review`: other references so called. `has_spots`: changed places were named.
    """

    trial: Trial
    said: str
    also_match: tuple[str, ...] = ()
    also_review: tuple[str, ...] = ()
    has_spots: bool = False
    covered_error: float | None = None
    speed_error: float | None = None
    cpu_seconds: float = 0.0
    by_matcher: str = ""
    reason: str = field(default="", compare=False)

    @property
    def is_right(self) -> bool:
        """Whether a copy was called what it is: a match, or for a piece at least a review."""
        return self.said == "match" or (self.trial.is_piece and self.said == "review")

    @property
    def is_left_alone(self) -> bool:
        """Whether nobody is asked to look at it."""
        return self.said == "none" and not self.also_match and not self.also_review

    @property
    def is_false(self) -> bool:
        """Whether something was called a match that is none."""
        return bool(self.also_match) or (self.said == "match" and not self.trial.is_copy)


def references_of(bench: Bench) -> tuple[Reference, ...]:
    """The bench's materials, as a campaign's would be: those that look alike are told so."""
    materials = tuple(
        Material("bench", name, name, bench.media, (Path(path),)) for name, path in bench.references.items()
    )
    plain = build_references([Campaign("bench", "Bench", (), materials, ())])
    return excluding(plain, find_lookalikes(plain))


def answers(bench: Bench, jobs: int = 1) -> list[Answer]:
    """What the matchers say of every trial."""
    references = references_of(bench)
    if jobs == 1:
        index = index_references(references)
        return [answer(one, bench.media, index) for one in bench.trials]
    with ProcessPoolExecutor(jobs, initializer=_get_ready, initargs=(references, bench.media)) as pool:
        return list(pool.map(_answer, bench.trials, chunksize=4))


_READY: list[tuple[Index, str]] = []


def _get_ready(references: tuple[Reference, ...], media: str) -> None:
    cv2.setNumThreads(1)
    _READY[:] = [(index_references(references), media)]


def _answer(trial: Trial) -> Answer:
    index, media = _READY[0]
    return answer(trial, media, index)


def answer(trial: Trial, media: str, index: Index) -> Answer:
    """One file posted, compared, timed."""
    before = time.process_time()
    found = compare(a_post(files=[(Path(trial.path), media)]), index)
    spent = time.process_time() - before
    best = {one.material.material_id: strongest(signs) for one, signs, _ in found}
    said = {name: sign for name, sign in best.items() if sign is not None and sign.decision is not Decision.NONE}
    others = {name: sign.decision for name, sign in said.items() if name != trial.of}
    own = said.get(trial.of)
    seen = [sign for one, signs, _ in found for sign in signs if one.material.material_id == trial.of]
    return Answer(
        trial,
        own.decision.value if own else "none",
        tuple(name for name, decision in others.items() if decision is Decision.MATCH),
        tuple(name for name, decision in others.items() if decision is Decision.REVIEW),
        any(has_spots(sign) for sign in seen),
        *_course_errors(trial, seen),
        spent,
        own.matcher if own else "",
        str(own.explanation.get("en", "")) if own else "",
    )


def has_spots(sign: Sign) -> bool:
    """Whether a review names places where the material was changed."""
    boxes = sign.explanation.get("boxes") or ()
    return sign.decision is Decision.REVIEW and any(box["kind"] == "changed" for box in boxes)


def _course_errors(trial: Trial, signs: Sequence[Sign]) -> tuple[float | None, float | None]:
    """By how many seconds and how much speed the reported course of a clip is off."""
    for sign in signs:
        if sign.matcher == "video" and "covered_seconds" in sign.explanation and trial.covered[1]:
            true = trial.covered[1] - trial.covered[0]
            speed = float(sign.explanation.get("speed", trial.speed))
            return abs(float(sign.explanation["covered_seconds"]) - true), abs(speed - trial.speed)
    return None, None


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not total:
        return 0.0, 1.0
    z, share = 1.96, hits / total
    middle = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return (middle - spread) / (1 + z * z / total), (middle + spread) / (1 + z * z / total)


def by_kind(given: Iterable[Answer]) -> dict[str, list[Answer]]:
    """Answers of each kind of trial, in the order in which kinds first come; `a+b` counts as `a`."""
    groups: dict[str, list[Answer]] = defaultdict(list)
    for one in given:
        groups[one.trial.kind.partition("+")[0]].append(one)
    return groups


def copies_table(given: Sequence[Answer], beside: dict[str, dict[str, bool]]) -> Iterator[str]:
    """Per change: how many were recognised, beside what other ways found of the same files."""
    copies = [one for one in given if one.trial.is_copy]
    head = "".join(f"{name:>13}" for name in beside)
    yield f"{'change':22}{'n':>5}{'match':>7}{'review':>7}{'none':>6}{'wrong':>6}  recall [95 %]       {head}"
    for kind, group in [*by_kind(copies).items(), ("all", copies)]:
        counts = [sum(one.said == word for one in group) for word in ("match", "review", "none")]
        wrong = sum(bool(one.also_match) for one in group)
        right = sum(one.is_right for one in group)
        low, high = wilson(right, len(group))
        shares = "".join(f"{share([hits[one.trial.path] for one in group]):>13.2f}" for hits in beside.values())
        numbers = "".join(f"{count:>{width}}" for count, width in zip(counts, (7, 7, 6), strict=True))
        recall = f"{right / max(1, len(group)):.3f} [{low:.2f}–{high:.2f}]"
        yield f"{kind:22}{len(group):>5}{numbers}{wrong:>6}  {recall}  {shares}"


def negatives_table(given: Sequence[Answer], beside: dict[str, dict[str, bool]]) -> Iterator[str]:
    """Per kind of what is no copy: what was said, of any reference; `spots` = with the changed places."""
    others = [one for one in given if not one.trial.is_copy]
    head = "".join(f"{name:>13}" for name in beside)
    yield f"{'no copy':34}{'n':>5}{'match':>7}{'review':>7}{'none':>6}{'spots':>6}{head}"
    for kind, group in [*by_kind(others).items(), ("all", others)]:
        false = sum(one.is_false for one in group)
        review = sum(not one.is_false and not one.is_left_alone for one in group)
        spots = sum(one.has_spots for one in group)
        hits = "".join(f"{sum(found[one.trial.path] for one in group):>13}" for found in beside.values())
        yield f"{kind:34}{len(group):>5}{false:>7}{review:>7}{len(group) - false - review:>6}{spots:>6}{hits}"


def figures(subject: str, given: Sequence[Answer]) -> dict[str, float]:
    """The numbers on which floors stand."""
    copies = [one for one in given if one.trial.is_copy]
    others = [one for one in given if not one.trial.is_copy]
    edits = [one for one in others if one.trial.expected == "another_version"]
    signs = [one for one in others if one.trial.expected == "sign"]
    kept = {
        "recall": share([one.is_right for one in copies]),
        "found": share([one.said != "none" for one in copies]),
        "false_matches": float(sum(one.is_false for one in others)),
        "wrong_references": float(sum(bool(one.also_match) for one in copies)),
        "others_left_alone": share([one.is_left_alone for one in others if one.trial.expected == "other"]),
    }
    if edits:
        kept["edits_reported"] = share([one.said == "review" for one in edits])
        untouched = [one for one in copies if one.trial.is_untouched]
        kept["copies_called_changed"] = float(sum(one.has_spots and one.said == "review" for one in untouched))
    if signs:
        kept["pieces_reported"] = share([one.said == "review" for one in signs])
    errors = sorted(one.covered_error for one in copies if one.covered_error is not None and one.said == "match")
    if errors:
        kept["covered_error_median_seconds"] = errors[len(errors) // 2]
        kept["covered_error_worst_tenth_seconds"] = errors[int(len(errors) * 0.9)]
    return {f"{subject}.{name}": round(value, 4) for name, value in kept.items()}


def share(claims: Sequence[bool]) -> float:
    """How many of them hold, 0..1; of none, none."""
    return sum(claims) / len(claims) if claims else 0.0
