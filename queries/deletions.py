"""What a deletion would do, or did -> sentences and JSON for the commands `retention` and `forget`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from crawler.language import say
from pipelines.deleting import Doomed
from pipelines.forget import Forgetting

# Packed files hold words that nobody finds by searching: they are named wherever they lie.
_PACKED = (".pdf", ".xlsx", ".docx", ".zip", ".parquet")


def counted(doomed: Sequence[Doomed]) -> dict[str, int]:
    """How many payloads by rule."""
    return dict(sorted(Counter(one.rule for one in doomed).items()))


def retention_text(doomed: Sequence[Doomed], gone: int | None) -> str:
    """Of a retention; `gone` = bytes that were deleted, None = nothing was done."""
    told = ", ".join(f"{rule} {number}" for rule, number in counted(doomed).items()) or say("tidak ada", "nothing")
    if gone is None:
        return say(f"akan dihapus: {told}; hapus dengan --apply", f"would be deleted: {told}; delete with --apply")
    return say(f"dihapus: {told}; {gone} bita", f"deleted: {told}; {gone} bytes")


def forget_text(plan: Forgetting, copies: Sequence[Path], gone: int | None) -> str:
    """Of a forgetting, line by line."""
    return "\n".join(_forget_lines(plan, copies, gone))


def forget_json(plan: Forgetting, copies: Sequence[Path], gone: int | None) -> dict[str, Any]:
    """The same for programs."""
    return {
        "posts": plan.posts, "submissions": plan.submissions, "payloads": len(plan.doomed), "shared": plan.shared,
        "kept_media": plan.kept_media, "verdicts": [dict(row) for row in plan.verdicts], "copies": list(copies),
        "deleted_bytes": gone,
    }  # fmt: skip


def _forget_lines(plan: Forgetting, copies: Sequence[Path], gone: int | None) -> Iterator[str]:
    counts = len(plan.posts), len(plan.submissions), len(plan.doomed)
    yield say("unggahan: {}, kiriman: {}, berkas bukti: {}", "posts: {}, submissions: {}, payloads: {}").format(*counts)
    for post_id in plan.shared:
        yield say(f"ikut kehilangan bukti: {post_id}", f"loses its evidence too: {post_id}")
    for sha256 in plan.kept_media:
        yield say(f"tetap disimpan, ditampilkan unggahan lain juga: {sha256}",
                  f"stays, other posts show it too: {sha256}")  # fmt: skip
    for row in plan.verdicts:
        duty = f"{row['agency_id']} {row['campaign_id']}/{row['material_id']} {row['opens_at']:%Y-%m-%d}"
        yield say(f"hasil yang kehilangan dasar: {duty} ({row['status']})",
                  f"verdict that loses its ground: {duty} ({row['status']})")  # fmt: skip
    for path in copies:
        yield say(f"mungkin memuatnya; hapus atau buat ulang: {path}", f"may hold it; delete or make again: {path}")
    if gone is None:
        yield say("belum ada yang dihapus; hapus dengan --yes", "nothing was deleted; delete with --yes")
    else:
        yield say(f"{gone} bita dihapus", f"{gone} bytes deleted")


def copies_of(home: Path, needles: Sequence[str], store: Path) -> list[Path]:
    """Files of the workspace that may hold what is forgotten: reports, letters, sites, bundles, older stores.

    Texts are searched; what is packed is named without looking.
    """
    wanted = [needle.encode() for needle in needles if needle]
    beside = (one for one in sorted(home.rglob("*")) if not one.is_relative_to(home / "evidence") and one != store)
    found = [one for one in beside if one.is_file()]
    return [one for one in found if _may_hold(one, store, wanted)]


def _may_hold(path: Path, store: Path, wanted: Sequence[bytes]) -> bool:
    if path.name.startswith(store.name) or path.suffix in _PACKED:
        return True
    body = path.read_bytes()
    return any(needle in body for needle in wanted)
