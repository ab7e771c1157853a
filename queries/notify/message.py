"""What is due, with figures and sights -> the title and the plain text of a message, in the instance's language. Pure.

Nobody is accused: a pending duty was not seen up to an instant, or was not observed. Only a proved absence is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from crawler.items import Cause
from pipelines.items import Duty, Status, Verdict
from queries.notify.due import Due, is_awaited
from queries.notify.layout import Group, Part, laid_out, one_line
from queries.report.scope import figures_of
from queries.wording import Wording

MOST_ALARMS, ALARM_LENGTH = 4, 300  # the report names them all
Key = tuple[str, str, str, datetime]


@dataclass(frozen=True, slots=True)
class Message:
    """One plain text of at most `layout.LONGEST` characters, and its title of one line."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What messages are made from.

    `names` of agencies, in the order in which lists name them, and `titles` of materials (by campaign and material)
    by their ids; `sights`: until when
    nothing was seen of a pending duty (None or absent = not observed); `unseen`: accounts not wholly read, by cause;
    `alarms`: trouble of ours, in sentences; `report`: the report's address, "" = none.
    """

    name: str
    day: date
    as_of: datetime
    verdicts: Sequence[Verdict]
    names: Mapping[str, str]
    titles: Mapping[tuple[str, str], str]
    sights: Mapping[Key, datetime | None]
    unseen: Mapping[Cause, int]
    alarms: Sequence[str] = ()
    report: str = ""
    seal: str = ""


def summary(scene: Scene, wording: Wording) -> Message:
    """Figures, what could not be observed, who is missing, who is still awaited, the report's address."""
    figures = figures_of(scene.verdicts)
    counts = " · ".join(f"{wording.text(f'status.{status}')} {number}" for status, number in figures.counts.items())
    done = wording.text("notify.figures" if figures.due else "figures.none_due", done=figures.done, due=figures.due)
    ahead = wording.text("figures.ahead", count=figures.ahead) if figures.ahead else ""
    head = [
        *(f"{one_line(line, ALARM_LENGTH)}\n" for line in scene.alarms[:MOST_ALARMS]),
        one_line(scene.name), wording.text("notify.as_of", time=wording.moment(scene.as_of)), "",
        " ".join(filter(None, (done, ahead))), counts,
    ]  # fmt: skip
    parts = [_unseen(scene, wording), _missing(scene, wording), _awaited(scene, wording)]
    seal = wording.text("notify.seal", seal=scene.seal) if scene.seal else ""
    foot = "\n".join(filter(None, (wording.text("notify.report", url=scene.report) if scene.report else "", seal)))
    title = wording.text("notify.title", name=one_line(scene.name), date=wording.full_date(scene.day))
    return Message(title, laid_out("\n".join(head), [one for one in parts if one], foot, _more(wording)))


def reminder(scene: Scene, wording: Wording, dues: Sequence[Due]) -> Message:
    """Who is still awaited, by material with the time left: a text that may be passed on as it is."""
    verdicts = [due.verdict for due in dues if due.verdict]
    note = wording.text("notify.note")
    head = "\n".join([
        wording.text("notify.copy"), "———", wording.text("notify.greeting"),
        wording.text("notify.as_of", time=wording.moment(scene.as_of)),
    ])  # fmt: skip
    part = Part(wording.text("notify.closing_soon", count=len(verdicts)), _by_material(scene, wording, verdicts))
    foot = f"{note}\n{wording.text('notify.thanks')}\n{one_line(scene.name)}"
    title = wording.text("notify.reminder", name=one_line(scene.name))
    return Message(title, laid_out(head, [part], foot, _more(wording)))


def _unseen(scene: Scene, wording: Wording) -> Part | None:
    """First of all what was not observed: it is why others are not called missing."""
    unknown = sum(verdict.status is Status.UNKNOWN for verdict in scene.verdicts)
    if not unknown and not scene.unseen:
        return None
    lines = [f"- {wording.text(f'cause.{cause}')}: {number}" for cause, number in scene.unseen.items()]
    return Part(wording.text("notify.unseen", count=unknown), (Group("", tuple(lines)),))


def _missing(scene: Scene, wording: Wording) -> Part | None:
    missing = [verdict for verdict in scene.verdicts if verdict.status is Status.MISSING]
    if not missing:
        return None

    def line(verdict: Verdict) -> str:
        note = one_line(wording.note(verdict)) if verdict.decided_by == "tayang" else ""
        return f"{_agency(scene, verdict)}{f' ({note})' if note else ''}"

    def title(duty: Duty) -> str:
        return wording.text("notify.window", title=_title(scene, duty), window=wording.window(duty.window))

    return Part(wording.text("notify.missing", count=len(missing)), _grouped(scene, missing, title, line))


def _awaited(scene: Scene, wording: Wording) -> Part | None:
    awaited = [verdict for verdict in scene.verdicts if is_awaited(verdict)]
    if not awaited:
        return None
    return Part(wording.text("notify.pending", count=len(awaited)), _by_material(scene, wording, awaited))


def _by_material(scene: Scene, wording: Wording, verdicts: Sequence[Verdict]) -> tuple[Group, ...]:
    """Awaited duties, those that end first before others."""

    def title(duty: Duty) -> str:
        left = int((duty.window.end - scene.as_of).total_seconds() // 60)
        until, span = wording.moment(duty.window.end), wording.duration(left)
        return wording.text("notify.left", title=_title(scene, duty), time=until, span=span)

    def line(verdict: Verdict) -> str:
        until = scene.sights.get(verdict.duty.key)
        if until is None:
            return f"{_agency(scene, verdict)}: {wording.text('notify.not_observed')}"
        time = f"{wording.short_date(until)} {wording.clock(until)}"
        return f"{_agency(scene, verdict)}: {wording.text('notify.not_seen', time=time)}"

    return _grouped(scene, sorted(verdicts, key=lambda verdict: verdict.duty.window.end), title, line)


def _grouped(
    scene: Scene, verdicts: Sequence[Verdict], title: Callable[[Duty], str], line: Callable[[Verdict], str]
) -> tuple[Group, ...]:  # fmt: skip
    """One group for each material and window, in the order given; within it the agencies in the scene's order."""
    places = {agency_id: at for at, agency_id in enumerate(scene.names)}
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        found.setdefault(title(verdict.duty), []).append(verdict)
    for held in found.values():
        held.sort(key=lambda one: places.get(one.duty.agency_id, len(places)))
    return tuple(Group(name, tuple(f"- {line(one)}" for one in held)) for name, held in found.items())


def _agency(scene: Scene, verdict: Verdict) -> str:
    return one_line(scene.names.get(verdict.duty.agency_id, verdict.duty.agency_id))


def _title(scene: Scene, duty: Duty) -> str:
    return one_line(scene.titles.get((duty.campaign_id, duty.material_id), duty.material_id))


def _more(wording: Wording) -> Callable[[int], str]:
    return lambda count: wording.text("notify.more", count=count)
