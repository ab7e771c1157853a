"""Posts compared in processes beside: what a file does to a codec there costs that post's media only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crawler.sandbox import studio
from pipelines.comparing import Comparer, Task
from pipelines.exhibits import a_post
from pipelines.items import Campaign, Material
from pipelines.match import build_references
from pipelines.matchers import Seen
from pipelines.media.trouble import Trouble

WORDS = "Tolak tip untuk petugas pelayanan publik, semua layanan kami gratis sejak 2026."


class Bomb(dict[str, Path]):
    """Paths that end the process when one is asked for: what a codec's crash looks like from outside."""

    def __getitem__(self, sha256: str) -> Path:
        import os

        os.abort()


@pytest.fixture
def materials(tmp_path: Path) -> tuple[Material, ...]:
    path = tmp_path / "poster.jpg"
    path.write_bytes(studio.as_jpeg(studio.poster(0, "Tolak tip", 2026), 92))
    return Material("c", "poster", "Poster", "image", (path,)), Material("c", "words", "Words", "text", caption=WORDS)


def task_of(seen: Seen, *pending: str) -> Task:
    paths = {sha: seen.open_media(sha) for sha in seen.media}
    return Task(seen.post, seen.media, paths, pending)


def test_a_crash_costs_the_media_and_leaves_the_words(materials: tuple[Material, ...], tmp_path: Path) -> None:
    """The post before and the post behind are answered; of the guilty one the words are, and its media are named."""
    references = build_references([Campaign("c", "C", (), materials, ())])
    poster, words = (one.reference_id for one in references)
    (again := tmp_path / "again.jpg").write_bytes(studio.as_jpeg(studio.poster(0, "Tolak tip", 2026), 70))
    good = task_of(a_post(WORDS, files=[(again, "image")]), poster, words)
    guilty = replace(good, paths=Bomb(good.paths))

    with Comparer(references) as comparer:
        answers = [answer for _, answer in comparer.compare([good, guilty, good])]

    assert [{poster, words}, {words}, {poster, words}] == [{one for one, *_ in each.found} for each in answers]
    assert [{}, dict.fromkeys(good.media, Trouble.CRASHED), {}] == [each.troubles for each in answers]


def test_a_file_that_cannot_be_opened_again_is_named(materials: tuple[Material, ...], tmp_path: Path) -> None:
    """It was fingerprinted once; now it is gone: no sign of it, and the reason."""
    references = build_references([Campaign("c", "C", (), materials[:1], ())])
    (path := tmp_path / "post.jpg").write_bytes(studio.as_jpeg(studio.poster(1, "Lain", 2026), 80))
    task = task_of(a_post(files=[(path, "image")]), references[0].reference_id)
    path.unlink()

    with Comparer(references) as comparer:
        [(_, answer)] = comparer.compare([task])

    assert answer.found == ()
    assert answer.troubles == dict.fromkeys(task.media, Trouble.MISSING)
