"""Posts and materials of a report -> their thumbnails, each made once and named once on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.items import Material, Verdict
from pipelines.workers import Workers, lanes_for
from queries.report.content import Content, Proofs
from queries.report.facts import PostFact
from queries.thumbnails import Thumbnail, share_of, thumbnail

SHOWN = ("image", "video", "thumbnail")


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be shown: its name on the page, where it lies, and what it is."""

    name: str
    path: Path
    kind: str


def post_source(content: Content, verdict: Verdict) -> Source | None:
    """The picture or clip of the post that was recognised, else its first that was fetched."""
    post, sign = content.post_of(verdict), content.sign_of(verdict)
    if post is None:
        return None
    wanted = sign.media_sha256 if sign else None
    kinds = _fetched(post)
    digest = wanted if wanted in kinds else next(iter(kinds), None)
    return _kept(content, digest, kinds[digest]) if digest else None


def material_source(material: Material) -> Source | None:
    """The material's first file, where it is one to look at."""
    if not material.files or material.kind not in SHOWN:
        return None
    return Source(f"m-{material.campaign_id}-{material.material_id}", material.files[0], material.kind)


def thumbnails_of(content: Content, shown: Sequence[Proofs] | None = None) -> Mapping[str, Thumbnail]:
    """Thumbnails by name of all cards, or of those `shown`; what cannot be read is left out."""
    wanted = content.proofs() if shown is None else shown
    sources = {source.name: source for source in _sources(content, wanted) if source}
    share = share_of(len(sources))
    keys = {name: (*_version_of(source.path), source.kind, share) for name, source in sorted(sources.items())}
    _make({keys[name]: sources[name] for name in keys if keys[name] not in _MADE}, share)
    return {name: small for name, key in keys.items() if (small := _MADE.get(key))}


# The page and the paper of one report show the same files: what was made for one of them serves the other.
_Key = tuple[str, int, int, str, int]
_MADE: dict[_Key, Thumbnail | None] = {}
_MOST_KEPT = 4_000  # of some kB each
FEW = 24  # pictures, for which one process is enough


def _make(missing: Mapping[_Key, Source], share: int) -> None:
    """Posted files: one that breaks a codec must not cost the report."""
    if len(_MADE) + len(missing) > _MOST_KEPT:
        _MADE.clear()
    with Workers[_Key](lanes_for(len(missing), FEW)) as workers:
        for key, source in missing.items():
            workers.submit(key, thumbnail, source.path, source.kind, share)
        _MADE.update({key: one if isinstance(one, Thumbnail) else None for key, one in workers.drain()})


def _version_of(path: Path) -> tuple[str, int, int]:
    """A file as it stands: it may be exchanged under its name."""
    try:
        about = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), about.st_size, about.st_mtime_ns


def _sources(content: Content, wanted: Sequence[Proofs]) -> list[Source | None]:
    shown = [proofs for proofs in wanted if proofs.cards]
    posts = [post_source(content, verdict) for proofs in shown for verdict in proofs.cards]
    return [*posts, *(material_source(proofs.column.material) for proofs in shown)]


def _fetched(post: PostFact) -> dict[str, str]:
    return {sha: kind for kind, sha, _ in post.media if sha and kind in SHOWN}


def _kept(content: Content, digest: str, kind: str) -> Source | None:
    """A file of the evidence; a path that leads out of the workspace is not followed."""
    home = content.request.home.resolve()
    path = content.facts.paths.get(digest)
    if path is None or not (home / path).resolve().is_relative_to(home):
        return None
    return Source(f"p-{digest[:16]}", home / path, "video" if kind == "video" else "image")
