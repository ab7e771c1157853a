"""A CSV of links that agencies submit (our own shape, or a Google Form's answers) -> claims and posts.

Columns: agency_id (id or registered name) and url (one or several links) are required; claimed_at,
campaign_id, material_id, submitted_at and note may be there. `,` or `;`; the headers of `ALIASES`
and those of `--column` stand for ours. A link shows nothing: its post has no text and no media, so
only a person's review, or the link of an official post, can make it count. An Instagram link's own
shortcode, or a TikTok link's number, gives the earliest instant; no latest is known, whatever is claimed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crawler.dates import Instant, Precision, read_date
from crawler.imports import (
    MAX_TABLE_BYTES,
    Claim,
    Delivery,
    Export,
    Format,
    Found,
    Reading,
    reading_of,
    unpacked,
)
from crawler.items import Post, Quality
from crawler.language import say
from crawler.problems import Problem
from crawler.readers.content import canonical_url
from crawler.shortcodes import (
    earliest_instant,
    earliest_of_tiktok,
    is_instagram,
    is_tiktok,
    pk_of,
    post_address,
    post_link,
    tiktok_link,
)
from crawler.tables import Columns, Row, Table, parse_table

_MINUTE = timedelta(minutes=1)  # people and forms tell no seconds
OPEN_END = datetime(9999, 1, 1, tzinfo=UTC)
ALIASES: Mapping[str, tuple[str, ...]] = {
    "agency_id": ("agency", "nama opd", "opd", "perangkat daerah", "nama perangkat daerah", "instansi", "unit kerja"),
    "url": ("link", "tautan", "link posting", "link posting instagram", "link unggahan", "tautan unggahan"),
    "claimed_at": ("tanggal posting", "tanggal tayang", "tanggal unggah", "waktu tayang", "published_at"),
    "submitted_at": ("timestamp", "cap waktu", "stempel waktu"),
    "campaign_id": ("campaign", "kampanye"),
    "material_id": ("material", "materi"),
    "note": ("catatan", "keterangan", "email address", "alamat email", "nama pengguna", "bukti (screenshot)", "bukti"),
}
REQUIRED = ("agency_id", "url")
_SEPARATORS = re.compile(r"(?<![\s,;])[\s,;]+(?=https?://|www\.|instagram\.com)")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_ADDRESS = re.compile(r"https?://[^/\s]+\.[^/\s]+")
# What Google Sheets writes; day and month stand in the order of the sheet's country.
_SHEET = re.compile(r"(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<year>\d{4})[ T](?P<clock>\d{1,2}[:.]\d{2}[:.]\d{2})")
_FORM = re.compile(
    r"(?P<day>\d{4}/\d{2}/\d{2}) (?P<clock>\d{1,2}:\d{2}:\d{2}) (?P<half>AM|PM) "
    r"(?:GMT|UTC)(?P<sign>[+-])(?P<hours>\d{1,2})(?::(?P<minutes>\d{2}))?"
)


def read(delivery: Delivery) -> Reading:
    """Read all rows of all files."""
    return reading_of(part for export in delivery.files for part in _rows(export, delivery))


def _rows(export: Export, delivery: Delivery) -> Iterator[Found | Claim | Problem]:
    table = Table(export.name)
    ours = _our_names(delivery.columns)
    try:
        parse_table(unpacked(export, MAX_TABLE_BYTES), Columns((), tuple(ours)), table)
    except ValueError as error:
        table.wrong(0, "", str(error))
    yield from table.problems
    for row in table.rows:
        cells = {ours[name]: value for name, value in row.cells.items() if name in ours and value}
        yield from _row(export.name, Row(row.line, cells), delivery)


def _our_names(columns: Mapping[str, str]) -> dict[str, str]:
    """Header as it may stand in a file, in lower case -> our column."""
    known = {name: ours for ours, names in ALIASES.items() for name in (ours, *names)}
    return {**known, **{header.strip().lower(): ours for header, ours in columns.items()}}


def _row(file: str, row: Row, delivery: Delivery) -> Iterator[Found | Claim | Problem]:
    lacking = [name for name in REQUIRED if name not in row.cells]
    for name in lacking:
        yield Problem(file, row.line, name, say("kosong atau kolomnya tidak ada", "empty, or there is no such column"))
    if lacking:
        return
    claimed = _claimed(row.cells.get("claimed_at", ""), delivery)
    submitted = _submitted(row.cells.get("submitted_at", ""), delivery)
    for name, at in (("claimed_at", claimed), ("submitted_at", submitted)):
        written = row.cells.get(name)
        if written and at is None:
            yield Problem(file, row.line, name, _uncertain(written))
    for url in _SEPARATORS.split(row.cells["url"]):
        yield from _link(file, row, url.strip(" ,;"), claimed, submitted)


def _uncertain(written: str) -> str:
    return say(f"'{written}' tidak pasti; tulis 2024-04-24T10:15",
               f"'{written}' is not certain; write 2024-04-24T10:15")  # fmt: skip


def _link(
    file: str, row: Row, url: str, claimed: Instant | None, submitted: Instant | None
) -> Iterator[Found | Claim | Problem]:  # fmt: skip
    address = _address(url)
    if address is None:
        yield Problem(file, row.line, "url", say(f"'{url}' bukan alamat lengkap; awali dengan https://",
                                                 f"'{url}' is no full address; begin with https://"))  # fmt: skip
        return
    claim = Claim(
        file, row.line, row.cells["agency_id"], address, row.cells.get("campaign_id"), row.cells.get("material_id"),
        claimed.start if claimed else None, submitted.start if submitted else None,
    )  # fmt: skip
    yield claim
    if is_instagram(address):
        yield from _instagram_post(claim, claimed)
    elif is_tiktok(address):
        yield from _tiktok_post(claim, claimed)
    else:
        yield from _dated_post(claim, claimed)


def _address(url: str) -> str | None:
    """The link with its scheme and without tracking; None when it is no web address."""
    try:
        address = canonical_url(url if "://" in url else f"https://{url}")
    except ValueError:
        return None
    return address if _ADDRESS.match(address) and address.isprintable() else None


def _instagram_post(claim: Claim, claimed: Instant | None) -> Iterator[Found | Problem]:
    """A post with the earliest time of its code, and the claim that its code refutes."""
    try:
        code, owner = post_link(claim.url) or ("", None)
        pk = pk_of(code)
    except ValueError:
        yield _problem(claim, "url", "bukan tautan satu unggahan (/p/… atau /reel/…)",
                       "not the link of one post (/p/… or /reel/…)")  # fmt: skip
        return
    earliest = earliest_instant(pk)
    yield from _refuted(claim, claimed, earliest)
    post = Post(
        post_id=f"instagram:pk:{pk}", channel="instagram", agency_id="", handle="", native_id=str(pk),
        url=post_address(code), published_at=earliest, published_until=OPEN_END,
        published_quality=Quality.LOWER_BOUND, text="", origin=FORMAT.origin,
    )  # fmt: skip
    yield Found(post, claim.file, claim.line, (owner,) if owner else (), claim.agency)


def _tiktok_post(claim: Claim, claimed: Instant | None) -> Iterator[Found | Problem]:
    """A post with the earliest time of its number, and the claim that its number refutes."""
    named = tiktok_link(claim.url)
    if named is None:
        yield _problem(claim, "url", "bukan tautan satu unggahan TikTok (/@nama/video/…)",
                       "not the link of one TikTok post (/@name/video/…)")  # fmt: skip
        return
    number, owner = named
    earliest = earliest_of_tiktok(number)
    yield from _refuted(claim, claimed, earliest)
    post = Post(
        post_id=f"tiktok:{number}", channel="tiktok", agency_id="", handle="", native_id=str(number),
        url=claim.url, published_at=earliest, published_until=OPEN_END,
        published_quality=Quality.LOWER_BOUND, text="", origin=FORMAT.origin,
    )  # fmt: skip
    yield Found(post, claim.file, claim.line, (owner,), claim.agency)


def _refuted(claim: Claim, claimed: Instant | None, earliest: datetime) -> Iterator[Problem]:
    """The claim of a time at which the post's own number did not exist yet."""
    if claimed and max(claimed.start + _MINUTE, claimed.end) <= earliest:
        yield _problem(claim, "claimed_at", f"mustahil: unggahan ini baru dibuat {earliest:%Y-%m-%d %H:%M} UTC",
                       f"impossible: this post was only made at {earliest:%Y-%m-%d %H:%M} UTC")  # fmt: skip


def _dated_post(claim: Claim, claimed: Instant | None) -> Iterator[Found | Problem]:
    """A page of a site, at the time that is claimed for it; without one it stays a claim."""
    if claimed is None:
        yield _problem(claim, "claimed_at", "tanpa waktu tayang: dicatat sebagai kiriman saja",
                       "without a time: recorded as a submission only")  # fmt: skip
        return
    post = Post(
        post_id=f"news:{claim.url}", channel="news", agency_id="", handle="", native_id=claim.url, url=claim.url,
        published_at=claimed.start, published_until=claimed.end, published_quality=Quality.DECLARED, text="",
        origin=FORMAT.origin,
    )  # fmt: skip
    yield Found(post, claim.file, claim.line, (), claim.agency)


def _problem(claim: Claim, column: str, indonesian: str, english: str) -> Problem:
    return Problem(claim.file, claim.line, column, say(indonesian, english))


def _claimed(written: str, delivery: Delivery) -> Instant | None:
    """A person's own words: Indonesian order, any form that `crawler.dates` reads with its year; not "kemarin"."""
    return read_date(written, delivery.received_at, delivery.zone) if _YEAR.search(written) else None


def _submitted(written: str, delivery: Delivery) -> Instant | None:
    """A form's own stamp; where its day and month may be exchanged, None."""
    form, sheet = _FORM.fullmatch(written), _SHEET.fullmatch(written)
    try:
        if form:
            return _form_stamp(form)
        if sheet:
            return _sheet_stamp(sheet, delivery.zone)
    except ValueError:
        return None
    return _claimed(written, delivery)


def _form_stamp(form: re.Match[str]) -> Instant:
    offset = f"{form['sign']}{int(form['hours']):02}{form['minutes'] or '00'}"
    stamp = f"{form['day']} {form['clock']} {form['half']} {offset}"
    at = datetime.strptime(stamp, "%Y/%m/%d %I:%M:%S %p %z").astimezone(UTC)
    return Instant(at, at, Precision.SECOND, form[0])


def _sheet_stamp(sheet: re.Match[str], zone: ZoneInfo) -> Instant | None:
    first, second = int(sheet["a"]), int(sheet["b"])
    if first <= 12 and second <= 12 and first != second:
        return None
    day, month = (second, first) if second > 12 else (first, second)
    hour, minute, second = map(int, re.split("[:.]", sheet["clock"]))
    at = datetime(int(sheet["year"]), month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    return Instant(at, at, Precision.SECOND, sheet[0])


FORMAT = Format("submission", (".csv",), read)
