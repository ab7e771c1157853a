"""A seed -> sounds of our own: speech-like talk, music, jingles; and sounds <-> files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from random import Random

import av
import numpy as np
from numpy.typing import NDArray

from tests.matching.painting import noise_of

RATE = 22_050
SOUNDS = 12  # materials per seed unless told otherwise
Samples = NDArray[np.float32]  # mono, RATE a second, -1..1

# first three formants of the vowels of Indonesian and Javanese, in hertz
_VOWELS = (
    (730, 1300, 2450),
    (290, 2250, 2950),
    (310, 850, 2250),
    (480, 1950, 2600),
    (500, 900, 2400),
    (500, 1450, 2450),
    (640, 1050, 2400),
)
_BANDWIDTHS = (80.0, 110.0, 160.0)
_CODECS = {
    ".wav": ("pcm_s16le", None),
    ".m4a": ("aac", None),
    ".mp3": ("libmp3lame", None),
    ".opus": ("libopus", 48_000),
}


@dataclass(frozen=True)
class Sound:
    """A material's sound, with what kind it is."""

    name: str
    samples: Samples

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / RATE


def sounds(seed: int, many: int = SOUNDS) -> Iterator[Sound]:
    """Speech, music, speech over music, jingles; 8 to 30 seconds."""
    order = ("speech", "music", "speech", "jingle", "speech_over_music", "music")
    for number in range(many):
        kind, rng = order[number % len(order)], Random(f"sound {seed} {number}")
        seconds = rng.uniform(8, 12) if kind == "jingle" else rng.uniform(12, 30)
        yield Sound(f"{number:02d}-{kind}", of_kind(kind, rng.randrange(10**6), seconds))


def of_kind(kind: str, seed: int, seconds: float) -> Samples:
    """One sound of this kind."""
    if kind == "speech_over_music":
        return loud(speech(seed, seconds) + 0.35 * music(seed, seconds), 0.8)
    return {"speech": speech, "music": music, "jingle": jingle}[kind](seed, seconds)


def speech(seed: int, seconds: float) -> Samples:
    """Somebody talking: voiced syllables through moving formants, hisses, stops, pauses, a room's noise."""
    rng = Random(f"speech {seed}")
    count = round(seconds * RATE)
    pitch, tract = rng.choice((rng.uniform(95, 135), rng.uniform(170, 230))), rng.uniform(0.9, 1.15)
    steps = max(2, count // 220)  # 10 ms each
    formants, voice, hiss = (np.zeros((steps, 3), np.float32), np.zeros(steps, np.float32), np.zeros(steps, np.float32))
    tone = np.zeros(steps, np.float32)
    at = 0
    while at < steps:
        at = _phrase(rng, at, (formants, voice, hiss, tone))
    smooth = np.hanning(9) / np.hanning(9).sum()
    for column in range(3):
        gaps = formants[:, column] == 0
        formants[gaps, column] = _VOWELS[5][column]
        formants[:, column] = np.convolve(np.pad(formants[:, column], 4, "edge"), smooth, "valid") * tract
    voice, tone = (np.convolve(np.pad(one, 4, "edge"), smooth, "valid").astype(np.float32) for one in (voice, tone))
    hertz = pitch * (1 + 0.16 * tone) * (1 + 0.008 * noise_of(rng).standard_normal(steps, np.float32))
    sounding = _voiced(formants, voice, np.asarray(hertz, np.float32), count)
    noise = noise_of(rng).standard_normal(count, np.float32)
    sounding += 0.5 * band(noise, 2500, 7500) * stretched(hiss, count)
    room = 0.004 * band(noise_of(rng).standard_normal(count, np.float32), 60, 3000)
    return loud(sounding, 0.7) + room


def _phrase(rng: Random, at: int, tracks: tuple[Samples, Samples, Samples, Samples]) -> int:
    """Fill the tracks with a phrase of syllables and the pause after it; returns the step after."""
    formants, voice, hiss, tone = tracks
    syllables, rise = rng.randrange(5, 16), rng.uniform(-0.5, 0.5)
    for number in range(syllables):
        onset, length = rng.choice((2, 4, 7, 9)), rng.randrange(9, 22)
        if rng.random() < 0.4:
            hiss[at : at + onset] = rng.uniform(0.2, 0.7)
        at += onset
        first, second = rng.choice(_VOWELS), rng.choice(_VOWELS)
        stay = min(length, len(voice) - at)
        if stay <= 0:
            return len(voice)
        share = np.linspace(0, 1 if rng.random() < 0.4 else 0.15, stay, dtype=np.float32)[:, None]
        formants[at : at + stay] = np.float32(first) * (1 - share) + np.float32(second) * share
        voice[at : at + stay] = rng.uniform(0.5, 1.0) * np.hanning(stay + 2)[1:-1] ** 0.4
        tone[at : at + stay] = rng.uniform(-0.6, 0.6) + rise * number / syllables - 0.5 * number / syllables
        at += length
    return at + rng.randrange(12, 70)


def _voiced(formants: Samples, voice: Samples, hertz: Samples, count: int) -> Samples:
    """Harmonics of the voice, each as loud as the mouth lets it through."""
    phase = np.cumsum(stretched(hertz, count) / RATE, dtype=np.float64)
    total = np.zeros(count, np.float32)
    for harmonic in range(1, 46):
        at = hertz * harmonic
        if at.min() > 5200:
            break
        through = (
            sum((0.6**place) / (1 + ((at - formants[:, place]) / _BANDWIDTHS[place]) ** 2) for place in range(3)) + 0.02
        )
        level = stretched(np.asarray(through * voice / harmonic**0.5, np.float32), count)
        total += level * np.sin(2 * np.pi * ((phase * harmonic) % 1)).astype(np.float32)
    return total


def music(seed: int, seconds: float) -> Samples:
    """Chords, bass, a melody and a drum."""
    rng = Random(f"music {seed}")
    beat, key = rng.uniform(0.36, 0.62), rng.uniform(130, 260)
    count = round(seconds * RATE)
    total = np.zeros(count + RATE * 3, np.float32)
    scale = rng.choice(((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 1, 3, 7, 8), (0, 2, 4, 7, 9)))
    colour = [rng.uniform(0.2, 1) / (part + 1) for part in range(6)]
    chords = [rng.choice(scale) for _ in range(4)]
    at, number = 0.0, 0
    while at < seconds:
        root = chords[number // 4 % 4] if rng.random() < 0.85 else rng.choice(scale)
        if number % 4 == 0:
            for step in (0, rng.choice((3, 4)), 7):
                _note(total, at, key * 2 ** ((root + step) / 12), (beat * 4, 0.16), colour)
        _note(total, at, key / 2 * 2 ** (root / 12), (beat, 0.3), colour[:3])
        for half in range(rng.choice((1, 1, 2, 2, 4))):
            if rng.random() < 0.8:
                step = rng.choice(scale) + rng.choice((0, 12))
                _note(
                    total,
                    at + half * beat / 2,
                    key * 2 * 2 ** (step / 12),
                    (beat * rng.choice((0.5, 1, 1.5)), 0.3),
                    colour,
                )
        _drum(total, at, rng, number)
        at, number = at + beat, number + 1
    return loud(total[:count], 0.7)


def jingle(seed: int, seconds: float) -> Samples:
    """A short motif of bells, twice, with an echo."""
    rng = Random(f"jingle {seed}")
    count, key = round(seconds * RATE), rng.uniform(400, 620)
    total = np.zeros(count + RATE * 3, np.float32)
    motif = [
        (rng.choice((0, 2, 4, 7, 9, 12, 14)), rng.choice((0.18, 0.27, 0.36, 0.5))) for _ in range(rng.randrange(7, 12))
    ]
    at = 0.1
    while at < seconds:
        for step, length in motif:
            for echo in range(3):
                _note(total, at + echo * 0.21, key * 2 ** (step / 12), (1.1, 0.4 * 0.4**echo), [1, 0.2, 0.5, 0.1, 0.25])
            at += length
            step_up = rng.random() < 0.1
            key *= 2 ** (1 / 12) if step_up else 1
        at += rng.uniform(0.3, 0.9)
    return loud(total[:count], 0.7)


def _note(total: Samples, at: float, hertz: float, shape: tuple[float, float], colour: list[float]) -> None:
    seconds, strength = shape
    start, count = round(at * RATE), round((seconds + 0.25) * RATE)
    stop = min(len(total), start + count)
    if stop <= start:
        return
    time = np.arange(stop - start, dtype=np.float32) / RATE
    fading = np.minimum(1, time / 0.008) * np.exp(-2.6 * time / seconds)
    wave = np.zeros_like(time)
    for part, level in enumerate(colour, 1):
        if hertz * part < RATE / 2.2:
            wave += level * np.sin(2 * np.pi * hertz * part * time, dtype=np.float32)
    total[start:stop] += strength * fading * wave


def _drum(total: Samples, at: float, rng: Random, number: int) -> None:
    start, count = round(at * RATE), round(0.12 * RATE)
    stop = min(len(total), start + count)
    time = np.arange(max(0, stop - start), dtype=np.float32) / RATE
    if number % 2:
        total[start:stop] += 0.25 * noise_of(rng).standard_normal(len(time), np.float32) * np.exp(-40 * time)
    else:
        total[start:stop] += 0.6 * np.sin(2 * np.pi * (60 + 60 * np.exp(-30 * time)) * time) * np.exp(-18 * time)


def stretched(track: Samples, count: int) -> Samples:
    """A coarse track as one value per sample."""
    places = np.linspace(0, len(track) - 1, count)
    return np.interp(places, np.arange(len(track)), track).astype(np.float32)


def band(samples: Samples, low: float, high: float) -> Samples:
    """Only what sounds between two frequencies, with soft edges."""
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    gain = 1 / (1 + (low / np.maximum(hertz, 1)) ** 8) / (1 + (hertz / high) ** 8)
    return np.fft.irfft(spectrum * gain, len(samples)).astype(np.float32)


def loud(samples: Samples, peak: float) -> Samples:
    """At this peak."""
    return np.asarray(samples * (peak / (np.abs(samples).max() + 1e-9)), np.float32)


def write_sound(path: Path, samples: Samples, bit_rate: int = 96_000, rate: int = 0) -> Path:
    """Write the file its suffix asks for; `rate` in hertz, else the codec's or ours."""
    codec, own = _CODECS[path.suffix]
    with av.open(str(path), "w", format="ogg" if path.suffix == ".opus" else None) as container:
        stream = container.add_stream(codec, rate=rate or own or RATE)
        stream.layout = "mono"
        if codec != "pcm_s16le":
            stream.bit_rate = bit_rate
        mux_sound(container, stream, samples)
    return path


def mux_sound(container: av.container.OutputContainer, stream: av.AudioStream, samples: Samples) -> None:
    """Encode all samples into the stream."""
    turning = av.AudioResampler(format=stream.format, layout="mono", rate=stream.rate)
    queue = av.AudioFifo()
    pieces = [_frame(samples[first : first + 4096], first) for first in range(0, len(samples), 4096)]
    for piece in [*pieces, None]:
        for frame in turning.resample(piece):
            queue.write(frame)
        while frame := queue.read(stream.codec_context.frame_size or 1024, partial=piece is None):
            container.mux(stream.encode(frame))
    container.mux(stream.encode())


def _frame(samples: Samples, first: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(np.clip(samples[None], -1, 1), format="fltp", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = RATE, first, Fraction(1, RATE)
    return frame


def read_sound(path: Path) -> Samples | None:
    """The sound of a file, mono at RATE; None when it has none."""
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return None
        turning = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
        parts = [out.to_ndarray()[0] for frame in container.decode(audio=0) for out in turning.resample(frame)]
        parts += [out.to_ndarray()[0] for out in turning.resample(None)]
    return np.concatenate(parts).astype(np.float32) if parts else None
