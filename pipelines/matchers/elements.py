"""Required elements -> where in a post each is found; an own production that carries them all -> a sign.

Hashtags and mentions stand in the text, phrases there or in the pictures, logos in the pictures. What cannot
be decided is no finding against anybody: it goes to a person, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from pipelines.compare.lettering import NEARLY_VISIBLE, VISIBLE, phrase_likeness
from pipelines.compare.logos import NEAR, seek_logo
from pipelines.items import Decision, Material, Require, Sign
from pipelines.matchers import Example, Matcher, Reference, Seen
from pipelines.media.logo import read_logo
from pipelines.media.ocr import why_absent
from pipelines.media.trouble import MediaError
from pipelines.text import fold, hashtags_in, mentions, phrase_in

Words = tuple[str, str]

MOST_LOOKED_AT = 6  # media of one post
VISUAL = frozenset({"image", "video"})


@dataclass(frozen=True, slots=True)
class Element:
    """One required element and where it is: `text`, `media` (with its digest), `lacking`, or `undecided` (with why)."""

    name: str
    place: str
    media_sha256: str | None = None
    why: Words = ("", "")


def lacking(words: str, require: Require) -> tuple[str, ...]:
    """Required hashtags, mentions and phrases that a text does not carry; mentions with their `@`."""
    phrases = (phrase for phrase in require.phrases if not phrase_in(words, phrase))
    return (*_lacking_tags(words, require), *phrases)


def _lacking_tags(words: str, require: Require) -> tuple[str, ...]:
    tags = hashtags_in(words)
    return (
        *(tag for tag in require.hashtags if fold(tag).lstrip("#") not in tags),
        *(f"@{name.lstrip('@')}" for name in require.mentions if not mentions(words, name)),
    )


def elements_of(seen: Seen, require: Require) -> tuple[Element, ...]:
    """Every required element with its place in the post, in the order of the campaign file."""
    gone = set(_lacking_tags(seen.post.text, require))
    tags = (*require.hashtags, *(f"@{name.lstrip('@')}" for name in require.mentions))
    return (
        *(Element(tag, "lacking" if tag in gone else "text") for tag in tags),
        *(_phrase(seen, phrase) for phrase in require.phrases),
        *(_logo(seen, path) for path in require.logos),
    )


def lacking_elements(elements: Sequence[Element]) -> tuple[str, ...]:
    """The names of those that are surely not there."""
    return tuple(one.name for one in elements if one.place == "lacking")


def doubts_of(elements: Sequence[Element]) -> Words | None:
    """Why some could not be decided, in Indonesian and English; None when all were."""
    open_ones = [one for one in elements if one.place == "undecided"]
    if not open_ones:
        return None
    return (" ".join(dict.fromkeys(one.why[0] for one in open_ones)),
            " ".join(dict.fromkeys(one.why[1] for one in open_ones)))  # fmt: skip


def _phrase(seen: Seen, phrase: str) -> Element:
    if phrase_in(seen.post.text, phrase):
        return Element(phrase, "text")
    best = 0.0
    for sha in _looked_at(seen):
        lines = seen.lettering(sha)
        if lines is None:
            return Element(phrase, "undecided", sha, why_absent())
        likeness = phrase_likeness(lines, phrase)
        if likeness >= VISIBLE:
            return Element(phrase, "media", sha)
        best = max(best, likeness)
    if best >= NEARLY_VISIBLE:
        unsure = (f"“{phrase}” tidak terbaca pasti pada gambar.", f"“{phrase}” could not be read for certain.")
        return Element(phrase, "undecided", why=unsure)
    return _absent(seen, phrase)


def _logo(seen: Seen, path: Path) -> Element:
    name, near = path.name, 0.0
    try:
        logo = read_logo(path)
    except (MediaError, OSError):
        broken = (f"Berkas logo {name} tidak terbaca.", f"The logo file {name} is unreadable.")
        return Element(name, "undecided", why=broken)
    for sha in _looked_at(seen):
        for still in seen.stills(sha):
            sought = seek_logo(still, logo)
            if sought.found:
                return Element(name, "media", sha)
            near = max(near, sought.near)
    if near >= NEAR:
        alike = (f"Ada yang mirip logo {name}; periksa sendiri.", f"Something resembles the logo {name}; please look.")
        return Element(name, "undecided", why=alike)
    return _absent(seen, name)


def _looked_at(seen: Seen) -> tuple[str, ...]:
    return tuple(sha for sha, one in seen.shown if one.kind in VISUAL)[:MOST_LOOKED_AT]


def _absent(seen: Seen, name: str) -> Element:
    """Lacking where everything that can be seen was looked at; a clip shows more than its few frames."""
    read = {sha for sha in _looked_at(seen) if seen.media[sha].kind == "image" and sha not in seen.troubles}
    visible = [one for one in seen.post.media if one.kind != "audio"]
    if all(one.sha256 in read for one in visible):
        return Element(name, "lacking")
    unseen = (f"{name} tidak ditemukan, tetapi tidak semua medianya dapat dilihat utuh.",
              f"{name} was not found, but not all media could be seen whole.")  # fmt: skip
    return Element(name, "undecided", why=unseen)


class Elements(Matcher):
    """For `mode = "derivative"`: no file to compare with, only what must be in it."""

    name = "elements"
    version = 2

    def applies(self, material: Material) -> bool:
        """Own productions with at least one required element."""
        asked = material.require
        return material.mode == "derivative" and bool(asked.hashtags or asked.mentions or asked.phrases or asked.logos)

    def compare(self, seen: Seen, reference: Reference) -> Sign | None:
        """Match when nothing is lacking and something is seen in the media; review when only the text has it."""
        if _lacking_tags(seen.post.text, reference.material.require):
            return None  # spares looking into the media
        elements = elements_of(seen, reference.material.require)
        found = [one for one in elements if one.place in ("text", "media")]
        if lacking_elements(elements) or not found:
            return None
        doubts = doubts_of(elements)
        if doubts:
            return self._told(Decision.REVIEW, 0.5, elements, doubts)
        if any(one.place == "media" for one in elements):
            return self._told(Decision.MATCH, 0.9, elements, ("", ""))
        only_words = ("Semuanya hanya ada pada teks; pastikan ini produksi sendiri tentang materi tersebut.",
                      "All of them are in the text only; confirm that it is an own production.")  # fmt: skip
        return self._told(Decision.REVIEW, 0.6, elements, only_words)

    def _told(self, decision: Decision, score: float, elements: Sequence[Element], more: Words) -> Sign:
        words = tuple(
            f"{start} {'; '.join(_placed(elements, names))}. {rest}".strip()
            for start, names, rest in (
                ("Unsur wajib:", _NAMES[0], more[0]), ("Required elements:", _NAMES[1], more[1]),
            )
        )  # fmt: skip
        shown = next((one.media_sha256 for one in elements if one.place == "media"), None)
        places = [{"name": one.name, "place": one.place, "media_sha256": one.media_sha256} for one in elements]
        return self.sign(decision, score, (words[0], words[1]), elements=places, media_sha256=shown)

    def examples(self, folder: Path) -> Iterable[Example]:
        """All elements in the text, one short, and with the emblem, another emblem or none in the picture."""
        from pipelines.exhibits import a_post, a_reference

        asked = Require(("#antikorupsi",), ("official.kpk",), ("Berani jujur",))
        words = "BERANI JUJUR bersama official.kpk! #AntiKorupsi"
        reference = a_reference("video", require=asked, mode="derivative")
        yield Example("all elements", a_post(words), reference, Decision.REVIEW)
        yield Example("without the mention", a_post("Berani jujur #antikorupsi"), reference, None)
        emblem, with_it, with_another, without = _drawn(folder)
        marked = Require(("#antikorupsi",), (), (), (emblem,))
        shown = a_reference("video", require=marked, mode="derivative")
        yield Example("with the emblem", a_post(words, files=[(with_it, "image")]), shown, Decision.MATCH)
        yield Example("with another's", a_post(words, files=[(with_another, "image")]), shown, None)
        yield Example("without", a_post(words, files=[(without, "image")]), shown, None)


_NAMES = (
    {"text": "pada teks", "media": "pada gambar", "undecided": "belum pasti"},
    {"text": "in the text", "media": "in the picture", "undecided": "undecided"},
)


def _placed(elements: Sequence[Element], names: dict[str, str]) -> Iterator[str]:
    for place, told in names.items():
        there = [one.name for one in elements if one.place == place]
        if there:
            yield f"{told} {', '.join(there)}"


def _drawn(folder: Path) -> tuple[Path, Path, Path, Path]:
    """An emblem file, and pictures with it, with another of its shape, and with none."""
    from crawler.sandbox import studio
    from pipelines.exhibits import an_emblem

    own, other = an_emblem(5), an_emblem(3)
    paths = tuple(folder / f"elements-{name}" for name in ("emblem.png", "own.jpg", "other.jpg", "none.jpg"))
    own.save(paths[0])
    for path, emblem in zip(paths[1:], (own, other, None), strict=True):
        scene = Image.new("RGB", (720, 600), (188, 200, 190))
        if emblem is not None:
            small = emblem.resize((110, 110))
            scene.paste(small, (560, 30), small)
        path.write_bytes(studio.as_jpeg(scene, 75))
    return paths[0], paths[1], paths[2], paths[3]


MATCHER = Elements()
