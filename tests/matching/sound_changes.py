"""What happens to a sound on its way, by name, with how much of it is still heard; and what only sounds like it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from tests.matching.painting import noise_of
from tests.matching.sounds import RATE, Samples, Sound, band, loud, music, of_kind, speech, write_sound

Make = Callable[[Samples, Random], Samples]


@dataclass(frozen=True)
class Change:
    """`share` of the material is heard, `speed` times as fast; `suffix` and `bit_rate` of the file."""

    name: str
    make: Make
    suffix: str = ".m4a"
    bit_rate: int = 96_000
    share: float = 1.0
    speed: float = 1.0
    rate: int = 0

    def write(self, sound: Sound, seed: int, folder: Path) -> Path:
        """The posted file, named after its content."""
        samples = self.make(sound.samples, Random(f"{self.name} {sound.name} {seed}"))
        return write_sound(folder / f"{sound.name}-{self.name}{self.suffix}", samples, self.bit_rate, self.rate)


def _same(samples: Samples, rng: Random) -> Samples:
    return samples


def cut(seconds: float = 0.0, share: float = 0.0) -> Make:
    """A piece from somewhere within."""

    def make(samples: Samples, rng: Random) -> Samples:
        length = min(len(samples), round(seconds * RATE) or round(share * len(samples)))
        first = round(rng.uniform(0.2, 0.8) * (len(samples) - length))
        return samples[first : first + length]

    return make


def faster(speed: float) -> Make:
    """As a tape: pitch follows speed."""

    def make(samples: Samples, rng: Random) -> Samples:
        return np.interp(np.arange(0, len(samples) - 1, speed), np.arange(len(samples)), samples).astype(np.float32)

    return make


def tempo(speed: float) -> Make:
    """Faster at the same pitch: overlapping pieces laid where they fit best."""

    def make(samples: Samples, rng: Random) -> Samples:
        window, hop, slack = 1024, 512, 256
        fade = np.hanning(window).astype(np.float32)
        padded = np.pad(samples, (0, window + 2 * slack))
        total = np.zeros(round(len(samples) / speed) + 2 * window, np.float32)
        follow = padded[:window]
        for number, place in enumerate(range(0, round(len(samples) / speed) - window, hop)):
            centre = round(number * hop * speed)
            search = padded[max(0, centre - slack) : centre + slack + window]
            fit = np.correlate(search, follow[:window], "valid") if len(search) >= window else np.zeros(1)
            start = max(0, centre - slack) + int(fit.argmax())
            total[place : place + window] += padded[start : start + window] * fade
            follow = padded[start + hop : start + hop + window]
        return total[: round(len(samples) / speed)]

    return make


def _intro(samples: Samples, rng: Random) -> Samples:
    return np.concatenate([music(rng.randrange(10**6), 3.0), samples])


def _outro(samples: Samples, rng: Random) -> Samples:
    return np.concatenate([samples, speech(rng.randrange(10**6), 8.0)])


def _music_bed(samples: Samples, rng: Random) -> Samples:
    bed = music(rng.randrange(10**6), len(samples) / RATE + 1)[: len(samples)]
    return loud(samples + bed * _level(samples) / _level(bed) * 0.5, 0.8)


def _rerecorded(samples: Samples, rng: Random) -> Samples:
    """Held before a loudspeaker: a telephone's band, a room's echo, noise."""
    heard = band(samples, 300, 3400)
    for delay, gain in ((0.023, 0.5), (0.041, 0.35), (0.067, 0.25), (0.11, 0.12)):
        late = round(delay * RATE)
        heard[late:] += gain * heard[:-late]
    noise = band(noise_of(rng).standard_normal(len(heard), np.float32), 100, 5000)
    return loud(heard + noise * _level(heard) / _level(noise) * 0.12, 0.6)


def voice_over(decibels: float) -> Make:
    """Somebody talks over it; the material is `decibels` below the voice."""

    def make(samples: Samples, rng: Random) -> Samples:
        voice = speech(rng.randrange(10**6), len(samples) / RATE + 1)[: len(samples)]
        return loud(samples * 10 ** (-decibels / 20) * _level(voice) / _level(samples) + voice, 0.8)

    return make


def _crowd(samples: Samples, rng: Random) -> Samples:
    talk = sum(speech(rng.randrange(10**6), len(samples) / RATE + 1)[: len(samples)] for _ in range(3))
    return loud(samples + np.asarray(talk, np.float32) * 0.2, 0.8)


def _level(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples**2))) + 1e-6


CHANGES: tuple[Change, ...] = (
    Change("mp3_24k", _same, ".mp3", 24_000),
    Change("aac_32k", _same, ".m4a", 32_000),
    Change("opus_16k", _same, ".opus", 16_000),
    Change("hertz_8000", _same, ".wav", rate=8000),
    Change("quiet_15db", lambda samples, rng: samples * 0.178),
    Change("clipped", lambda samples, rng: np.clip(samples * 3, -0.9, 0.9)),
    Change("intro_3s", _intro),
    Change("outro_8s", _outro),
    Change("middle_part", cut(share=0.55), share=0.55),
    Change("piece_5s", cut(seconds=5), share=0.0),
    Change("piece_3s", cut(seconds=3), share=0.0),
    Change("tempo_1.05", tempo(1.05), speed=1.05),
    Change("tempo_1.25", tempo(1.25), speed=1.25),
    Change("speed_0.8", faster(0.8), speed=0.8),
    Change("speed_1.1", faster(1.1), speed=1.1),
    Change("speed_1.25", faster(1.25), speed=1.25),
    Change("speed_1.5", faster(1.5), speed=1.5),
    Change("music_bed", _music_bed),
    Change("rerecorded", _rerecorded, ".m4a", 48_000),
    Change("crowd", _crowd),
    Change("voice_over_0db", voice_over(0)),
    Change("voice_over_12db", voice_over(12)),
)


@dataclass(frozen=True)
class Silent:
    """A posted sound file that holds no material."""

    kind: str
    path: Path


def negatives(originals: Sequence[Sound], seed: int, folder: Path) -> Iterator[Silent]:
    """Other talk by the same voice's make, other music, other jingles, noise, silence, hum, one tone."""
    rng = Random(f"no sound {seed}")
    for number, one in enumerate(originals):
        kind = one.name.partition("-")[2]
        other = of_kind(kind, rng.randrange(10**6) + 10**6, min(20.0, one.seconds))
        yield Silent(f"other_{kind}", write_sound(folder / f"other-{number:02d}.m4a", other))
    bed = of_kind("speech_over_music", 10**6 + 5, 20.0)
    yield Silent("long_other_talk", write_sound(folder / "talk.m4a", np.concatenate([bed, speech(10**6 + 6, 30.0)])))
    count = 12 * RATE
    noise = noise_of(rng).standard_normal(count, np.float32) * 0.1
    time = np.arange(count, dtype=np.float32) / RATE
    yield Silent("noise", write_sound(folder / "noise.m4a", noise))
    yield Silent("silence", write_sound(folder / "silence.m4a", np.zeros(count, np.float32)))
    yield Silent("hum_50hz", write_sound(folder / "hum.m4a", np.sin(2 * np.pi * 50 * time).astype(np.float32) * 0.3))
    yield Silent(
        "tone_1khz", write_sound(folder / "tone.m4a", np.sin(2 * np.pi * 1000 * time).astype(np.float32) * 0.3)
    )
