"""What happens in a run -> `logs/<run_id>.jsonl`, one JSON object a line, without secrets.

A log is for looking things up; no statement rests on it. So it never ends a run: where it cannot be written, that is
said once, and the run goes on.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.items import Page, Visit
from crawler.language import say
from crawler.redaction import redact

FOLDER = "logs"
MOST_BYTES = 50_000_000  # of one run; what would exceed it is left out
EVENTS = logging.getLogger("tayang.events")
EVENTS.setLevel(logging.INFO)


class Traffic:
    """Answers and bytes of the looks under way, by account."""

    def __init__(self) -> None:
        self._by_account: dict[str, tuple[int, int]] = {}

    def add(self, item: Page | Visit) -> None:
        """Count an item's captures, and the questions that got no answer."""
        requests, size = self._by_account.get(item.account.key, (0, 0))
        requests += len(item.captures) + (len(item.failed) if isinstance(item, Visit) else 0)
        self._by_account[item.account.key] = (requests, size + sum(len(one.body) for one in item.captures))

    def end(self, account: str) -> dict[str, int]:
        """What a look that has ended cost."""
        requests, size = self._by_account.pop(account, (0, 0))
        return {"requests": requests, "bytes": size}


def note_event(event: str, **fields: Any) -> None:
    """One line of the run's log, if one is open."""
    EVENTS.info("%s", event, extra={"fields": {"event": event, **fields}})


def note_visit(visit: Visit, cost: dict[str, int]) -> None:
    """How a look ended and what it cost."""
    seconds = (visit.finished_at - visit.started_at).total_seconds()
    note_event(
        "visit", channel=visit.account.channel, account=visit.account.key, outcome=visit.outcome.value,
        cause=visit.cause.value if visit.cause else None, detail=visit.detail, posts=visit.posts_seen,
        is_observed=visit.is_observed, seconds=round(seconds, 3), **cost,
    )  # fmt: skip


@contextmanager
def run_log(home: Path, run_id: str, keep_days: int, tell: Callable[[str], None]) -> Iterator[None]:
    """Log the run inside the block, and drop logs older than `keep_days`; 0 = keep none and write none."""
    _drop_old(home / FOLDER, keep_days)
    handler = RunLog(home / FOLDER / f"{run_id}.jsonl", run_id, tell) if keep_days else None
    if handler:
        logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        if handler:
            logging.getLogger().removeHandler(handler)
            handler.close()


class JsonLine(logging.Formatter):
    """A log record as one JSON object: an event's own fields, or where a warning came from and what it says."""

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self._run_id = run_id

    def format(self, record: logging.LogRecord) -> str:
        """Keys in a fixed order, no secrets."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "run_id": self._run_id}
        fields = getattr(record, "fields", None)
        told |= fields or {"event": "log", "logger": record.name, "message": record.getMessage()}
        if record.exc_info:
            told["traceback"] = record.exc_text or self.formatException(record.exc_info)
        # Before it becomes JSON: behind a quote's backslash a secret would take the quote with it.
        return json.dumps({key: _clean(value) for key, value in told.items()}, ensure_ascii=False)


class RunLog(logging.FileHandler):
    """Events, and warnings of every part of the program. Trouble with the file is told once, then it stays silent."""

    def __init__(self, path: Path, run_id: str, tell: Callable[[str], None]) -> None:
        """The file is opened with the first line."""
        super().__init__(path, encoding="utf-8", delay=True)
        self._path, self._tell, self._left, self._is_silent = path, tell, MOST_BYTES, False
        self.setFormatter(JsonLine(run_id))
        self.addFilter(lambda record: record.name == EVENTS.name or record.levelno >= logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line, unless the file is full or could not be written before."""
        if self._is_silent:
            return
        try:
            line = self.format(record) + "\n"
            self._left -= len(line.encode())
            if self._left < 0:
                self._end(say("sudah penuh; sisanya tidak dicatat", "it is full; the rest is left out"))
                return
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self.stream = self.stream or self._open()
            self.stream.write(line)
            self.stream.flush()
        except OSError as trouble:
            self._end(say(f"tidak dapat ditulis: {trouble.strerror}", f"cannot be written: {trouble.strerror}"))

    def close(self) -> None:
        """Close the file; what a full disk still holds back is lost."""
        try:
            super().close()
        except OSError as trouble:
            self._end(str(trouble.strerror))

    def _end(self, sentence: str) -> None:
        if not self._is_silent:
            self._is_silent = True
            self._tell(f"{FOLDER}/{self._path.name}: {sentence}")


def _clean(value: Any) -> int | float | str | None:
    return value if isinstance(value, int | float | None) else redact(str(value))


def _drop_old(folder: Path, keep_days: int) -> None:
    """Remove logs that are too old; one that cannot be removed is tried again next time."""
    oldest = time.time() - keep_days * 86_400
    for path in folder.glob("*Z.jsonl"):
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
        except OSError:
            continue
