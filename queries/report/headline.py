"""The report's content -> its headline in words: the figures of the day and of the span, and who ordered it."""

from __future__ import annotations

from pipelines.items import Instrument
from queries.report.content import Content
from queries.report.scope import Figures, local_day, reported
from queries.wording import Wording


def told_figures(content: Content, wording: Wording) -> list[tuple[str, str, Figures]]:
    """(text key, its date, figures): the day's own duties first, then all of the report."""
    today = local_day(content.request.day, wording.zone)
    whole = reported(today, content.request.days)
    spans = (("today", today, content.matrix.todays), ("since", whole, content.matrix.figures))
    return [(key, wording.short_date(span.start), figures) for key, span, figures in spans]


def told_instruments(content: Content, wording: Wording) -> list[tuple[str, list[str]]]:
    """Each campaign of the day with the letters that order it."""
    wanted = {column.campaign_id for column in content.matrix.columns}
    campaigns = [one for one in content.request.campaigns if one.campaign_id in wanted]
    return [(one.title, [_letter(letter, wording) for letter in one.instruments]) for one in campaigns]


def _letter(letter: Instrument, wording: Wording) -> str:
    day = wording.full_date(letter.issued_on)
    return wording.text("title.instrument", number=letter.number, issuer=letter.issuer, date=day)
