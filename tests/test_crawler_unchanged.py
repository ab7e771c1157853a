"""Earlier answers and 304s -> what is asked, and how much a confirmed answer says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Capture
from crawler.readers.answers import answered_at, is_surely_absent
from crawler.unchanged import as_confirmed, conditions, rules_still_stand

URL = "https://dinas.example/feed/"
THEN = datetime(2026, 1, 1, 8, tzinfo=UTC)
NOW = THEN + timedelta(days=1)
CHALLENGE = b"<title>Just a moment...</title>"


def _answer(status: int = 200, body: bytes = b"<rss></rss>", at: datetime = THEN, **headers: str) -> Capture:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Capture("feed", URL, URL, status, named, body, at)


def test_validators_are_sent_as_they_came():
    """ETag and Last-Modified of the earlier answer are the conditions of the next question."""
    modified = format_datetime(THEN - timedelta(days=9), usegmt=True)
    earlier = _answer(ETag='W/"a"', Last_Modified=modified)

    assert {"If-None-Match": 'W/"a"', "If-Modified-Since": modified} == conditions(earlier)


@pytest.mark.parametrize(
    "earlier",
    [
        None,
        _answer(),
        _answer(404, ETag='"a"'),
        _answer(body=b"", ETag='"a"'),
        _answer(body=CHALLENGE, ETag='"a"'),
        _answer(Last_Modified="kemarin"),
        _answer(Last_Modified="Thu, 01 Jan 2026 07:59:00 -0000"),
    ],
)
def test_without_a_whole_answer_or_validator_nothing_is_conditional(earlier):
    """What was no whole answer, or names no instant, is asked for anew."""
    assert conditions(earlier) == {}


@given(st.integers(-10_000, 10_000))
def test_a_file_changed_within_the_minute_is_not_trusted_to_its_second(seconds):
    """Last-Modified validates only when the answer came a minute after it: RFC 9110, 8.8.2.2."""
    modified = format_datetime(THEN - timedelta(seconds=seconds), usegmt=True)
    earlier = _answer(Date=format_datetime(THEN, usegmt=True), Last_Modified=modified)

    assert (seconds >= 60) is ("If-Modified-Since" in conditions(earlier))


def test_a_confirmed_answer_is_as_old_as_its_bytes_and_as_new_as_the_304():
    """Dates in the text count from the day it arrived, coverage from the day it was confirmed."""
    earlier = _answer(ETag='"a"', Content_Type="application/rss+xml", Date=format_datetime(THEN, usegmt=True))
    confirmed = as_confirmed(_answer(304, b"", NOW, ETag='"a"'), earlier)

    assert (200, earlier.sha256, THEN) == (confirmed.status, confirmed.sha256, confirmed.fetched_at)
    assert confirmed.header("content-type") == "application/rss+xml"
    assert answered_at(confirmed) == NOW


@given(st.integers(0, 10**6))
def test_a_304_out_of_a_cache_speaks_for_the_time_of_the_cache(age):
    """An Age on the 304 takes as much from what it proves as it would from a whole answer."""
    whole = _answer(at=NOW, Age=str(age))
    confirmed = as_confirmed(_answer(304, b"", NOW, Age=str(age)), _answer())

    assert answered_at(whole) == answered_at(confirmed)


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        (True, _answer(404)), (True, _answer(410)), (True, _answer(body=b"<html>beranda</html>")),
        (False, _answer(403)), (False, _answer(500)), (False, _answer(429)), (False, _answer(body=b"")),
        (False, _answer(body=CHALLENGE)), (False, replace(_answer(404), status=301)),
    ],
)  # fmt: skip
def test_only_what_a_site_says_of_itself_rules_a_way_out(expected, answer):
    """A refusal, a fault or a challenge may pass by tomorrow; the way is tried again."""
    assert expected is is_surely_absent(answer)


@given(st.integers(-100_000, 200_000), st.sampled_from([200, 204, 301, 403, 404, 410, 429, 500, 503]))
def test_rules_stand_for_a_day_where_they_were_told(seconds, status):
    """RFC 9309, 2.4; what a refusal or a fault left unknown is asked about anew, and so is one from a clock ahead."""
    expected = status in (200, 404, 410) and 0 <= seconds < 86_400

    assert expected is rules_still_stand(_answer(status), THEN + timedelta(seconds=seconds))
    assert not rules_still_stand(None, NOW)
    assert not rules_still_stand(_answer(body=CHALLENGE), THEN)
