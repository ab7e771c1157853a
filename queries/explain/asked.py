"""The words of `match --explain POST MATERIAL` -> the pair that is meant, its picture on disk, its sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.errors import WrongUse
from crawler.language import say
from pipelines.check import Workspace
from pipelines.items import Material
from queries.explain.facts import read_pairs
from queries.explain.pair import Pair
from queries.explain.picture import draw_pairs
from queries.explain.told import sentences_of
from queries.explain.wording import ExplainWording
from queries.reader import Connection, open_store, rows
from queries.shelf import Shelf

NAMED = 3

_POST = "SELECT post_id FROM posts WHERE post_id = $post OR url = $post ORDER BY post_id <> $post, post_id LIMIT 1"
_NEAREST = """
SELECT if(jaro_winkler_similarity(url, $post) > jaro_winkler_similarity(post_id, $post), url, post_id) AS name
FROM posts ORDER BY greatest(jaro_winkler_similarity(url, $post), jaro_winkler_similarity(post_id, $post)) DESC, name
LIMIT 3"""


@dataclass(frozen=True, slots=True)
class Explained:
    """A pair, where its picture was written, and what it says."""

    pair: Pair
    path: Path
    sentences: list[str]

    @property
    def facts(self) -> dict[str, Any]:
        """For programs: all that the matchers stored."""
        post, material = self.pair.post, self.pair.material
        return {
            "picture": str(self.path), "post_id": post.post_id, "post_url": post.url,
            "campaign_id": material.campaign_id, "material_id": material.material_id,
            "compared": self.pair.is_compared, "decision": self.pair.decision,
            "decided_by": self.pair.review.reviewer if self.pair.review else "tayang",
            "signs": [
                {"matcher": one.matcher, "score": one.score, "decision": one.decision, "explanation": dict(one.why),
                 "media_sha256": one.media_sha256}
                for one in self.pair.signs
            ],
        }  # fmt: skip


def explain(workspace: Workspace, post: str, material: str, out: Path | None = None) -> Explained:
    """Draw the picture of a post and a material, as the store holds them; nothing is compared anew.

    `post`: its id or address; `material`: its id, or campaign/material. Raises: WrongUse for what is not there.
    """
    instance = workspace.instance
    meant = find_material(workspace, material)
    with closing(open_store(instance.home / instance.store_url, instance.zone.key)) as connection:
        key = (find_post(connection, post), meant.campaign_id, meant.material_id)
        [pair] = read_pairs(connection, Shelf(instance.home), [meant], [key])
    wording = ExplainWording(instance.language, instance.zone)
    path = out or instance.home / "reports" / "explain" / f"{name_of(pair)}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    for _, drawn in draw_pairs([pair], wording):
        path.write_bytes(drawn)
    return Explained(pair, path, sentences_of(pair, wording))


def find_post(connection: Connection, post: str) -> str:
    """The id of the post with this id or address. Raises: WrongUse, naming the nearest."""
    found = rows(connection, _POST, {"post": post})
    if found:
        return str(found[0]["post_id"])
    nearest = ", ".join(row["name"] for row in rows(connection, _NEAREST, {"post": post}))
    if not nearest:
        raise WrongUse(say("belum ada unggahan di basis data", "there is no post in the store yet"))
    raise WrongUse(say(f"tidak ada unggahan {post!r}; yang paling mirip: {nearest}",
                       f"there is no post {post!r}; the nearest are: {nearest}"))  # fmt: skip


def find_material(workspace: Workspace, name: str) -> Material:
    """The material of this id, or campaign/material. Raises: WrongUse where none or several are meant."""
    known = [material for campaign in workspace.campaigns for material in campaign.materials]
    found = [one for one in known if name in (one.material_id, full_name(one))]
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(map(full_name, found))
        raise WrongUse(say(f"materi {name!r} ada di beberapa kampanye; pilih: {choices}",
                           f"material {name!r} is in several campaigns; choose: {choices}"))  # fmt: skip
    choices = ", ".join(_nearest(name, list(map(full_name, known))))
    raise WrongUse(say(f"tidak ada materi {name!r}; yang paling mirip: {choices}",
                       f"there is no material {name!r}; the nearest are: {choices}"))  # fmt: skip


def full_name(material: Material) -> str:
    """`campaign/material`."""
    return f"{material.campaign_id}/{material.material_id}"


def _nearest(name: str, known: Sequence[str]) -> list[str]:
    """By common letter pairs of the name or of its last part."""
    wanted = _letter_pairs(name)
    return sorted(known, key=lambda one: (-len(wanted & _letter_pairs(one)), one))[:NAMED]


def _letter_pairs(name: str) -> set[str]:
    return {name[at : at + 2].lower() for at in range(len(name) - 1)}


def name_of(pair: Pair) -> str:
    """A file's name for a pair: readable, and safe whatever the ids hold."""
    return "-".join(re.sub(r"[^\w.]+", "-", part).strip("-.")[-60:] for part in pair.key)
