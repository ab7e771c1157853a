"""The report's content -> what all its formats say in the same words: figures, who ordered it, notes on a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.items import Instrument, Status, Verdict
from queries.alarms import headline, notices, sentence
from queries.report.captions import clean
from queries.report.content import Content
from queries.report.decided import Decided, is_decided
from queries.report.scope import Figures, local_day, reported
from queries.wording import Wording


def told_share(figures: Figures, wording: Wording) -> str:
    """What the share is of, or why there is none, and what was shown ahead of it."""
    told = wording.text("figures.sentence" if figures.due else none_of(figures))
    if not figures.ahead:
        return told
    return f"{told.removesuffix('.')}. {wording.text('figures.ahead', count=figures.ahead)}"


def none_of(figures: Figures) -> str:
    """The key of the sentence that says why there is no share."""
    if figures.has_bans_only:
        return "figures.only_bans"
    return "figures.none_due" if figures.duties else "figures.none_today"


def told_trends(content: Content, wording: Wording) -> str:
    """What shares are of, or that there is none to draw."""
    return wording.text("trends.note" if content.trends.ranking else "trends.nothing")


def told_figures(content: Content, wording: Wording) -> list[tuple[str, str, Figures]]:
    """(text key, its date, figures): the day's own duties first, then all of the report."""
    today = local_day(content.request.day, wording.zone)
    whole = reported(today, content.request.days)
    spans = (("today", today, content.matrix.todays), ("since", whole, content.matrix.figures))
    return [(key, wording.short_date(span.start), figures) for key, span, figures in spans]


def told_note(content: Content, verdict: Verdict, wording: Wording) -> str:
    """Why its status is what it is, and for which other windows the same post stands."""
    windows = ", ".join(wording.window(one) for one in content.also_for(verdict))
    also = wording.text("cards.also_for", windows=windows) if windows else ""
    is_word = is_decided(verdict) and verdict.post_id is None  # a post's evidence names who decided on it
    decided = wording.text("cards.decided_by", name=clean(verdict.decided_by)) if is_word else ""
    edited = wording.text("cards.edited_since") if content.is_edited_since(verdict) else ""
    refusal = content.refused_of(verdict)
    refused = told_refusal(refusal, wording) if refusal else ""
    return "; ".join(filter(None, (wording.note(verdict), also, edited, decided, refused)))


def told_refusal(one: Decided, wording: Wording) -> str:
    """Which post was looked at and was not the material, by whom."""
    at = wording.moment(one.published_at) if one.published_at else "–"
    return wording.text("decided.refused", time=at, name=clean(one.reviewer))


def told_read(verdict: Verdict, wording: Wording, former: Mapping[str, Sequence[str]]) -> str:
    """The accounts that prove an absence, with their former names; empty where a person's word stands for the proof."""
    is_proved = verdict.status is Status.MISSING and not is_decided(verdict)
    return ", ".join(_account(one, former.get(one, ()), wording) for one in verdict.duty.accounts if is_proved)


def _account(account: str, former: Sequence[str], wording: Wording) -> str:
    """Its name, and under which it was read before: the evidence bears that one."""
    name, earlier = wording.account(account), ", ".join(map(wording.account, former))
    return wording.text("lists.renamed", account=name, former=earlier) if earlier else name


def told_decision(one: Decided, wording: Wording) -> str:
    """What was decided: the status of a duty, or whether a post shows the material."""
    return wording.text(f"decided.{one.decision}" if one.post_id else f"status.{one.decision}")


def told_decider(one: Decided, wording: Wording) -> str:
    """Who decided, when, and why."""
    who = wording.text("decided.by", name=clean(one.reviewer), time=wording.moment(one.reviewed_at))
    return f"{who}: {clean(one.reason)}" if one.reason else who


def told_subject(one: Decided, wording: Wording) -> str:
    """The day the window opens, or when the post was published."""
    if one.opens_at:
        return wording.text("decided.window", date=wording.short_date(one.opens_at))
    at = wording.moment(one.published_at) if one.published_at else "–"
    return wording.text("decided.post", time=at)


def told_instruments(content: Content, wording: Wording) -> list[tuple[str, list[str]]]:
    """Each campaign of the day with the letters that order it."""
    wanted = {column.campaign_id for column in content.matrix.columns}
    campaigns = [one for one in content.request.campaigns if one.campaign_id in wanted]
    return [(one.title, [_letter(letter, wording) for letter in one.instruments]) for one in campaigns]


def told_stamps(content: Content, wording: Wording) -> list[str]:
    """Which seal of the ledger outside authorities have confirmed, and when; none where there are no stamps."""
    return [
        wording.text("title.stamped", at=wording.moment(one.stamped_at), authority=one.authority,
                     seal=f"{one.seq}:{one.hash}")
        for one in content.stamps
    ]  # fmt: skip


def told_alarms(content: Content, wording: Wording) -> list[str]:
    """What was strange about the last run, before any figure; none where nothing was."""
    return headline(content.alarms, wording)


def told_notices(content: Content, wording: Wording) -> list[str]:
    """Accounts that fell silent, or that we read wrongly."""
    return [sentence(alarm, wording) for alarm in notices(content.alarms)]


def _letter(letter: Instrument, wording: Wording) -> str:
    day = wording.full_date(letter.issued_on)
    return wording.text("title.instrument", number=letter.number, issuer=letter.issuer, date=day)
