"""The words of `tayang bundle` and a workspace -> what is chosen, where the ZIP goes, and the ZIP."""

from __future__ import annotations

import argparse
import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from crawler.errors import WrongUse
from crawler.language import say
from pipelines.check import Workspace
from pipelines.items import Verdict
from pipelines.ledger import read_lines
from pipelines.rows import evidence_row
from queries.bundle.chain import NAME as LEDGER
from queries.bundle.selection import Selection, check_names
from queries.bundle.write import BundleRequest, Written, write_bundle
from queries.daily import day_of

NAME_LETTERS = 80


def selection_of(arguments: argparse.Namespace, workspace: Workspace) -> Selection:
    """What the words mean. Raises: WrongUse, before anything is read, for a name or a day that is none."""
    try:
        day = date.fromisoformat(arguments.day) if arguments.day else None
    except ValueError as error:
        raise WrongUse(say(f"'{arguments.day}' bukan tanggal; tulis seperti 2024-04-24",
                           f"'{arguments.day}' is no date; write it like 2024-04-24")) from error  # fmt: skip
    agencies = tuple(sorted(set(arguments.agency)))
    selection = Selection(agencies, arguments.campaign, day, arguments.with_submissions)
    check_names(selection, workspace.registry.agencies, workspace.campaigns)
    return selection


def bundle_of(
    workspace: Workspace, verdicts: Sequence[Verdict], as_of: datetime, selection: Selection, out: Path | None
) -> Written:
    """Write the bundle; without `out` into the folder of the day's report.

    Raises: WrongUse where no run has kept any evidence yet.
    """
    instance = workspace.instance
    if not any(map(evidence_row, read_lines(instance.home / LEDGER))):
        raise WrongUse(say("belum ada bukti; jalankan `tayang run` lebih dahulu",
                           "there is no evidence yet; run `tayang run` first"))  # fmt: skip
    day = selection.day or day_of(as_of, workspace)
    target = out or instance.home / "reports" / day.isoformat() / f"{name_of(selection)}.zip"
    return write_bundle(
        BundleRequest(
            home=instance.home, store=instance.home / instance.store_url, instance=instance, as_of=as_of,
            verdicts=verdicts, campaigns=workspace.campaigns, agencies=workspace.registry.agencies,
            selection=selection, out=target,
        )
    )  # fmt: skip


def name_of(selection: Selection) -> str:
    """`bukti-antikorupsi-dinkes`: another choice, another name; safe and short whatever the ids hold."""
    words = ["bukti", *filter(None, [selection.campaign]), *selection.agencies]
    words += ["kiriman"] if selection.with_submissions else []
    whole = "-".join(words)
    safe = re.sub(r"[^A-Za-z0-9_-]+", "-", whole)[:NAME_LETTERS]
    return safe if safe == whole else f"{safe}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"
