"""Files that people bring -> kept evidence, posts of registered accounts, and submissions; never a visit.

An import adds knowledge of posts and none of absence: no visit and no coverage is written. A post that a
crawl has seen wholly is left as the crawl saw it, and what was brought before changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from crawler.errors import WrongUse
from crawler.imports import MAX_FILE_BYTES, Claim, Delivery, Export, Format, Found, formats, too_large
from crawler.items import Account, Capture, Media, Page, Post
from crawler.language import say
from crawler.problems import Problem, nearest
from crawler.registry import Registry
from pipelines.binding import Known, Owners
from pipelines.check import Workspace
from pipelines.evidence import Evidence
from pipelines.rows import Row, content_id, evidence_row, head_rows, post_rows, row_digest, sighting_rows
from pipelines.sealed import IMPORT, index_missed
from pipelines.store import Store

UNREADABLE_FILE = "file beside the export cannot be read, or is larger than max_media_bytes"

EVIDENCE_SQL = "SELECT DISTINCT sha256, kind FROM evidence_rows WHERE kind IN ('import', 'media')"
SUBMISSIONS_SQL = "SELECT submission_id FROM submission_rows"


@dataclass(frozen=True, slots=True)
class Brought:
    """What is brought, opened: `media(file, name)` gives the bytes of a file beside, None = not to be had."""

    form: Format
    delivery: Delivery
    media: Callable[[str, str], bytes | None]

    def digests(self) -> dict[str, str]:
        """SHA-256 of each file by its name."""
        return {one.name: hashlib.sha256(one.body).hexdigest() for one in self.delivery.files}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to. `posts` and `submissions` are new; `known` were there already."""

    posts: int
    submissions: int
    known: int
    problems: tuple[Problem, ...]


@dataclass
class Bound:
    """What an import adds while it is put together; `media` maps digests to (file, name beside, account)."""

    posts: list[tuple[Found, Account, Post]] = field(default_factory=list)
    submissions: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    media: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    known: int = 0

    @property
    def is_new(self) -> bool:
        """Whether anything is to be written."""
        return bool(self.posts or self.submissions)

    def files(self, digests: Mapping[str, str]) -> set[str]:
        """Digests of the brought files that something new rests on."""
        names = {name for found, *_ in self.posts for name in (found.file, *found.also)}
        return {digests[name] for name in names} | {row["evidence_sha256"] for row in self.submissions}


def open_files(
    format_name: str, paths: Sequence[Path], columns: Mapping[str, str], workspace: Workspace, now: datetime
) -> tuple[Brought, list[Problem]]:  # fmt: skip
    """Read the named files, or those of the named folders. Raises: WrongUse for a format nobody knows."""
    form = formats().get(format_name)
    if form is None:
        meant = nearest(format_name, formats()) or ", ".join(formats())
        raise WrongUse(say(f"format '{format_name}' tidak dikenal; maksudnya {meant}?",
                           f"format '{format_name}' is unknown; did you mean {meant}?"))  # fmt: skip
    exports, problems = [], []
    for path in _listed(form, paths):
        try:
            exports.append(Export(str(path), _bounded(path, MAX_FILE_BYTES), _beside(path.parent)))
        except (OSError, ValueError) as error:
            problems.append(Problem(str(path), 0, "", getattr(error, "strerror", None) or str(error)))
    bound = workspace.instance.crawl.max_media_bytes
    delivery = Delivery(tuple(exports), now, workspace.instance.zone, columns)
    return Brought(form, delivery, lambda file, name: _medium(Path(file).with_name(name), bound)), problems


def bring(workspace: Workspace, store: Store, run_id: str, brought: Brought, problems: Sequence[Problem]) -> Imported:
    """Keep what was brought and say what it shows. `problems`: those of opening the files.

    Raises: WrongUse with every problem when nothing of it can be used.
    """
    bound = bind(workspace.registry, store, brought)
    told = (*problems, *bound.problems)
    if not bound.is_new and not bound.known:
        nothing = say("tidak ada yang dapat dipakai", "nothing of it can be used")
        raise WrongUse("\n".join([*map(str, told), nothing]))
    if bound.is_new:
        evidence = Evidence(workspace.instance.home, run_id, {})
        index_missed(store, evidence)
        rows = rows_of(bound, brought.delivery.received_at)
        _keep(evidence, store, bound, brought, rows)
        lines = evidence.commit()
        index = [row for line in lines if (row := evidence_row(line))]
        store.append({**rows, "evidence_rows": index, "ledger_head_rows": head_rows(lines)})
    return Imported(len(bound.posts), len(bound.submissions), bound.known, told)


def bind(registry: Registry, store: Store, brought: Brought) -> Bound:
    """Read what was brought, give every post its account and every claim its agency, leave out what is known."""
    reading = brought.form.read(brought.delivery)
    bound, owners, digests = Bound(problems=list(reading.problems)), Owners.of(registry), brought.digests()
    _bind_claims(bound, owners, store, reading.claims, brought)
    placed = [(found, owners.account_of(found)) for found in reading.found]
    bound.problems += [_stranger(found) for found, account in placed if account is None]
    posts = [(found, account, _owned(found.post, account, digests[found.file])) for found, account in placed if account]
    known = Known.of(store, [post.post_id for *_, post in posts])
    told: set[tuple[str, str, datetime | None]] = set()  # a file may hold one post many times
    for found, account, bare in posts:
        post = known.narrowed(_with_media(bare, found, brought, known, bound))
        key = (post.post_id, content_id(post), found.seen_at)
        if key in told or known.has(post, found.seen_at):
            bound.known += 1
        else:
            told.add(key)
            bound.posts.append((found, account, post))
    return bound


def rows_of(bound: Bound, received_at: datetime) -> dict[str, list[Row]]:
    """The rows that an import adds: posts, sightings, submissions."""
    pages = [Page("", account, (post,), (), found.seen_at or received_at) for found, account, post in bound.posts]
    return {
        "post_rows": [row for page in pages for row in post_rows(page)],
        "sighting_rows": [row for page in pages for row in sighting_rows(page)],
        "submission_rows": bound.submissions,
    }


# -- posts and claims -----------------------------------------------------------------------


def _owned(post: Post, account: Account, sha256: str) -> Post:
    """The post under its account; a site's page under the address by which a crawl would name it."""
    post = replace(post, agency_id=account.agency_id, handle=account.handle, evidence_sha256=sha256)
    if post.channel != "news":
        return post
    site = urlsplit(account.handle)
    url = urlsplit(post.url)._replace(scheme=site.scheme, netloc=site.netloc).geturl()
    return replace(post, post_id=f"news:{url}", native_id=url, url=url)


def _stranger(found: Found) -> Problem:
    who = ", ".join(f"@{one}" for one in found.handles) or found.agency or "?"
    text = say(f"dilewati: {who} tidak punya akun terdaftar untuk {found.post.url}",
               f"skipped: {who} has no registered account for {found.post.url}")  # fmt: skip
    return Problem(found.file, found.line, "", text)


def _bind_claims(bound: Bound, owners: Owners, store: Store, claims: Sequence[Claim], brought: Brought) -> None:
    known = {row["submission_id"] for row in store.rows(SUBMISSIONS_SQL)} if claims else set()
    digests, received_at = brought.digests() if claims else {}, brought.delivery.received_at
    for claim in claims:
        agency = owners.agency_of(claim.agency)
        if agency is None:
            bound.problems.append(_unregistered(claim, owners))
            continue
        row = _submission_row(claim, agency, received_at, digests[claim.file])
        if row["submission_id"] in known:
            bound.known += 1
        else:
            known.add(row["submission_id"])
            bound.submissions.append(row)


def _unregistered(claim: Claim, owners: Owners) -> Problem:
    meant = nearest(claim.agency, owners.agencies)
    hint = say(f"; maksudnya {meant}?", f"; did you mean {meant}?") if meant else ""
    text = say(f"'{claim.agency}' tidak terdaftar", f"'{claim.agency}' is not registered")
    return Problem(claim.file, claim.line, "agency_id", text + hint)


def _submission_row(claim: Claim, agency_id: str, received_at: datetime, sha256: str) -> Row:
    told = [agency_id, claim.url, claim.campaign_id, claim.material_id, claim.claimed_at, claim.submitted_at]
    name = json.dumps([one.isoformat() if isinstance(one, datetime) else one for one in told], ensure_ascii=False)
    return {
        "submission_id": hashlib.sha256(name.encode()).hexdigest()[:32], "agency_id": agency_id,
        "campaign_id": claim.campaign_id, "material_id": claim.material_id, "url": claim.url,
        "claimed_at": claim.claimed_at, "submitted_at": claim.submitted_at or received_at,
        "evidence_sha256": sha256, "format": "submission",
    }  # fmt: skip


# -- bytes ----------------------------------------------------------------------------------


def _with_media(post: Post, found: Found, brought: Brought, known: Known, bound: Bound) -> Post:
    """The post with the digests of its media; where their bytes lie waits in `bound.media`."""
    media = []
    for one in post.media:
        name = found.media_files.get(one.media_id)
        body = brought.media(found.file, name) if name else None
        if name and body:
            sha256 = hashlib.sha256(body).hexdigest()
            bound.media[sha256] = (found.file, name, f"{post.channel}:{post.handle}")
            media.append(replace(one, sha256=sha256, trouble=None))
        else:
            media.append(_without_file(one, known, UNREADABLE_FILE if name else one.trouble))
    return replace(post, media=tuple(media))


def _without_file(media: Media, known: Known, trouble: str | None) -> Media:
    kept = known.media.get(media.media_id)
    return replace(media, sha256=kept, trouble=None) if kept else replace(media, trouble=trouble)


def _keep(
    evidence: Evidence, store: Store, bound: Bound, brought: Brought, rows: Mapping[str, Sequence[Row]]
) -> None:
    """Write what is not kept yet, one file in memory at a time, and seal what belonged together."""
    kept = {(row["sha256"], row["kind"]) for row in store.rows(EVIDENCE_SQL)}
    digests = brought.digests()
    used = [one for one in brought.delivery.files if digests[one.name] in bound.files(digests)]
    for export in used:
        if (digests[export.name], "import") not in kept:
            evidence.keep(_capture("import", brought, export.name, export.body), "")
    _keep_media(evidence, bound, brought, {sha256 for sha256, kind in kept if kind == "media"})
    digests_of_rows = {table: [row_digest(row) for row in told] for table, told in rows.items()}
    evidence.note(IMPORT, {**_note(bound, brought, used), "rows": digests_of_rows})


def _keep_media(evidence: Evidence, bound: Bound, brought: Brought, kept: Collection[str]) -> None:
    shown = {media.sha256 for *_, post in bound.posts for media in post.media}
    for sha256, (file, name, account) in bound.media.items():
        if sha256 in shown and sha256 not in kept:
            capture = _capture("media", brought, name, brought.media(file, name) or b"")
            if capture.sha256 != sha256:
                raise WrongUse(say(f"{name} berubah selama dibaca; ulangi", f"{name} changed while read; repeat"))
            evidence.keep(capture, account)


def _capture(kind: str, brought: Brought, name: str, body: bytes) -> Capture:
    url = f"{brought.form.origin}/{quote(_sealed_name(brought, name, body))}"
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Capture(kind, url, url, 200, (("content-type", content_type),), body, brought.delivery.received_at)


def _sealed_name(brought: Brought, name: str, body: bytes) -> str:
    """What the ledger may say of a file's name for ever: never its folder, of a submission's file nothing but its
    kind (people put their names into both)."""
    if brought.form.name == "submission":
        return hashlib.sha256(body).hexdigest()[:16] + Path(name).suffix
    return _written(Path(name).name)


def _written(name: str) -> str:
    """A file's name as it can be written down: not every system's names are text."""
    return name.encode("utf-8", "replace").decode()


def _note(bound: Bound, brought: Brought, files: Iterable[Export]) -> dict[str, Any]:
    """What reading it again needs: the files in their order, and the media beside by name and digest."""
    beside: dict[str, dict[str, str | None]] = {}
    for found, _, post in bound.posts:
        digests = {one.media_id: one.sha256 for one in post.media}
        names = {_written(name): digests.get(media_id) for media_id, name in found.media_files.items()}
        for file in (found.file, *found.also):
            beside.setdefault(file, {}).update(names)
    digests_of = brought.digests()
    kept = [
        (f"{number}/{_sealed_name(brought, one.name, one.body)}", digests_of[one.name], beside.get(one.name, {}))
        for number, one in enumerate(files, 1)
    ]
    return {
        "format": brought.form.name, "received_at": brought.delivery.received_at.isoformat(),
        "columns": dict(brought.delivery.columns),
        "files": [{"name": name, "sha256": sha256, "beside": names} for name, sha256, names in kept],
    }  # fmt: skip


# -- files ----------------------------------------------------------------------------------


def _listed(form: Format, paths: Sequence[Path]) -> list[Path]:
    """The files themselves; of a folder, those with the format's endings."""
    listed: list[Path] = []
    for path in paths:
        listed += sorted(one for one in path.iterdir() if one.name.endswith(form.suffixes)) if path.is_dir() else [path]
    return list(dict.fromkeys(listed))


def _beside(folder: Path) -> frozenset[str]:
    """Plain files of a folder; a link may lead anywhere."""
    return frozenset(one.name for one in folder.iterdir() if one.is_file() and not one.is_symlink())


def _bounded(path: Path, bound: int) -> bytes:
    with path.open("rb") as stream:
        body = stream.read(bound + 1)
    if len(body) > bound:
        raise ValueError(too_large())
    return body


def _medium(path: Path, bound: int) -> bytes | None:
    try:
        return _bounded(path, bound)
    except (OSError, ValueError):
        return None
