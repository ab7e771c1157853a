"""The token and the service -> whether we could ask it: from the file alone, or by asking once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from crawler.errors import SourceTrouble, WrongUse
from crawler.instance import Instance, instagram_token
from crawler.language import say
from crawler.reach import Reached, reach
from crawler.readers.token import NEEDED, TokenFacts, read_token
from crawler.redaction import redact
from queries.doctor.check import BAD, OK, WARN, Check

SOON = timedelta(days=14)
LIFE = timedelta(days=60)  # of a user's long-lived token
OFF, FAR_OFF = timedelta(seconds=30), timedelta(minutes=5)
RENEW = "docs/instagram.md"


def check_token(instance: Instance, now: datetime) -> Check:
    """Whether there is a token that can be read, and how old its file is; asks nobody."""
    try:
        token = instagram_token(instance)
    except WrongUse as trouble:
        return Check("token", BAD, str(trouble), "chmod 600")
    if token is None:
        return Check("token", BAD, say("tidak ada token Instagram", "there is no Instagram token"), RENEW)
    file = instance.instagram.token_file
    if file is None or not file.exists():
        return Check("token", OK, say("ada, dari variabel lingkungan", "there, from the environment"))
    age = now - datetime.fromtimestamp(file.stat().st_mtime, UTC)
    text = say(f"ada, berkasnya berumur {age.days} hari", f"there, its file is {age.days} days old")
    return Check("token", WARN, text, RENEW) if age > LIFE - SOON else Check("token", OK, text)


def check_service(instance: Instance, now: datetime) -> list[Check]:
    """The service's own clock and what it says of the token; one question."""
    api = instance.instagram
    token = instagram_token(instance) or ""
    query = urlencode({"input_token": token, "access_token": token})
    rules = instance.crawl
    try:
        answer = reach(f"{api.graph_url}/{api.api_version}/debug_token?{query}", rules.user_agent,
                       rules.allow_private_hosts, rules.timeout_seconds)  # fmt: skip
    except SourceTrouble as trouble:
        return [Check("reach", BAD, f"{api.graph_url}: {trouble.detail}",
                      say("periksa jaringan dan channels.instagram.graph_url",
                          "see to the network and channels.instagram.graph_url"))]  # fmt: skip
    found = [Check("reach", OK, f"{api.graph_url}: HTTP {answer.status}"), check_offset(answer.date, now)]
    return [*found, _rights(answer, now)] if token else found


def check_offset(theirs: datetime | None, now: datetime) -> Check:
    """Our clock against the service's."""
    if theirs is None:
        return Check("offset", WARN, say("layanan tidak menyebut jam", "the service tells no time"))
    off = abs(now - theirs)
    seconds = f"{off.total_seconds():.0f}"
    text = say(f"jam kita berselisih {seconds} detik", f"our clock is off by {seconds} s")
    state = BAD if off > FAR_OFF else WARN if off > OFF else OK
    return Check("offset", state, text, "" if state == OK else "timedatectl set-ntp true")


def _rights(answer: Reached, now: datetime) -> Check:
    try:
        return check_rights(read_token(answer.body), now)
    except SourceTrouble as trouble:
        return Check("rights", BAD, redact(trouble.detail), RENEW)


def check_rights(token: TokenFacts, now: datetime) -> Check:
    """What the token may do, and for how long."""
    if not token.is_valid or (token.ends_at is not None and token.ends_at <= now):
        return Check("rights", BAD, say("token tidak berlaku", "the token is not valid"), RENEW)
    ends = say("tanpa batas waktu", "without an end")
    if token.ends_at is not None:
        ends = say(f"sampai {token.ends_at:%Y-%m-%d}", f"until {token.ends_at:%Y-%m-%d}")
    lacking = sorted(NEEDED - token.scopes)
    if lacking:
        return Check("rights", BAD, say(f"izin kurang: {', '.join(lacking)}", f"lacks {', '.join(lacking)}"), RENEW)
    is_late = token.ends_at is not None and token.ends_at - now < SOON
    return Check("rights", WARN if is_late else OK, say(f"berlaku {ends}", f"valid {ends}"), RENEW if is_late else "")
