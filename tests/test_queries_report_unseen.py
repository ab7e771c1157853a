"""What is told of accounts that were not observed: each for its own duties, never for another account's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from crawler.items import Cause, Span
from pipelines.items import Duty, Status, Verdict
from queries.report.facts import LookFact, UnreadFact
from queries.report.headline import told_read
from queries.report.unseen import Obstacle, obstacles_of
from queries.wording import Wording

IG, WEB = "instagram:dinas", "news:https://dinas.example"


def at(day: int) -> datetime:
    return datetime(2024, 4, day, tzinfo=UTC)


def unknown(day: int, reason: str, *accounts: str, agency: str = "dinas") -> Verdict:
    """A duty of one day of which nothing can be said."""
    duty = Duty("kampanye", "materi", agency, Span(at(day), at(day + 1)), accounts=accounts)
    return Verdict(duty, Status.UNKNOWN, at(28), reason)


def look(account: str, outcome: str | None = "complete", cause: str | None = None) -> LookFact:
    """How the newest visit of an account of the agency ended."""
    channel, _, handle = account.partition(":")
    return LookFact(channel, "dinas", handle, outcome, cause, "")


def told(found: tuple[Obstacle, ...]) -> list[tuple[str, str, int]]:
    return [(one.cause.value, one.account, one.duties) for one in found]


def test_an_account_answers_for_its_own_duties_alone() -> None:
    """Blocked today, but read on the day in question: the gap on the other account is what nobody knows about."""
    verdicts = [unknown(20, "gap", IG, WEB), unknown(22, "blocked", IG), unknown(23, "blocked", IG, WEB)]
    looks = [look(IG, "blocked", "blocked"), look(WEB)]
    coverage = {IG: (Span(at(19), at(22)),), WEB: (Span(at(22), at(25)),)}

    assert told(obstacles_of(verdicts, looks, coverage)) == [("blocked", IG, 2), ("gap", WEB, 1)]


def test_another_accounts_cause_is_not_laid_at_a_door() -> None:
    """Two accounts were not read over the window; the one whose last visit was whole has a gap, it is not blocked."""
    looks = [look(IG, "blocked", "blocked"), look(WEB)]

    assert told(obstacles_of([unknown(20, "blocked", IG, WEB)], looks, {})) == [("blocked", IG, 1), ("gap", WEB, 1)]


def test_a_withheld_picture_is_told_of_the_account_that_posted_it() -> None:
    """Both accounts were read; one of them has a post whose picture the source withheld."""
    read = {IG: (Span(at(19), at(25)),), WEB: (Span(at(19), at(25)),)}
    verdicts = [unknown(20, "media_unavailable", IG, WEB), unknown(21, "gap", "telegram:dinas")]
    unread = [UnreadFact("media", "p", "instagram", "dinas", "dinas", "https://x", at(20), "withheld")]
    found = obstacles_of(verdicts, [look(IG), look(WEB)], read, unread)

    assert told(found) == [("gap", "telegram:dinas", 1), ("media_unavailable", IG, 1)]


def test_an_agency_without_account_and_one_that_hinders_nothing() -> None:
    """The first is told without an account, with its duties; the second with none."""
    found = obstacles_of([unknown(20, "no_account", agency="rsud")], [look(IG, "private", "private")], {})

    assert found == (
        Obstacle(Cause.NO_ACCOUNT, "rsud", "", "", 1), Obstacle(Cause.PRIVATE, "dinas", IG, "", 0),
    )  # fmt: skip


def test_only_a_proved_absence_names_accounts_as_read() -> None:
    """Not where a person's word stands in its place, nor for any other status."""
    missing, wording = replace(unknown(20, "", IG, WEB), status=Status.MISSING), Wording("id", ZoneInfo("Asia/Jakarta"))

    assert told_read(missing, wording, {}) == "Instagram @dinas, situs https://dinas.example"
    assert told_read(replace(missing, decided_by="Ibu Ani"), wording, {}) == ""
    assert told_read(unknown(20, "gap", IG), wording, {}) == ""
