"""A workspace and its verdicts -> the letters a user asked for, beside the report of that day."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime

from crawler.items import Span
from crawler.language import say
from pipelines.check import Workspace
from pipelines.items import Status, Verdict
from pipelines.store import store_at
from pipelines.verify import Knowledge
from queries.daily import day_of
from queries.letters.request import LetterRequest, Order
from queries.letters.templates import logo_of
from queries.letters.write import Written, write_letters
from queries.notify.sight import seen_until
from queries.reader import open_store
from queries.report.facts import Facts, read_facts
from queries.report.history import DutyKey


def letters_of_workspace(
    workspace: Workspace, order: Order, verdicts: Sequence[Verdict], as_of: datetime
) -> Written:
    """Write the letters of the local day that `as_of` tells about, by default into reports/<day>/letters."""
    facts = _facts(workspace, verdicts, as_of)
    request = LetterRequest(
        workspace.instance, day_of(as_of, workspace), as_of, verdicts, workspace.campaigns, workspace.registry.agencies,
        facts.posts, facts.signs, _sights(workspace, verdicts), logo_of(workspace.instance.logo),
    )  # fmt: skip
    return write_letters(order, request, workspace.instance.home)


def nothing_to_write(name: str, written: Written) -> list[str]:
    """A sentence for each agency that gets no letter."""
    return [
        say(f"{agency.agency_id}: tidak ada yang perlu ditulis dalam {name}",
            f"{agency.agency_id}: nothing to write in {name}")
        for agency in written.without
    ]  # fmt: skip


def _sights(workspace: Workspace, verdicts: Sequence[Verdict]) -> dict[DutyKey, datetime | None]:
    """Up to when nothing was to be seen of what is pending in an open window, as reminders by message say it."""
    instance, waiting = workspace.instance, [one for one in verdicts if one.status is Status.PENDING]
    duties = [verdict.duty for verdict in waiting]
    knowledge = Knowledge.load(store_at(instance.home, instance.store_url), duties)
    return {one.duty.key: seen_until(one.duty, knowledge.about(one.duty), one.as_of) for one in waiting}


def _facts(workspace: Workspace, verdicts: Sequence[Verdict], as_of: datetime) -> Facts:
    """The posts that verdicts rest on; what went unread is the judge's, not the letters'."""
    instance = workspace.instance
    ids = [verdict.post_id for verdict in verdicts if verdict.post_id]
    with closing(open_store(instance.home / instance.store_url, instance.zone.key)) as connection:
        return read_facts(connection, ids, Span(as_of, as_of))
