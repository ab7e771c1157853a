"""A workspace with evidence of every kind and the ways to harm it: for the audit's tests and its bench."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from crawler.items import Account, Capture, Media, Outcome, Page, Post, Quality, Span, Visit
from pipelines.evidence import Evidence
from pipelines.reviews import Review, record
from pipelines.rows import evidence_row, head_rows, post_rows, sighting_rows, visit_row
from pipelines.sealed import SIGHTING, VISIT, seal_run, sighting_note, visit_note
from pipelines.store import Store

AT = datetime(2024, 4, 24, 3, tzinfo=UTC)
OPENS, CLOSES = AT - timedelta(hours=10), AT + timedelta(hours=14)
WORDS = ["apel", "pagi", "dinas", "kegiatan", "bupati", "rapat", "klaten", "kampanye", "layanan", "publik", "warga"]
TABLES = (
    "post_rows", "visit_rows", "sighting_rows", "evidence_rows", "sign_rows", "verdict_rows", "newest_verdict_rows",
    "review_rows", "seal_rows", "run_rows",
)  # fmt: skip


def build(home: Path, accounts: int = 3, media_bytes: int = 3000, page_posts: int = 5, runs: int = 2) -> Store:
    """Two runs over some accounts, signs, verdicts and a decision; bytes by a fixed seed, as a crawl writes them."""
    luck, store = random.Random(7), Store(home / "tayang.duckdb")
    home.mkdir(parents=True, exist_ok=True)
    (home / "tayang.toml").write_text('[instance]\nname = "Uji"\ntimezone = "Asia/Jakarta"\n', encoding="utf-8")
    store.prepare()
    for number in range(runs):
        _run(home, store, f"2024042{4 + number}T030000", accounts, (media_bytes, page_posts, luck))
    store.say_signs({"sign_rows": [_sign(one) for one in range(accounts - 1)]})
    store.replace({"duty_rows": [_duty(one) for one in range(accounts)]})
    store.say_verdicts([_verdict(one, one < accounts - 1) for one in range(accounts)])
    record(store, home, Review("a" * 24, None, "anti", "tip", "a0", OPENS, "exempt", "Bu Sri", "cuti", AT))
    return store


def _run(home: Path, store: Store, run_id: str, accounts: int, size: tuple[int, int, random.Random]) -> None:
    at = datetime.strptime(f"{run_id}+0000", "%Y%m%dT%H%M%S%z")
    store.begin_run(run_id, "run", at)
    evidence, pages, visits = Evidence(home, run_id, {}), [], []
    for one in range(accounts):
        page, visit = _look(one, run_id, at, size)
        for capture in page.captures:
            evidence.keep(capture, page.account.key)
        evidence.note(SIGHTING, sighting_note(page))
        evidence.note(VISIT, visit_note(visit))
        pages.append(replace(page, captures=()))
        visits.append(visit_row(visit))
    lines = evidence.commit()
    store.append({
        "post_rows": [row for page in pages for row in post_rows(page)],
        "sighting_rows": [row for page in pages for row in sighting_rows(page)], "visit_rows": visits,
        "evidence_rows": [row for line in lines if (row := evidence_row(line))], "ledger_head_rows": head_rows(lines),
    })  # fmt: skip
    store.end_run(run_id, at, 0, "{}")
    seal_run(store, home, run_id)


def _look(one: int, run_id: str, at: datetime, size: tuple[int, int, random.Random]) -> tuple[Page, Visit]:
    media_bytes, posts, luck = size
    account = Account(f"a{one}", "instagram", f"a{one}")
    said = [{"id": n, "run": run_id, "caption": " ".join(luck.choices(WORDS, k=40))} for n in range(posts)]
    body, picture = json.dumps({"account": one, "media": said}).encode(), luck.randbytes(media_bytes)
    answer = Capture("graph", f"https://g.example/{one}", f"https://g.example/{one}", 200,
                     (("content-type", "application/json"),), body, at)  # fmt: skip
    medium = Capture("media", f"https://m.example/{one}/{run_id}", f"https://m.example/{one}/{run_id}", 200,
                     (("content-type", "image/jpeg"),), picture, at)  # fmt: skip
    shown = (Media(f"m{one}-{run_id}", "image", medium.url, medium.sha256),)
    post = Post(f"instagram:{one}", "instagram", account.agency_id, account.handle, str(one), f"https://i.example/{one}",
                AT, AT, Quality.EXACT, said[0]["caption"] if posts else "", (), shown,
                evidence_sha256=answer.sha256)  # fmt: skip
    page = Page(run_id, account, (post,), (answer, medium), at)
    covers = Span(OPENS - timedelta(days=1), at + timedelta(days=2))
    return page, Visit(run_id, account, at, at + timedelta(minutes=1), Outcome.COMPLETE, covers, 1)


def _sign(one: int) -> dict[str, object]:
    return {
        "post_id": f"instagram:{one}", "content_id": f"{one:032}", "reference_id": "r1", "campaign_id": "anti",
        "material_id": "tip", "matcher": "image", "score": 0.9 + one / 1000, "decision": "match",
        "explanation": '{"id": "mirip"}', "media_sha256": None, "lacking": [], "matched_at": AT,
    }  # fmt: skip


def _duty(one: int) -> dict[str, object]:
    return {
        "campaign_id": "anti", "material_id": "tip", "agency_id": f"a{one}", "opens_at": OPENS, "closes_at": CLOSES,
        "grace_hours": 0.0, "keep_hours": 0.0, "rule": "must", "accounts": [f"instagram:a{one}"],
        "exempt_reason": None,
    }  # fmt: skip


def _verdict(one: int, is_shown: bool) -> dict[str, object]:
    found = {"post_id": f"instagram:{one}", "post_url": f"https://i.example/{one}", "published_at": AT,
             "matcher": "image", "score": 0.9 + one / 1000, "grade": "A"}  # fmt: skip
    return {
        "campaign_id": "anti", "material_id": "tip", "agency_id": f"a{one}", "opens_at": OPENS, "closes_at": CLOSES,
        "status": "fulfilled" if is_shown else "missing", "reason": "", "minutes_late": None, "decided_by": "tayang",
        "as_of": CLOSES + timedelta(days=1), **(found if is_shown else {}),
    }  # fmt: skip


# -- harm -----------------------------------------------------------------------------------


def files_of(home: Path, part: str) -> list[Path]:
    """Files of the evidence: `warc`, `media`, `said`, or `ledger`."""
    if part == "ledger":
        return [home / "evidence" / "ledger.jsonl"]
    return sorted(path for path in (home / "evidence" / part).rglob("*") if path.is_file())


def flip(path: Path, at: int, by: int) -> None:
    """One byte of a file, changed in place."""
    with path.open("r+b") as stream:
        stream.seek(at)
        [byte] = stream.read(1)
        stream.seek(at)
        stream.write(bytes([byte ^ by]))


def change_row(store: Path, luck: random.Random) -> str:
    """One random cell of one row, by SQL as anybody could; says which."""
    with duckdb.connect(str(store)) as connection:
        counts = {one: _count(connection, one) for one in TABLES}
        table = luck.choice([one for one in TABLES if counts[one]])
        named = "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index"
        columns = connection.execute(named, [table]).fetchall()
        column, kind = luck.choice([one for one in columns if one[1] in CHANGES])
        row = luck.randrange(counts[table])
        changed = CHANGES[kind].format(column=column)
        connection.execute(f"UPDATE {table} SET {column} = {changed} WHERE rowid = {row}")
        return f"{table}.{column}, row {row}"


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found[0]) if found else 0


CHANGES = {
    "VARCHAR": "coalesce({column}, '') || 'x'", "BIGINT": "coalesce({column}, 0) + 1",
    "INTEGER": "coalesce({column}, 0) + 1", "DOUBLE": "coalesce({column}, 0) + 0.01",
    "BOOLEAN": "NOT coalesce({column}, false)",
    "TIMESTAMP WITH TIME ZONE": "coalesce({column}, now()) + INTERVAL 1 HOUR",
}  # fmt: skip
