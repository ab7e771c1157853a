"""A workspace and its machine -> one line for each thing that keeps runs going. Reads only; asks only where told to."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from crawler.errors import InvalidWorkspace
from crawler.instance import load_instance
from crawler.language import say
from pipelines.check import open_workspace, warnings_of
from queries.doctor.check import BAD, OK, WARN, Check, exit_code_of, text_of
from queries.doctor.keeping import check_kept
from queries.doctor.machine import (
    check_extras,
    check_lock,
    check_permissions,
    check_timer,
    check_versions,
    check_zones,
)
from queries.doctor.service import check_service, check_token

__all__ = ["examine", "exit_code_of", "text_of"]


def examine(home: Path, now: datetime, online: bool = False) -> list[Check]:
    """Everything that is looked at, in the order to see to it. `online`: ask the service too."""
    found = [_files(home), check_zones(), check_permissions(home), check_versions()]
    found += [check_timer(home), check_lock(home)]
    instance, _problems = load_instance(home)
    if instance is None:
        return found
    found += [check_extras(instance), *check_kept(instance, now)]
    if not _asks_instagram(home):
        return found
    token = check_token(instance, now)
    return [*found, token, *(check_service(instance, now) if online and token.state != BAD else ())]


def _files(home: Path) -> Check:
    try:
        warnings = warnings_of(open_workspace(home))
    except InvalidWorkspace as wrong:
        many = len(wrong.problems)
        return Check("files", BAD, say(f"{many} kesalahan, pertama: {wrong.problems[0]}",
                                       f"{many} mistakes, the first: {wrong.problems[0]}"), "tayang check")  # fmt: skip
    if warnings:
        many = len(warnings)
        return Check("files", WARN, say(f"{many} catatan, pertama: {warnings[0]}",
                                        f"{many} notes, the first: {warnings[0]}"), "tayang check")  # fmt: skip
    return Check("files", OK, say("semua berkas benar", "every file is right"))


def _asks_instagram(home: Path) -> bool:
    try:
        accounts = open_workspace(home).registry.accounts
    except InvalidWorkspace:
        return True
    return any(one.channel == "instagram" for one in accounts)
