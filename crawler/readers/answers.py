"""An answer -> why it is not the page that was asked for, or None.

Refusals often come with HTTP 200: a challenge, a login form, a page that says "not found".
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from crawler.errors import Blocked, Gone, SourceTrouble, Unreachable, Unreadable
from crawler.items import Capture

_HEAD_BYTES = 30_000  # challenges are short; searching whole articles for their words would misjudge some
_CHALLENGES = (
    b"<title>just a moment", b"attention required! | cloudflare", b"_cf_chl_opt", b"cf-browser-verification",
    b"sucuri_cloudproxy_js", b"ddos-guard", b"checking your browser before", b"id=\"challenge-form\"",
    b"verifikasi bahwa anda bukan robot", b"<title>access denied", b"<title>request rejected",
)  # fmt: skip
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_END = re.compile(rb"</(?:html|body)\s*>", re.IGNORECASE)
LACKS = b"<!-- Tayang: not answered:"  # our own remark above a rendered page
_UNLIKE, _LONGEST_KEPT = timedelta(minutes=1), timedelta(days=7)
_LOGIN_TITLE = re.compile(r"\b(?:log ?in|masuk|sign ?in)\b", re.IGNORECASE)
_LOGIN_WORDS = 4
_LOGIN_PATH = re.compile(r"/(?:wp-login|log-?in|sign-?in|masuk|auth|sso)\b", re.IGNORECASE)
_PASSWORD = re.compile(rb"<input[^>]+type=[\"']?password", re.IGNORECASE)
# "404 Warga Ikuti Pasar Murah" and "Nelayan Hilang Tidak Ditemukan" are headlines.
_NOT_FOUND = re.compile(
    r"^\W*404\W*(?:$|[-–—|:!.]|error|not|page|halaman|laman|tidak)|[-–—|:!.]\s*404\W*$"
    r"|\b(?:error|kesalahan|halaman|page)\W{0,3}404\b|\bnot found\b|tidak ada halaman"
    r"|(?:^\W*|\b(?:halaman|laman|data|artikel|konten|berita|dokumen|url|cari)\b.{0,40}\b)"
    r"tidak (?:dapat )?(?:di)?temukan",
    re.IGNORECASE,
)

# What a host shows in place of a site: nobody publishes there, and nobody said that he does not.
_PARKED_TITLE = re.compile(
    r"parked|domain (?:\S+ )?(?:is|may be) for sale|domain (?:ini )?dijual|buy this domain|account suspended"
    r"|akun (?:ini )?(?:ditangguhkan|disuspen)|default (?:web ?site|web ?page|page)|welcome to nginx|it works!"
    r"|iis windows server|^index of /|under construction|coming soon|segera hadir|dalam perbaikan|maintenance",
    re.IGNORECASE,
)
_PARKED_PATH = re.compile(r"/cgi-sys/|/suspendedpage|/parking|/lander\b", re.IGNORECASE)
_PARKED_HOST = re.compile(r"(?:^|\.)(?:sedoparking|bodis|parkingcrew|afternic|hugedomains|dan|above)\.com$", re.I)


def trouble_of(answer: Capture) -> SourceTrouble | None:
    """What an answer that should be a page or file of the site really is; None = what was asked."""
    refused = status_trouble(answer)
    if refused:
        return refused
    if not answer.body.strip():
        return Unreadable("HTTP 200: empty body")
    return disguised_refusal(answer)


def status_trouble(answer: Capture) -> SourceTrouble | None:
    """The trouble that the HTTP status tells, or None at 200."""
    status, detail = answer.status, f"HTTP {answer.status}"
    if status == 200:
        return None
    if status in (401, 403, 407, 429, 451) or is_challenge(answer):
        return Blocked(detail)
    if status in (404, 410):
        return Gone(detail)
    return Unreachable(detail) if status >= 500 else Unreadable(detail)


def disguised_refusal(answer: Capture) -> SourceTrouble | None:
    """A challenge, a login page or a "not found" that was sent as if all were well."""
    if is_challenge(answer):
        return Blocked("challenge page")
    title = page_title(answer)
    path = urlsplit(answer.final_url).path
    login = _is_login(title) or _LOGIN_PATH.search(path)
    if login and _PASSWORD.search(answer.body):
        return Blocked("login page")
    return Gone("page says not found") if _NOT_FOUND.search(title) else None


def _is_login(title: str) -> bool:
    """Whether a title says no more than that one logs in: "Siswa Mulai Masuk Sekolah Hari Ini" is a headline, and many
    villages' sites have a field for a PIN on every page."""
    said = (part for part in re.split(r"\s[-–—|:]\s", title) if _LOGIN_TITLE.search(part))
    return any(len(part.split()) <= _LOGIN_WORDS for part in said)


def parked(answer: Capture) -> SourceTrouble | None:
    """Unreadable where a front page is a host's placeholder instead of a site, else None."""
    parts = urlsplit(answer.final_url)
    placeholder = (
        _PARKED_HOST.search(parts.hostname or "")
        or _PARKED_PATH.search(parts.path)
        or _PARKED_TITLE.search(page_title(answer))
    )
    return Unreadable(f"parked page: {answer.final_url}") if placeholder else None


def is_challenge(answer: Capture) -> bool:
    """Whether a guard in front of the site answered in its place."""
    if answer.header("cf-mitigated"):
        return True
    head = answer.body[:_HEAD_BYTES].lower()
    return any(mark in head for mark in _CHALLENGES)


def is_surely_absent(answer: Capture) -> bool:
    """Whether an answer of the wrong format says what a site has not; a refusal or a fault may pass."""
    return answer.status in (404, 410) or (answer.status == 200 and bool(answer.body) and not is_challenge(answer))


def is_whole_page(answer: Capture) -> bool:
    """Whether an HTML answer reaches its own end; one that broke off may lack any number of entries.

    So may a page as a browser shows it, where something that it asked for did not come.
    """
    return bool(_END.search(answer.body[-_HEAD_BYTES:])) and LACKS not in answer.body[:_HEAD_BYTES]


def page_title(answer: Capture) -> str:
    """The text of <title>, empty when there is none."""
    found = _TITLE.search(answer.body[:_HEAD_BYTES])
    return found[1].decode("utf-8", "replace").strip() if found else ""


def rendered_at(answer: Capture) -> datetime:
    """When a page was made, from which its "2 jam lalu" counts: caches say by Age how long they kept it, or pass on
    the Date that it was sent with. A Date of long ago is a clock that is wrong."""
    made = answer.fetched_at - _age_of(answer)
    stated = _date_of(answer)
    return stated if stated and _UNLIKE < made - stated < _LONGEST_KEPT else made


def _date_of(answer: Capture) -> datetime | None:
    try:
        stated = parsedate_to_datetime(answer.header("date") or "")
    except (ValueError, OverflowError):  # no date, or the millionth of April
        return None
    return stated if stated.tzinfo else None


def _age_of(answer: Capture) -> timedelta:
    age = answer.header("age") or ""
    return timedelta(seconds=int(age) if age.isdecimal() and len(age) < 10 else 0)


def answered_at(answer: Capture) -> datetime:
    """The instant an answer speaks for: caches say by Age and Date how old it is."""
    at, stated = answer.heard_at - _age_of(answer), _date_of(answer)
    return min(at, stated) if stated else at
