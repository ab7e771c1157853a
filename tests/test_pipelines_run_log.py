"""A run's log: JSON lines without secrets, bounded, and never a reason for a run to end."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

import pytest

from crawler.redaction import guard_logs, remember_secret
from pipelines import run_log as log
from pipelines.run_log import note_event, run_log

RUN = "20260302T171000000000Z"
SECRET = 'geheim/"zeichen"\\x'


def logged(home: Path) -> list[dict[str, Any]]:
    text = (home / "logs" / f"{RUN}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def told() -> list[str]:
    return []


def test_events_and_warnings_become_lines_without_secrets(tmp_path: Path, told: list[str]) -> None:
    """Wherever a secret stands, in a field, a message or a traceback, it is cut out and the line stays JSON."""
    guard_logs()
    remember_secret(SECRET)
    with run_log(tmp_path, RUN, 90, told.append):
        note_event("visit", account="instagram:a", detail=f'asked "https://x?token=abc" with {SECRET}', seconds=0.5)
        logging.getLogger("scrapy.core").warning("refused %s", SECRET)
        logging.getLogger("scrapy.core").info("not of interest")
        try:
            raise ValueError(SECRET)
        except ValueError:
            logging.getLogger("tayang").exception("broke")
    note_event("visit", account="after the run")

    lines = logged(tmp_path)
    assert [line["event"] for line in lines] == ["visit", "log", "log"]
    assert {line["run_id"] for line in lines} == {RUN}
    assert (lines[0]["account"], lines[0]["seconds"], lines[1]["level"]) == ("instagram:a", 0.5, "warning")
    assert "ValueError" in lines[2]["traceback"]
    whole = json.dumps(lines)
    assert ("geheim" in whole, "token=abc" in whole, told) == (False, False, [])


def test_old_logs_are_dropped_and_others_files_are_not(tmp_path: Path, told: list[str]) -> None:
    """Only logs of runs, only those older than asked for; 0 days = none is written."""
    (tmp_path / "logs").mkdir()
    for name, days in (("20250101T000000000000Z.jsonl", 91), ("20260101T000000000000Z.jsonl", 89), ("notes.txt", 400)):
        path = tmp_path / "logs" / name
        path.write_text("x", encoding="utf-8")
        at = path.stat().st_mtime - days * 86_400
        os.utime(path, (at, at))
    with run_log(tmp_path, RUN, 90, told.append):
        pass

    assert {path.name for path in (tmp_path / "logs").iterdir()} == {"20260101T000000000000Z.jsonl", "notes.txt"}
    with run_log(tmp_path, RUN, 0, told.append):
        note_event("visit")
    assert {path.name for path in (tmp_path / "logs").iterdir()} == {"notes.txt"}


def test_a_log_that_cannot_be_written_is_told_once(tmp_path: Path, told: list[str]) -> None:
    """A file where the folder should be: one sentence, and the run goes on."""
    (tmp_path / "logs").write_text("in the way", encoding="utf-8")
    with run_log(tmp_path, RUN, 90, told.append):
        note_event("visit")
        note_event("visit")

    assert len(told) == 1
    assert told[0].startswith(f"logs/{RUN}.jsonl: ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full exists on Linux")
def test_a_full_disk_is_told_once(tmp_path: Path, told: list[str]) -> None:
    """What cannot be flushed is lost with one sentence; closing the file raises nothing either."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / f"{RUN}.jsonl").symlink_to("/dev/full")
    with run_log(tmp_path, RUN, 90, told.append):
        note_event("visit")
        note_event("visit")

    assert len(told) == 1


def test_a_log_is_bounded(tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What exceeds the bound is left out whole, and said."""
    monkeypatch.setattr(log, "MOST_BYTES", 1_000)
    with run_log(tmp_path, RUN, 90, told.append):
        for _ in range(50):
            note_event("visit", detail="x" * 100)

    assert 1 <= len(logged(tmp_path)) < 10
    assert (tmp_path / "logs" / f"{RUN}.jsonl").stat().st_size <= 1_000
    assert len(told) == 1
