"""Secrets in text, bytes, headers and logs -> cut out, whatever dress they wear."""

from __future__ import annotations

import base64
import io
import json
import logging
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.redaction import (
    REDACTED,
    RedactedRecord,
    guard_logs,
    redact,
    redact_bytes,
    redact_headers,
    remember_secret,
)

SECRET = "EAAtest|se/cret+value=="
DRESSES = (SECRET, quote(SECRET), quote(SECRET, safe=""), quote_plus(SECRET), SECRET.replace("/", "\\/"))


@pytest.fixture(autouse=True)
def known() -> None:
    remember_secret(SECRET)


@pytest.mark.parametrize("dress", DRESSES)
def test_a_known_secret_is_cut_out_in_every_dress(dress: str) -> None:
    """As it is, as addresses write it, as JSON writes it; in text and in payloads."""
    assert f"a {REDACTED} b" == redact(f"a {dress} b")
    assert f"a {REDACTED} b".encode() == redact_bytes(f"a {dress} b".encode())


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode, base64.b16encode])
@given(before=st.binary(max_size=7), behind=st.binary(max_size=7))
def test_an_encoded_secret_is_cut_out_wherever_it_stands(
    encode: Callable[[bytes], bytes], before: bytes, behind: bytes
) -> None:
    """By itself nothing of it is left; between other bytes, too little to tell it: two bytes at either end."""
    left = redact_bytes(encode(before + SECRET.encode() + behind))
    length = len(encode(before + SECRET.encode() + behind))
    hidden = length - (len(left) - len(REDACTED))

    assert REDACTED.encode() in left
    assert hidden >= (len(SECRET) - 4) * 8 // 6
    assert redact_bytes(encode(SECRET.encode())).rstrip(b"=") == REDACTED.encode()
    assert redact(encode(SECRET.encode()).decode()).rstrip("=") == REDACTED


def test_json_with_a_secret_inside_stays_json() -> None:
    """An API may echo the token it was given."""
    body = json.dumps(
        {"paging": {"next": f"https://g/?access_token={quote(SECRET)}&after=1"}, "token": SECRET}
    ).encode()
    found = json.loads(redact_bytes(body))

    assert {"paging": {"next": f"https://g/?access_token={REDACTED}&after=1"}, "token": REDACTED} == found


@pytest.mark.parametrize(
    "name", ["access_token", "appsecret_proof", "client_secret", "key", "token", "sig", "ACCESS_TOKEN"]
)
def test_secret_looking_parameters_are_emptied_though_unknown(name: str) -> None:
    """A key that nobody registered, in a redirect of a site: its neighbours stay."""
    assert f"https://x/?a=1&{name}={REDACTED}&b=2 c" == redact(f"https://x/?a=1&{name}=abc%7Cdef&b=2 c")


def test_short_words_are_no_secrets() -> None:
    """Else ordinary words would be blanked."""
    remember_secret("klaten")

    assert redact("kabupaten klaten") == "kabupaten klaten"


@given(st.text())
def test_text_without_secrets_stays_as_it_is(text: str) -> None:
    """Evidence is not rewritten without need."""
    if "=" not in text:
        assert text == redact(text)
        assert text.encode("utf-8", "surrogatepass") == redact_bytes(text.encode("utf-8", "surrogatepass"))


def test_secret_headers_keep_their_name() -> None:
    """That a cookie was sent is a fact; what it said is not kept."""
    found = redact_headers(
        [("Set-Cookie", "a=b"), ("AUTHORIZATION", "Bearer x"), ("Location", f"/?token={SECRET}"), ("Date", "now")]
    )

    assert (
        ("Set-Cookie", REDACTED),
        ("AUTHORIZATION", REDACTED),
        ("Location", f"/?token={REDACTED}"),
        ("Date", "now"),
    ) == found


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger with a handler that was there before the guard, and one that came after."""
    before, logger, written = logging.getLogRecordFactory(), logging.getLogger("tests.redaction"), io.StringIO()
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    handlers = [logging.StreamHandler(written) for _ in range(2)]
    logger.addHandler(handlers[0])
    guard_logs()
    guard_logs()
    logger.addHandler(handlers[1])
    yield logger, written
    logging.setLogRecordFactory(before)
    for handler in handlers:
        logger.removeHandler(handler)


def test_no_log_line_holds_a_secret(log: tuple[logging.Logger, io.StringIO]) -> None:
    """In the message, in an argument, in a traceback; for every handler, whenever it was put in place."""
    logger, written = log
    logger.debug("Retrying <GET https://g/?access_token=%s> and %s", quote(SECRET), SECRET)
    logger.info(SECRET)
    try:
        raise ValueError(f"https://g/?access_token={SECRET}")
    except ValueError:
        logger.exception("failed with %s", {"token": SECRET})
    text = written.getvalue()

    assert [dress for dress in DRESSES if dress in text] == []
    assert text.count("Traceback") == 2
    assert text.count(REDACTED) >= 10


def test_a_record_without_secrets_is_an_ordinary_one() -> None:
    """Arguments are put in only when the line is written."""
    record = RedactedRecord("n", logging.INFO, "p", 1, "%s of %d", ("one", 2), None)

    assert (record.getMessage(), record.args) == ("one of 2", ("one", 2))
