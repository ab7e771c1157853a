"""The material's sound in a post -> match for a sound, review for a clip: its sound under other pictures.

It is heard under a voice, in part and at another speed; the seconds that another material has too decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from pipelines.compare.hearing import Heard, SoundIndex
from pipelines.compare.spans import Span, length, merged
from pipelines.items import Decision, Material, Sign
from pipelines.matchers import Candidates, Example, Matcher, Reference, Seen, strongest
from pipelines.media.sound import Sound, unpack

CLEAR = 1.25  # times the landmarks needed
UNSURE = 0.8  # of a review's score: what the pictures of the same clip say tells a person more, and comes first


class Audio(Matcher):
    """Sounds against sounds; a clip's sound alone is only a hint."""

    name = "audio"
    version = 2

    def applies(self, material: Material) -> bool:
        """Sounds, and clips for their sound."""
        return material.kind in ("audio", "video")

    def compare(self, seen: Seen, reference: Reference) -> Sign | None:
        """The strongest sign over the post's media and the material's versions."""
        signs = [
            self._compare_one((sha, sound), reference, own_sha, own)
            for sha, sound in _sounding(seen)
            for own_sha, own in _sounds_of(reference)
            if sha != own_sha
        ]
        return strongest(signs)

    def _compare_one(
        self, posted: tuple[str, Sound], reference: Reference, own_sha: str, own: bytes
    ) -> Sign | None:
        index, seconds = _index_of(own, reference.shared(self.name, own_sha))
        heard = index.find(posted[1])
        if not heard:
            return None
        best, covered = heard[0], merged([span for one in heard for span in one.covered])
        share = min(1.0, best.share * length(covered) / max(length(best.covered), 0.01))
        measures = {
            "covered": [list(span) for span in covered],
            "covered_share": round(share, 3),
            "covered_seconds": round(length(covered), 1),
            "material_seconds": round(seconds, 1),
            "speed": best.speed,
            "pitch": best.pitch,
            "offset_seconds": best.offset_seconds,
            "posted": list(best.posted),
            "votes": best.votes,
            "needed": best.needed,
            "media_sha256": posted[0],
            "reference_sha256": own_sha,
        }
        decision, words = _judge(reference.material, best, covered, (share, seconds))
        return self.sign(decision, share if decision is Decision.MATCH else UNSURE * share, words, **measures)

    def index(self, references: Sequence[Reference]) -> Candidates:
        """The sounds of all references in one table."""
        fitting = [one for one in references if self.applies(one.material)]
        entries = [(one, sha, unpack(packed)) for one in fitting for sha, packed in _sounds_of(one)]
        table = SoundIndex([sound for *_, sound in entries], [one.shared(self.name, sha) for one, sha, _ in entries])

        def candidates(seen: Seen) -> Iterable[Reference]:
            heard = {one.entry for _, sound in _sounding(seen) for one in table.find(sound)}
            return list({id(entries[number][0]): entries[number][0] for number in sorted(heard)}.values())

        return candidates

    def examples(self, folder: Path) -> Iterable[Example]:
        """A sound whole, faster, in part and under a voice; a clip's sound; another sound."""
        from crawler.sandbox import sounds
        from pipelines.exhibits import a_post, a_reference

        own, voice = sounds.music(4, 12.0), sounds.speech(2, 12.0)
        kept = sounds.write_sound(folder / "own.wav", own)
        reference = a_reference("audio", [kept])
        cases = (
            ("sent on", own, Decision.MATCH),
            ("under a voice", sounds.mixed(voice, own, 6.0), Decision.MATCH),
            ("a quarter faster and higher", sounds.faster(own, 1.25), Decision.MATCH),
            ("three seconds", own[80_000:128_000], Decision.REVIEW),
            ("another tune", sounds.music(3, 12.0), None),
            ("only the voice", voice, None),
        )
        for name, wave, expected in cases:
            path = sounds.write_sound(folder / f"{name.replace(' ', '-')}.m4a", wave)
            yield Example(name, a_post(files=[(path, "audio")]), reference, expected)
        yield from _examples_of_clips(folder)


def _examples_of_clips(folder: Path) -> Iterator[Example]:
    from crawler.sandbox import sounds, studio
    from pipelines.exhibits import a_post, a_reference

    take = studio.Take((160, 120), 9.0, with_sound=False)
    pictures = [studio.clip(folder / f"{seed}.mp4", seed, take) for seed in (1, 2)]
    own, other = sounds.music(4, 9.0), sounds.music(5, 9.0)
    reference = a_reference("video", [sounds.dubbed(pictures[0], folder / "own.mp4", own)])
    under_others = sounds.dubbed(pictures[1], folder / "under-others.mp4", own)
    with_another = sounds.dubbed(pictures[0], folder / "with-another.mp4", other)
    yield Example("under other pictures", a_post(files=[(under_others, "video")]), reference, Decision.REVIEW)
    yield Example("with another sound", a_post(files=[(with_another, "video")]), reference, None)


def _sounding(seen: Seen) -> Iterator[tuple[str, Sound]]:
    for sha, shown in seen.shown:
        if shown.sound:
            yield sha, unpack(shown.sound)


def _sounds_of(reference: Reference) -> list[tuple[str, bytes]]:
    return [(sha, shown.sound) for sha, shown in reference.fingerprints if shown.sound]


@lru_cache(maxsize=64)
def _index_of(packed: bytes, shared: tuple[Span, ...]) -> tuple[SoundIndex, float]:
    """The index of one sound, kept because many posts are compared with few materials; and its seconds."""
    sound = unpack(packed)
    return SoundIndex([sound], [shared]), sound.seconds


def _judge(
    material: Material, best: Heard, covered: Sequence[Span], of: tuple[float, float]
) -> tuple[Decision, tuple[str, str]]:
    """The decision and its sentences; `of`: the share of the material heard, and its seconds."""
    share, total = of
    spans = ", ".join(f"{start:.0f}–{end:.0f}" for start, end in covered)
    if material.kind == "video":
        return Decision.REVIEW, (
            f"Suara materi terdengar (detik {spans}); suara saja tidak membuktikan gambarnya, lihat videonya.",
            f"The material's sound is heard (seconds {spans}); alone it does not prove the pictures, look at the clip.",
        )
    if share < material.minimum_share:
        return Decision.REVIEW, (
            f"Hanya detik {spans} dari {total:.0f} detik materi yang terdengar.",
            f"Only seconds {spans} of the material's {total:.0f} are heard.",
        )
    if best.votes < CLEAR * best.needed:
        return Decision.REVIEW, (
            f"Suara materi mungkin terdengar (detik {spans}), tetapi kurang jelas; dengarkan.",
            f"The material may be heard (seconds {spans}), but not clearly; please listen.",
        )
    return Decision.MATCH, (
        f"Suara yang sama: {length(covered):.0f} dari {total:.0f} detik materi terdengar{_pace(best, 'id')}.",
        f"The same sound: {length(covered):.0f} of the material's {total:.0f} seconds are heard{_pace(best, 'en')}.",
    )


def _pace(heard: Heard, language: str) -> str:
    if heard.pitch == "same":
        return ""
    return f", {heard.speed:.2f} kali kecepatannya" if language == "id" else f", at {heard.speed:.2f} times its speed"


MATCHER = Audio()
