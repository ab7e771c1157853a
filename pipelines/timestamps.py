"""The newest line of the ledger -> time stamps of it by outside authorities, kept as evidence and noted behind it.

What is stamped is a line's seal, and so everything before it. The stamp itself can only be noted in a later line; the
next stamp covers that one too. Per stamp: the authority's answer as it came, its certificates once, one ledger line.
Trouble with an authority is told and never ends a run: the next run stamps the head of then, which covers this one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.authority import ask
from crawler.errors import SourceTrouble, TayangError
from crawler.instance import Instance
from crawler.language import say
from crawler.local_time import now_utc
from crawler.redaction import redact
from crawler.timestamp_settings import Authority
from pipelines.evidence import write_whole
from pipelines.ledger import last_line, sealed_bytes
from pipelines.rows import Row
from pipelines.said import seal_line
from pipelines.stamp_token import query_for, verified, why_not_usable
from pipelines.store import Store

TIMESTAMP, ROOTS = "timestamp", "timestamp_roots"
FOLDER = "timestamps"
# The newest stamp of each authority up to an instant. A report of that instant, made again, prints the same.
NEWEST_SQL = """
    SELECT authority, stamped_seq, stamped_hash, stamped_at FROM timestamp_rows WHERE stamped_at <= $as_of
    QUALIFY row_number() OVER (PARTITION BY authority ORDER BY stamped_at DESC, seq DESC) = 1 ORDER BY authority
"""
_KNOWN_ROOTS_SQL = "SELECT count(*) AS known FROM timestamp_rows WHERE roots = $roots"


@dataclass(frozen=True, slots=True)
class _Desk:
    store: Store
    instance: Instance
    line: Mapping[str, Any]


def stamp_after_run(store: Store, instance: Instance, tell: Callable[[str], None]) -> None:
    """Have the ledger's newest line stamped by every authority whose turn it is. The caller holds the lock."""
    settings, now = instance.timestamps, now_utc()
    for text in why_not_usable(settings):
        tell(say(f"cap waktu: {text}", f"time stamps: {text}"))
    due = [] if why_not_usable(settings) else _due(store, instance, now)
    line = last_line(instance.home / "evidence" / "ledger.jsonl") if due else None
    for authority in due if line else ():
        try:
            _stamp(_Desk(store, instance, line or {}), authority)
        except (SourceTrouble, TayangError, OSError) as trouble:
            tell(redact(say(f"cap waktu dari {authority.name} gagal: {trouble}; dicoba lagi pada putaran berikutnya",
                            f"no time stamp by {authority.name}: {trouble}; tried again by the next run")))  # fmt: skip


def timestamp_row(line: Mapping[str, Any]) -> Row:
    """The row of `timestamp_rows` for a ledger line."""
    content = line["content"]
    return {
        "seq": line["seq"], "stamped_seq": content["seq"], "stamped_hash": content["hash"],
        "authority": content["authority"], "stamped_at": datetime.fromisoformat(content["stamped_at"]),
        "path": line["path"], "roots": content["roots"],
    }  # fmt: skip


def _due(store: Store, instance: Instance, now: datetime) -> list[Authority]:
    """Those whose newest stamp is old enough; one from the future, by a clock that was wrong, counts for nothing."""
    apart = timedelta(hours=instance.timestamps.every_hours)
    stamps = store.rows(NEWEST_SQL, {"as_of": now + timedelta(minutes=5)})
    newest = {row["authority"]: row["stamped_at"] for row in stamps}
    return [one for one in instance.timestamps.authorities if one.name not in newest or now - newest[one.name] >= apart]


def _stamp(desk: _Desk, authority: Authority) -> None:
    """One stamp: asked for, believed, kept, sealed, told to the store."""
    crawl, line = desk.instance.crawl, desk.line
    query, roots = query_for(sealed_bytes(line)), authority.roots.read_bytes()
    answer = ask(authority.url, query.body, crawl.user_agent, crawl.allow_private_hosts)
    stamped_at = verified(answer, line["hash"], roots, query.nonce)
    kept_roots = _keep_roots(desk, authority, roots)
    statement = {"kind": TIMESTAMP, **_keep(desk.instance.home, answer, ".tsr"), "content": {
        "authority": authority.name, "url": authority.url, "seq": line["seq"], "hash": line["hash"],
        "stamped_at": stamped_at.isoformat(), "roots": kept_roots,
    }}  # fmt: skip
    noted = seal_line(desk.instance.home, statement)
    desk.store.append({
        "timestamp_rows": [timestamp_row(noted)], "ledger_head_rows": [{"seq": noted["seq"], "hash": noted["hash"]}],
    })  # fmt: skip


def _keep_roots(desk: _Desk, authority: Authority, roots: bytes) -> str:
    """The authority's certificates as they were believed, sealed before the first stamp that rests on them."""
    kept = _keep(desk.instance.home, roots, ".pem")
    [row] = desk.store.rows(_KNOWN_ROOTS_SQL, {"roots": kept["path"]})
    if not row["known"]:
        seal_line(desk.instance.home, {"kind": ROOTS, **kept, "content": {"authority": authority.name}})
    return str(kept["path"])


def _keep(home: Path, body: bytes, suffix: str) -> dict[str, Any]:
    sha256 = hashlib.sha256(body).hexdigest()
    path = home / "evidence" / FOLDER / sha256[:2] / f"{sha256}{suffix}"
    write_whole(path, body)
    return {"path": path.relative_to(home).as_posix(), "sha256": sha256, "bytes": len(body)}
