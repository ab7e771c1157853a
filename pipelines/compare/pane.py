"""A material's clip + looks at a posted one -> the pane of the posted frames in which it may run.

Crop, bars, a phone's frame, a picture in the picture, a mirror stay where they are for a whole clip: one matrix serves
all its frames. Which pane is right is told by how well the looks, laid on the material's small frames, agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from pipelines.compare.candidates import FeatureIndex
from pipelines.compare.geometry import Matrix, corners_of, resizing, seen_through, through
from pipelines.compare.placement import fit_corners
from pipelines.compare.spans import Span, merged
from pipelines.compare.witness import Blocks, Witness
from pipelines.media.features import Features
from pipelines.media.fingerprint import trim_box
from pipelines.media.original import View
from pipelines.media.pdq import Grey

UNIT = (1, 1)
SAME_PANE = 0.06  # of the pane's extent by which its corners may differ
MOST_PANES, FEWEST_INLIERS, FEWEST_VOTES, MOST_LEADS = 4, 8, 10, 6
RADII = (0.05, 0.02, 0.012)  # of the extent of what is shown: how far corners may stand from where they should
FEWEST_BLOCKS = 12
BY_CHANCE = 0.15  # share of blocks that agree between frames that have nothing in common
CARRIES = 0.35
SLOWEST, SLACK_SECONDS = 0.66, 1.5


class Look(Protocol):
    """A posted frame: when, its pixels, its features."""

    @property
    def second(self) -> float: ...  # noqa: D102
    @property
    def grey(self) -> Grey: ...  # noqa: D102
    @property
    def features(self) -> Features: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Met:
    """A posted frame at `second` is most like the material's at `own_second`: shares of all blocks, and of those that
    move (0 = too few), that agree.
    """

    own_second: float
    second: float
    agreeing: float
    moving: float


@dataclass(frozen=True, slots=True, eq=False)
class Pane:
    """`matrix`: the material's small frame in pixels -> the posted frame, each of whose sides is 1."""

    matrix: Matrix
    is_mirrored: bool = False
    inliers: int = 0
    met: tuple[Met, ...] = ()

    @property
    def worth(self) -> float:
        """How much all looks together agree beyond chance."""
        return sum(max(0.0, one.agreeing - BY_CHANCE) for one in self.met)

    @property
    def carries(self) -> bool:
        """Whether any look shows the material, or at least its place."""
        return any(one.agreeing >= CARRIES for one in self.met)

    def corners(self, shape: tuple[int, int]) -> list[list[float]]:
        """The material's corners in the posted frame as shares 0..1, its top left first, clockwise."""
        there = through(self.matrix, corners_of(shape) - 0.5) + 0.5
        return [[round(float(one), 4) for one in point] for point in there]


def find_panes(own: Witness, views: Sequence[View], index: FeatureIndex, looks: Sequence[Look]) -> list[Pane]:
    """Panes in which at least one look agrees with the material, the best first."""
    led = _gathered([*_led(own, views, index, looks)], own.size)
    if not led:
        return []
    return best_panes(own, looks, [*led, *usual_panes(own.size, looks, {one.is_mirrored for one in led})])


def best_panes(own: Witness, looks: Sequence[Look], panes: Sequence[Pane]) -> list[Pane]:
    """Those of the panes in which at least one look agrees, the best first."""
    tried = [replace(one, met=tuple(_meetings(own, looks, one))) for one in panes]
    return sorted((one for one in tried if one.carries), key=lambda one: -one.worth)


def usual_panes(shape: tuple[int, int], looks: Sequence[Look], mirrored: set[bool]) -> list[Pane]:
    """The whole posted frame, and what its uniform border leaves of it.

    Corners are led astray where the camera moves: the frames compared are not of the same moment.
    """
    boxes = {((0.0, 0.0), (1.0, 1.0)), *(_trimmed(one.grey) for one in looks)}
    panes = []
    for (top, left), (foot, right) in sorted(boxes):
        grown = np.array([[right - left, 0, (left + right - 1) / 2], [0, foot - top, (top + foot - 1) / 2], [0, 0, 1]])
        matrix = grown @ resizing(shape, UNIT)
        panes += [Pane(matrix @ flip(shape) if flipped else matrix, flipped) for flipped in mirrored]
    return panes


def _led(own: Witness, views: Sequence[View], index: FeatureIndex, looks: Sequence[Look]) -> Iterator[Pane]:
    for look in looks:
        for lead in index.leads(look.features, FEWEST_VOTES, MOST_LEADS):
            view = views[lead.entry]
            fitted = fit_corners(view.features, look.features, lead.pairs, RADII)
            if fitted is not None and fitted[1] >= FEWEST_INLIERS:
                inwards = resizing(own.size, (view.features.height, view.features.width))
                inwards = inwards @ flip(own.size) if view.is_mirrored else inwards
                outwards = resizing((look.features.height, look.features.width), UNIT)
                yield Pane(outwards @ fitted[0] @ inwards, view.is_mirrored, fitted[1])


def flip(shape: tuple[int, int]) -> Matrix:
    """Left and right exchanged."""
    return np.array([[-1, 0, shape[1] - 1], [0, 1, 0], [0, 0, 1]], np.float64)


def _trimmed(grey: Grey) -> tuple[tuple[float, float], tuple[float, float]]:
    """What is within the uniform border, as shares: (top, left), (foot, right)."""
    rows, columns = trim_box(grey)
    high, wide = grey.shape
    return (rows.start / high, columns.start / wide), (rows.stop / high, columns.stop / wide)


def _gathered(panes: Sequence[Pane], shape: tuple[int, int]) -> list[Pane]:
    """Panes at one place as one, those most corners agree on first."""
    groups: list[list[Pane]] = []
    for one in sorted(panes, key=lambda pane: -pane.inliers):
        group = next((group for group in groups if _apart(group[0], one, shape) <= SAME_PANE), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    together = [replace(group[0], inliers=sum(one.inliers for one in group)) for group in groups]
    return sorted(together, key=lambda pane: -pane.inliers)[:MOST_PANES]


def _apart(left: Pane, right: Pane, shape: tuple[int, int]) -> float:
    here, there = (through(one.matrix, corners_of(shape)) for one in (left, right))
    extent = float(np.linalg.norm(here[2] - here[0]))
    return float(np.linalg.norm(here - there, axis=1).max()) / max(extent, 1e-6)


def _meetings(own: Witness, looks: Sequence[Look], pane: Pane) -> Iterator[Met]:
    for look in looks:
        laid, inside = seen_through(look.grey, resizing(UNIT, look.grey.shape) @ pane.matrix, own.size)
        seen = own.seen(inside)
        if seen.sum() < FEWEST_BLOCKS:
            continue
        every, moving = own.agreement(Blocks.of(laid[None]), seen)
        best = int((every + moving).argmax())
        yield Met(float(own.seconds[best]), look.second, float(every[best]), float(moving[best]))


def stretches(pane: Pane, own_seconds: float, clip_seconds: float) -> tuple[Span, ...]:
    """The posted clip's seconds in which the material can run: around each look that shows it.

    Which of its seconds a look shows is not believed: at a standing camera many look the same.
    """
    reach = own_seconds / SLOWEST + SLACK_SECONDS
    shown = [one.second for one in pane.met if one.agreeing >= CARRIES]
    return merged([(max(0.0, second - reach), min(clip_seconds, second + reach)) for second in shown])
