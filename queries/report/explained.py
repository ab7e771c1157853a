"""The verdicts of a report that rest on a sign worth showing -> pictures that explain them, beside the page.

The page stays whole without them: it only links to them. They are few and small, so that the folder of a day is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipelines.items import Status, Verdict
from queries.explain.facts import read_pairs
from queries.explain.pair import Key
from queries.explain.picture import draw_pairs
from queries.explain.wording import ExplainWording
from queries.report.content import Content
from queries.shelf import Shelf

FOLDER = "explain"
MOST_PICTURES = 60  # 0.1 s of processor time each
BUDGET_BYTES = 6_000_000  # of 60 to 130 kB each

_OURS = re.compile(r"[\w.-]+-[0-9a-f]{8}\.jpg")


def explanations_of(content: Content) -> Mapping[Key, tuple[str, bytes]]:
    """By post, campaign and material: the file's name beside the page, and its JPEG; reviews come first."""
    request = content.request
    materials = [material for campaign in request.campaigns for material in campaign.materials]
    pairs = read_pairs(request.connection, Shelf(request.home), materials, _keys(content))
    worth = [pair for pair in pairs if pair.is_worth_a_picture][:MOST_PICTURES]
    wording = ExplainWording(request.instance.language, request.instance.zone)
    drawn, room = dict[Key, tuple[str, bytes]](), BUDGET_BYTES
    for pair, jpeg in draw_pairs(worth, wording, "JPEG"):
        room -= len(jpeg)
        if room < 0:
            break
        drawn[pair.key] = (name_of(pair.key), jpeg)
    return drawn


def write_explanations(folder: Path, explanations: Mapping[Key, tuple[str, bytes]]) -> None:
    """Put the pictures beside the page, and take away those of an earlier report of the day."""
    beside = folder / FOLDER
    if explanations:
        beside.mkdir(exist_ok=True)
    for name, jpeg in explanations.values():
        fresh = folder / f"{name}.new"
        fresh.write_bytes(jpeg)
        fresh.replace(folder / name)
    kept = {folder / name for name, _ in explanations.values()}
    for old in beside.glob("*.jpg") if beside.is_dir() else ():
        if old not in kept and _OURS.fullmatch(old.name):
            old.unlink()


def name_of(key: Key) -> str:
    """`explain/POST-MATERIAL-DIGEST.jpg`: readable, safe whatever the ids hold, and told apart by the digest."""
    words = "-".join(re.sub(r"[^A-Za-z0-9_.]+", "-", part).strip("-.")[-40:] for part in (key[0], key[2]))
    return f"{FOLDER}/{words}-{hashlib.sha256('|'.join(key).encode()).hexdigest()[:8]}.jpg"


def key_of(verdict: Verdict) -> Key:
    """Which pair a verdict rests on."""
    return (verdict.post_id or "", verdict.duty.campaign_id, verdict.duty.material_id)


def _keys(content: Content) -> Sequence[Key]:
    """Of the verdicts that are shown large: those a person must look at first."""
    cards = [verdict for proofs in content.proofs() for verdict in proofs.cards]
    return [key_of(verdict) for verdict in sorted(cards, key=lambda one: one.status is not Status.REVIEW)]
