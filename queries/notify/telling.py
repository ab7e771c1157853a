"""A workspace after a run -> what is due told to every receiver, each attempt recorded before and after.

Trouble with a receiver or a message is told and never ends a run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from crawler.errors import TayangError, WrongUse
from crawler.items import Agency
from crawler.language import say
from crawler.local_time import now_utc
from crawler.notify_settings import NotifySettings, notify_urls
from crawler.redaction import redact
from crawler.written_secrets import NOTIFY_VARIABLE
from pipelines.check import Workspace
from pipelines.items import Verdict
from pipelines.notifications import FAILED, SENT, Told, Tried, note_begun, note_ended, tried_before
from pipelines.said import HEAD_SQL
from pipelines.store import Store
from pipelines.verify import Knowledge
from queries.alarms import headline, read_alarms
from queries.daily import day_of
from queries.notify.due import NEVER, REMINDER, SUMMARY, Due, due_reminders, due_summary, is_awaited, still_due
from queries.notify.message import Message, Scene, reminder, summary
from queries.notify.receivers import Receiver, may_be_private, receivers_of, why_refused
from queries.notify.senders import send
from queries.notify.sight import seen_until
from queries.reader import open_store
from queries.report.facts import read_looks
from queries.report.history import read_coverage
from queries.report.scope import local_day, reported, touches
from queries.report.unseen import by_cause, obstacles_of, since_opening
from queries.wording import Wording

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to one receiver. `failure`: why it was not accepted, "" = it was, None = it was not sent."""

    kind: str
    receiver: str
    message: Message
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """Where messages are made and recorded; `tell` takes what went wrong, a line each."""

    workspace: Workspace
    store: Store
    tell: Tell


def tell_after_run(
    workspace: Workspace, store: Store, verdicts: Sequence[Verdict], as_of: datetime, tell: Tell
) -> None:  # fmt: skip
    """The last step of a run: what is due is sent; trouble is a line on stderr. The caller holds the lock."""
    if workspace.instance.notify is None:
        return
    try:
        list(tell_all(Desk(workspace, store, tell), verdicts, as_of))
    except TayangError as trouble:
        tell(redact(say(f"pemberitahuan tidak terkirim: {trouble}", f"notifications were not sent: {trouble}")))


def tell_all(desk: Desk, verdicts: Sequence[Verdict], as_of: datetime, is_dry: bool = False) -> Iterator[Outgoing]:
    """Every message that is due, sent unless `is_dry`; receivers that must not be sent to are told.

    Raises: WrongUse where nobody is to be told or the extra is not installed.
    """
    settings, instance = _settings(desk.workspace), desk.workspace.instance
    receivers = _usable(settings, instance.crawl.allow_private_hosts, desk.tell)
    today = local_day(day_of(as_of, desk.workspace), instance.zone)
    ours = [verdict for verdict in verdicts if touches(verdict.duty.window, reported(today))]
    dues = [*due_summary(ours, today.start.date()), *due_reminders(verdicts, settings.reminders_hours)]
    past = tried_before(desk.store, instance.home)
    waiting = [(receiver, due) for receiver in receivers for due in _messages(dues, receiver, past)]
    if not waiting:
        return
    scene, wording = _scene(desk, ours, as_of), Wording(instance.language, instance.zone)
    for receiver, held in waiting:
        message = summary(scene, wording) if held[0].kind == SUMMARY else reminder(scene, wording, held)
        outgoing = Outgoing(held[0].kind, receiver.label, message)
        yield outgoing if is_dry else _sent(desk, outgoing, _told(receiver, held, past), receiver)


def check_receivers(settings: NotifySettings, environ: Mapping[str, str] = os.environ) -> list[str]:
    """What is wrong with the receivers, for `tayang check`; contacts nothing. Raises: WrongUse."""
    return receivers_of(notify_urls(settings, environ))[1]


def _settings(workspace: Workspace) -> NotifySettings:
    if workspace.instance.notify is None:
        raise WrongUse(say("tayang.toml belum berisi [notify]", "tayang.toml has no table [notify] yet"))
    return workspace.instance.notify


def _usable(settings: NotifySettings, allowed: Sequence[str], tell: Tell) -> list[Receiver]:
    """Those that may be sent to; what keeps the others is told. Raises: WrongUse when none was given at all."""
    urls = notify_urls(settings)
    if not urls:
        raise WrongUse(say(f"belum ada penerima; isi {NOTIFY_VARIABLE} atau notify.urls_file",
                           f"there is no receiver yet; set {NOTIFY_VARIABLE} or notify.urls_file"))  # fmt: skip
    receivers, problems = receivers_of(urls)
    refusals = {one.identity: why_refused(one, allowed) for one in receivers}
    for text in (*problems, *(f"{one.label}: {refusals[one.identity]}" for one in receivers if refusals[one.identity])):
        tell(redact(text))
    return [one for one in receivers if not refusals[one.identity]]


def _messages(dues: Sequence[Due], receiver: Receiver, past: Mapping[str, Tried]) -> Iterator[list[Due]]:
    """What is still due, as one summary and one reminder of all duties."""
    waiting = still_due(dues, receiver.identity, past)
    for kind in (SUMMARY, REMINDER):
        if held := [due for due in waiting if due.kind == kind]:
            yield held


def _told(receiver: Receiver, held: Sequence[Due], past: Mapping[str, Tried]) -> Told:
    """The record of one attempt, begun now."""
    ids = [(due.id_for(receiver.identity), due.subject) for due in held]
    items = tuple((one, subject, past.get(one, NEVER).attempts + 1) for one, subject in ids)
    return Told(held[0].kind, receiver.label, now_utc(), items)


def _sent(desk: Desk, outgoing: Outgoing, told: Told, receiver: Receiver) -> Outgoing:
    """Record, send, record: a kill in between can at worst repeat this one message."""
    note_begun(desk.store, told)
    is_own = may_be_private(receiver, desk.workspace.instance.crawl.allow_private_hosts)
    failure = send(receiver.sender, outgoing.message, may_be_private=is_own)
    note_ended(desk.store, desk.workspace.instance.home, told, FAILED if failure else SENT, failure)
    if failure:
        desk.tell(say(f"pemberitahuan kepada {receiver.label} gagal: {failure}; dicoba lagi pada putaran berikutnya",
                 f"the notification to {receiver.label} failed: {failure}; tried again by the next run"))  # fmt: skip
    return Outgoing(outgoing.kind, outgoing.receiver, outgoing.message, failure)


def _scene(desk: Desk, verdicts: Sequence[Verdict], as_of: datetime) -> Scene:
    """What messages are made from, read once."""
    workspace, instance = desk.workspace, desk.workspace.instance
    day = day_of(as_of, workspace)
    with closing(open_store(instance.home / instance.store_url, instance.zone.key)) as connection:
        coverage = read_coverage(connection, since_opening(verdicts, as_of))
        unseen = by_cause(obstacles_of(verdicts, read_looks(connection, as_of), coverage))
        alarms = headline(read_alarms(connection), Wording(instance.language, instance.zone))
    awaited = [verdict.duty for verdict in verdicts if is_awaited(verdict)]
    knowledge = Knowledge.load(desk.store, awaited)
    report = instance.notify.report_url if instance.notify else ""
    return Scene(
        name=instance.name, day=day, as_of=as_of, verdicts=verdicts,
        names={agency.agency_id: agency.name for agency in by_kind(workspace.registry.agencies)},
        titles={(m.campaign_id, m.material_id): m.title for one in workspace.campaigns for m in one.materials},
        sights={duty.key: seen_until(duty, knowledge.about(duty), as_of) for duty in awaited},
        unseen={cause: len(found) for cause, found in unseen.items()},
        alarms=alarms, report=f"{report}/{day.isoformat()}/index.html" if report else "",
        seal=_seal(desk.store, as_of),
    )  # fmt: skip


def by_kind(agencies: Sequence[Agency]) -> list[Agency]:
    """Kind by kind, as the registry first names them, and within a kind by name: as a reader looks for one."""
    kinds = list(dict.fromkeys(agency.kind for agency in agencies))
    return sorted(agencies, key=lambda one: (kinds.index(one.kind), one.name.casefold()))


def _seal(store: Store, as_of: datetime) -> str:
    """The seal as the report of this instant prints it; empty where nothing was sealed yet."""
    found = store.rows(HEAD_SQL, {"as_of": as_of})
    return f"{found[0]['seq']}:{found[0]['hash']}" if found else ""
