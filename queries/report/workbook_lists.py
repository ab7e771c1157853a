"""The report's content -> the workbook's lists: what to follow up, what was not seen, and every proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.items import Grade, Status, Verdict
from queries.details import told_detail
from queries.report.captions import shorten
from queries.report.content import Content
from queries.report.decided import Decided, is_decided
from queries.report.facts import UnreadFact, page_behind
from queries.report.headline import told_decider, told_decision, told_note, told_read, told_subject
from queries.report.scope import Column
from queries.report.sheets import Cell, Heading, Link, Look
from queries.report.unseen import Obstacle
from queries.report.workbook_looks import status_cell
from queries.wording import Wording

WHY_LENGTH = 600  # graphemes; one endless explanation must not fill a printed page

# Width in characters; all texts' cells wrap.
WIDTHS: Mapping[str, float] = {
    "agency": 26, "material": 23, "window": 13, "status": 15, "minutes_late": 10, "hours_left": 7, "published": 16,
    "quality": 12, "link": 36, "note": 36, "accounts": 32, "matcher": 11, "score": 10, "grade": 7.5, "why": 34,
    "caption": 28, "decided_by": 12, "page_sha256": 19, "media_sha256": 19, "reason": 60, "cause": 22, "account": 26,
    "about": 26, "decision": 28, "reviewer": 60, "duties": 12, "detail": 26, "todo": 40,
}  # fmt: skip
_NUMBER: Look = {"align": "left"}
_DIGEST: Look = {"font_name": "Consolas", "font_size": 7}


@dataclass(frozen=True, slots=True)
class SheetOf:
    """One list of the workbook."""

    name: str
    title: str
    note: str
    headings: tuple[Heading, ...]
    lines: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A verdict with its duty's column and its agency's name."""

    verdict: Verdict
    column: Column
    agency: str


# A list of verdicts: its statuses in the order of urgency, its columns, and whether it is there when it is empty.
_LISTS: Mapping[str, tuple[tuple[Status, ...], str, bool]] = {
    "late": (
        (Status.LATE, Status.EARLY, Status.INCOMPLETE),
        "agency material window status minutes_late published link note", True,
    ),
    "missing": (
        (Status.MISSING, Status.VIOLATED, Status.PENDING),
        "agency material window status hours_left accounts published link note", True,
    ),
    "review": ((Status.REVIEW,), "agency material window published link matcher score why note", False),
    "exempt": ((Status.EXEMPT,), "agency material window reason", False),
}  # fmt: skip
_EVIDENCE = (
    "agency material window status published quality link matcher score grade why caption decided_by"
    " page_sha256 media_sha256"
)
_DECIDED = "agency material about decision reviewer link"
_UNSEEN = "agency cause account duties published link detail todo"


def sheets_of(content: Content, wording: Wording) -> Iterator[SheetOf]:
    """Every list, in the order of the sheets."""
    teller = Teller(content, wording)
    for key, (statuses, columns, always) in _LISTS.items():
        lines = teller.lines(statuses)
        if lines or always:
            title, note = wording.text(f"sheet_title.{key}"), wording.text(f"sheet_note.{key}")
            yield teller.sheet(key, title, note, columns, [teller.told(columns, line) for line in lines])
    unseen = [*map(teller.told_obstacle, content.obstacles), *map(teller.told_unread, content.facts.unread)]
    note = wording.text("unseen.note" if unseen else content.calm)
    yield teller.sheet("unseen", wording.text("unseen.heading"), note, _UNSEEN, unseen)
    if content.decided:
        title, note = wording.text("decided.heading"), wording.text("sheet_note.decided")
        yield teller.sheet("decided", title, note, _DECIDED, [teller.told_decided(one) for one in content.decided])
    yield teller.proofs()



class Teller:
    """The words of the lists. `COLUMNS` says what stands in each column of a verdict's line."""

    def __init__(self, content: Content, wording: Wording) -> None:
        self.content = content
        self.wording = wording
        self.names = {row.agency.agency_id: row.agency.name for row in content.matrix.rows}
        self.titles = {(m.campaign_id, m.material_id): m.title for c in content.request.campaigns for m in c.materials}
        self.names |= {agency.agency_id: agency.name for agency in content.request.agencies}

    def lines(self, statuses: Sequence[Status]) -> list[Line]:
        """The verdicts of some statuses; status by status unless all are asked for, then duty by duty."""
        matrix = self.content.matrix
        found = [
            Line(verdict, column, row.agency.name)
            for column in matrix.columns
            for row in matrix.rows
            if (verdict := row.cells[column.number - 1]) and verdict.status in statuses
        ]
        whole = len(statuses) == len(Status)
        return found if whole else sorted(found, key=lambda line: statuses.index(line.verdict.status))

    def sheet(self, key: str, title: str, note: str, columns: str, lines: Sequence[tuple[Cell, ...]]) -> SheetOf:
        """A list with its headings."""
        headings = tuple(self._heading(name) for name in columns.split())
        return SheetOf(self.wording.text(f"sheet.{key}"), title, note.replace("`", '"'), headings, tuple(lines))

    def proofs(self) -> SheetOf:
        """Every verdict that rests on a post, with its evidence."""
        text = self.wording.text
        lines = [self.told(_EVIDENCE, line) for line in self.lines(tuple(Status)) if line.verdict.post_id]
        grades = "; ".join(text(f"grade.{grade}") for grade in Grade)
        note = text("method.grades", grades=grades) if lines else text("cards.none")
        return self.sheet("evidence", text("cards.heading"), note, _EVIDENCE, lines)

    def told(self, columns: str, line: Line) -> tuple[Cell, ...]:
        """A verdict's cells in the columns asked for."""
        return tuple(COLUMNS[name](self, line) for name in columns.split())

    def told_obstacle(self, one: Obstacle) -> tuple[Cell, ...]:
        """An account that was not wholly observed."""
        text = self.wording.text
        cause, todo = text(f"cause.{one.cause}"), text(f"todo.{one.cause}").replace("`", '"')
        account = self.wording.account(one.account) if one.account else None
        return (self.agency(one.agency_id), cause, account, one.duties, None, None, self.detail(one.detail), todo)

    def told_decided(self, one: Decided) -> tuple[Cell, ...]:
        """A person's decision."""
        link = Link(one.post_url) if one.post_url else None
        about, decision = told_subject(one, self.wording), told_decision(one, self.wording)
        title = self.titles.get((one.campaign_id, one.material_id), one.material_id)
        return (self.agency(one.agency_id), title, about, decision, told_decider(one, self.wording), link)

    def told_unread(self, one: UnreadFact) -> tuple[Cell, ...]:
        """A post that could not be wholly read."""
        key = "media" if one.what == "media" else "articles"
        cause, todo = (self.wording.text(f"unseen.{name}") for name in (key, f"{key}_todo"))
        account, at = self.wording.account(f"{one.channel}:{one.handle}"), self.wording.naive(one.published_at)
        agency = self.agency(one.agency_id)
        return (agency, cause, account, None, at, Link(one.url), self.detail(one.detail), todo.replace("`", '"'))

    def detail(self, recorded: str) -> str:
        """What a program recorded of its trouble, in words."""
        return told_detail(recorded, self.wording.language)

    def agency(self, agency_id: str) -> str:
        """An agency's name; its id where it is not registered."""
        return self.names.get(agency_id, agency_id)

    def quality(self, line: Line) -> str | None:
        """How far the time of publication can be trusted."""
        post = self.content.post_of(line.verdict)
        return self.wording.text(f"cards.{post.quality}") if post else None

    def why(self, line: Line) -> str:
        """The matcher's own sentence in the report's language."""
        sign = self.content.sign_of(line.verdict)
        told = sign.explanation if sign else {}
        return shorten(told.get(self.wording.language) or told.get("id") or "", WHY_LENGTH)

    def caption(self, line: Line) -> str:
        """The beginning of the post's text."""
        post = self.content.post_of(line.verdict)
        return shorten(post.text) if post else ""

    def page_sha256(self, line: Line) -> str | None:
        """The kept answer that the post was read from."""
        return page_behind(self.content.post_of(line.verdict), self.content.sign_of(line.verdict))

    def media_sha256(self, line: Line) -> str | None:
        """The picture or clip that was recognised."""
        sign = self.content.sign_of(line.verdict)
        return sign.media_sha256 if sign else None

    def _heading(self, name: str) -> Heading:
        zone = self.wording.zone_name(self.content.request.as_of)
        looks: Mapping[str, Look] = {
            "published": {"num_format": self.wording.text("sheet_word.instant")},
            "score": {**_NUMBER, "num_format": "0%"}, "hours_left": {**_NUMBER, "num_format": "0.0"},
            "minutes_late": _NUMBER, "duties": _NUMBER,
            "page_sha256": _DIGEST, "media_sha256": _DIGEST,
        }  # fmt: skip
        return Heading(self.wording.text(f"sheet_column.{name}", zone=zone), WIDTHS[name], looks.get(name, {}))


def _hours_left(line: Line) -> float | None:
    verdict = line.verdict
    left = verdict.duty.window.end - verdict.as_of
    return round(left.total_seconds() / 3600, 2) if verdict.status is Status.PENDING else None


def _decided_by(line: Line) -> str:
    return line.verdict.decided_by if is_decided(line.verdict) else ""


COLUMNS: Mapping[str, Callable[[Teller, Line], Cell]] = {
    "agency": lambda teller, line: line.agency,
    "material": lambda teller, line: line.column.material.title,
    "window": lambda teller, line: teller.wording.window(line.column.window),
    "status": lambda teller, line: status_cell(line.verdict.status, teller.wording),
    "minutes_late": lambda teller, line: line.verdict.minutes_late,
    "hours_left": lambda teller, line: _hours_left(line),
    "published": lambda teller, line: teller.wording.naive(line.verdict.published_at),
    "quality": Teller.quality,
    "link": lambda teller, line: Link(line.verdict.post_url) if line.verdict.post_url else None,
    "note": lambda teller, line: told_note(teller.content, line.verdict, teller.wording),
    "reason": lambda teller, line: told_note(teller.content, line.verdict, teller.wording),
    "accounts": lambda teller, line: told_read(line.verdict, teller.wording, teller.content.former),
    "matcher": lambda teller, line: teller.wording.matcher(line.verdict.matcher),
    "score": lambda teller, line: None if line.verdict.status is Status.REVIEW else line.verdict.score,
    "grade": lambda teller, line: line.verdict.grade,
    "why": Teller.why,
    "caption": Teller.caption,
    "decided_by": lambda teller, line: _decided_by(line),
    "page_sha256": Teller.page_sha256,
    "media_sha256": Teller.media_sha256,
}
