"""What an audit found -> its last words, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crawler.language import say
from pipelines.audit import Audited

MOST_TOUCHED = 50  # verdicts that are named to people; programs get all


def audit_object(done: Audited) -> dict[str, Any]:
    """For programs. `bytes`: on disk; `touched`: the newest verdicts that rest on what is damaged."""
    return {
        "checked": done.checked, "bytes": done.bytes, "head": done.head, "found": list(done.found),
        "deleted": done.deleted, "deleted_bytes": done.deleted_bytes, "notes": list(done.notes),
        "touched": list(done.touched),
    }  # fmt: skip


def audit_text(done: Audited) -> str:
    """For people: damage, remarks, the statements in doubt, and the count."""
    count = say(f"{done.checked} catatan bukti diperiksa, {len(done.found)} tidak cocok",
                f"{done.checked} evidence entries checked, {len(done.found)} do not hold")  # fmt: skip
    if done.deleted:
        count += say(f", {done.deleted} sengaja dihapus ({done.deleted_bytes} bita)",
                     f", {done.deleted} deleted on purpose ({done.deleted_bytes} bytes)")  # fmt: skip
    notes = [say(f"catatan: {note}", f"note: {note}") for note in done.notes]
    return "\n".join([*done.found, *notes, *_touched(done), count])


def _touched(done: Audited) -> Iterator[str]:
    if done.touched:
        yield say(f"Hasil verifikasi yang bersandar padanya: {len(done.touched)}",
                  f"Verdicts that rest on it: {len(done.touched)}")  # fmt: skip
    elif done.found:
        yield say("Tidak ada hasil verifikasi terbaru yang diketahui bersandar padanya",
                  "None of the newest verdicts is known to rest on it")  # fmt: skip
    yield from map(_verdict, done.touched[:MOST_TOUCHED])
    if len(done.touched) > MOST_TOUCHED:
        yield f"  … {len(done.touched) - MOST_TOUCHED}"


def _verdict(one: Mapping[str, Any]) -> str:
    window = f"{one['opens_at']:%Y-%m-%d %H:%M} – {one['closes_at']:%Y-%m-%d %H:%M} UTC"
    return f"  {one['agency_id']}  {one['campaign_id']} {one['material_id']}  {window}  {one['status']}"
