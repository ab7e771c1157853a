"""Sites that show nothing without a browser, shown by a real Chromium: what is read, and what the page may not do."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.store import Store
from tests.conftest import run_tayang
from tests.scripted_sites import PIECES, Scripted, needs_browser, serving, write_home

pytestmark = [needs_browser, pytest.mark.slow]


def rows(home: Path, sql: str) -> list[dict[str, object]]:
    return Store(home / "tayang.duckdb").rows(sql)


def test_x(tmp_path: Path) -> None:
    shown, plain = Scripted(), Scripted()
    with serving(shown, plain):
        home = write_home(tmp_path / "home", [shown, plain], [shown])
        done = run_tayang("crawl", "news", home=home)
        print(done.stdout, done.stderr)
    for row in rows(home, "SELECT handle, outcome, cause, detail, covers_from, posts_seen, finished_at-started_at AS took FROM visit_rows"): print(row)
    for row in rows(home, "SELECT post_id, text, published_at FROM posts"): print(row)
    for row in rows(home, "SELECT kind, url, bytes FROM evidence_rows ORDER BY seq"): print(row)
    done = run_tayang("rebuild", home=home)
    print(done.stdout, done.stderr)
    assert 0
