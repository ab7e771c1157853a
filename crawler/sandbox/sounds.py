"""A seed -> talk and music of our own, and sound files of them.

Nothing is recorded: voices are harmonics under formants, music is plucked strings and a drum.
The same seed gives the same wave.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import numpy as np
from numpy.typing import NDArray

Wave = NDArray[np.float32]

SAMPLES_PER_SECOND = 16_000
_STEP = 80  # samples between two settings of the voice: 5 ms

# first three formants in hertz: a, i, u, e, o, schwa
_VOWELS = np.array(
    [(780, 1300, 2550), (300, 2250, 3000), (330, 800, 2300), (450, 1950, 2650), (480, 900, 2450), (500, 1450, 2450)],
    dtype=np.float64,
)
_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 1, 5, 7, 8), (0, 2, 4, 7, 9))


def speech(seed: int, seconds: float) -> Wave:
    """A voice saying nothing: syllables of vowels and noise with a falling tune, mono, within ±1."""
    rng = np.random.default_rng([1, seed])
    steps = round(seconds * SAMPLES_PER_SECOND / _STEP)
    throat = rng.uniform(0.88, 1.16)
    pitch = np.empty(steps)
    formants, loudness, hiss = np.empty((steps, 3)), np.zeros(steps), np.zeros(steps)
    base, at, left = rng.uniform(95, 230), 0, 0
    pitch[:], formants[:] = base, _VOWELS[5]
    while at < steps:
        if left == 0:  # a breath, then a new phrase
            at, left = at + int(rng.integers(30, 110)), int(rng.integers(5, 14))
            continue
        onset, length = int(rng.integers(6, 16)), int(rng.integers(18, 44))
        part = slice(at, min(steps, at + onset + length))
        count = part.stop - part.start
        rise = np.linspace(0, rng.normal(0, 0.06), count) + 0.012 * left
        pitch[part] = base * np.exp(rise + rng.normal(0, 0.03))
        first, then = _VOWELS[rng.integers(len(_VOWELS), size=2)] * throat
        formants[part] = np.linspace(first, first * 0.7 + then * 0.3, count)
        loudness[part] = np.hanning(count + 2)[1:-1] ** 0.5 * rng.uniform(0.5, 1.0)
        if rng.random() < 0.6:
            loudness[at : at + onset], hiss[at : at + onset] = 0.02, rng.uniform(0.02, 0.15)
        at, left = at + onset + length, left - 1
    return _levelled(_voiced(rng, pitch, formants, loudness) + _hissing(rng, hiss))


def _voiced(
    rng: np.random.Generator,
    pitch: NDArray[np.float64],
    formants: NDArray[np.float64],
    loudness: NDArray[np.float64],
) -> Wave:
    """Harmonics of the pitch, as strong as the formants let them be."""
    knots = np.arange(0, len(pitch) + 9, 9)
    pitch = pitch * (1 + 0.01 * np.interp(np.arange(len(pitch)), knots, rng.normal(0, 1, len(knots))))
    turn = 2 * np.pi * np.cumsum(_smooth(pitch)) / SAMPLES_PER_SECOND
    wave = np.zeros(len(turn), np.float32)
    for harmonic in range(1, int(4000 / pitch.min()) + 1):
        tone = harmonic * pitch
        gain = sum(weight / (1 + ((tone - formants[:, one]) / width) ** 2)
                   for one, (weight, width) in enumerate(((1.0, 70), (0.6, 100), (0.3, 150))))  # fmt: skip
        gain = gain * loudness * (tone < 4200) / harmonic**0.4
        wave += (_smooth(gain) * np.sin(harmonic * turn)).astype(np.float32)
    return wave


def _smooth(settings: NDArray[np.float64]) -> NDArray[np.float64]:
    """One value per sample from one value per step."""
    at = np.arange(len(settings) * _STEP) / _STEP
    return np.interp(at, np.arange(len(settings)), settings)


def _hissing(rng: np.random.Generator, hiss: NDArray[np.float64]) -> Wave:
    noise = np.diff(rng.normal(0, 1, len(hiss) * _STEP + 1))  # brighter than it is dark
    return (noise * _smooth(hiss) * 0.4).astype(np.float32)


def music(seed: int, seconds: float) -> Wave:
    """A tune of plucked strings over chords, with a drum, mono, within ±1."""
    rng = np.random.default_rng([2, seed])
    scale = np.array(_SCALES[seed % len(_SCALES)])
    beat, root = rng.uniform(0.22, 0.42), rng.uniform(110, 190)
    wave = np.zeros(round(seconds * SAMPLES_PER_SECOND) + 1, np.float32)
    place = int(rng.integers(0, 8))
    for number in range(int(seconds / beat)):
        place = int(np.clip(place + rng.integers(-3, 4), 0, 13))
        if number % 4 == 0:
            low = int(rng.integers(0, len(scale)))
            for step in (0, 2, 4):
                _pluck(wave, number * beat, _tone(root / 2, scale, low + step), beat * 4, 0.25)
            _drum(rng, wave, number * beat)
        if rng.random() < 0.85:
            _pluck(wave, number * beat, _tone(root * 2, scale, place), beat * rng.choice((1, 2)), 0.5)
    return _levelled(wave)


def _tone(root: float, scale: NDArray[np.int64], place: int) -> float:
    octave, step = divmod(place, len(scale))
    return float(root * 2 ** (octave + scale[step] / 12))


def _pluck(wave: Wave, at: float, tone: float, length: float, gain: float) -> None:
    first = round(at * SAMPLES_PER_SECOND)
    count = min(round(length * SAMPLES_PER_SECOND), len(wave) - first)
    seconds = np.arange(max(0, count)) / SAMPLES_PER_SECOND
    for harmonic in range(1, int(min(9, 6000 / tone)) + 1):
        fading = np.exp(-seconds * (2 + 1.2 * harmonic)) * np.minimum(1, seconds * 200)
        part = np.sin(2 * np.pi * tone * harmonic * seconds) * fading * gain / harmonic
        wave[first : first + count] += part.astype(np.float32)


def _drum(rng: np.random.Generator, wave: Wave, at: float) -> None:
    first = round(at * SAMPLES_PER_SECOND)
    count = min(1600, len(wave) - first)
    wave[first : first + count] += (rng.normal(0, 0.3, count) * np.exp(-np.arange(count) / 300)).astype(np.float32)


def mixed(loud: Wave, quiet: Wave, difference_db: float) -> Wave:
    """`loud` with `quiet` behind it, that many decibels softer by their effective power."""
    count = min(len(loud), len(quiet))
    power = [float(np.sqrt(np.mean(one[:count] ** 2))) for one in (loud, quiet)]
    gain = power[0] / max(power[1], 1e-9) * 10 ** (-difference_db / 20)
    return _levelled(loud[:count] + gain * quiet[:count])


def faster(wave: Wave, speed: float) -> Wave:
    """As a tape that runs `speed` times as fast: pitch moves with it."""
    at = np.arange(0, len(wave) - 1, speed)
    return np.asarray(np.interp(at, np.arange(len(wave)), wave), np.float32)


def _levelled(wave: Wave) -> Wave:
    return np.asarray(wave / max(float(np.abs(wave).max()), 1e-9) * 0.8, np.float32)


def write_sound(path: Path, wave: Wave) -> Path:
    """Encode a wave as AAC, or plain when the path ends in `.wav`."""
    with av.open(str(path), "w") as container:
        codec: Literal["aac", "pcm_s16le"] = "pcm_s16le" if path.suffix == ".wav" else "aac"
        _encode(container, container.add_stream(codec, rate=SAMPLES_PER_SECOND, layout="mono"), wave)
    return path


def dubbed(clip: Path, path: Path, wave: Wave) -> Path:
    """The pictures of a clip with this sound instead of its own."""
    with av.open(str(clip)) as source, av.open(str(path), "w") as container:
        pictures = container.add_stream_from_template(source.streams.video[0])
        stream = container.add_stream("aac", rate=SAMPLES_PER_SECOND, layout="mono")
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = pictures
                container.mux(packet)
        _encode(container, stream, wave)
    return path


def _encode(container: av.container.OutputContainer, stream: av.AudioStream, wave: Wave) -> None:
    resampler = av.AudioResampler(stream.format.name, "mono", SAMPLES_PER_SECOND)
    for first in range(0, len(wave), 1024):
        part = av.AudioFrame.from_ndarray(wave[None, first : first + 1024], format="fltp", layout="mono")
        part.sample_rate, part.pts = SAMPLES_PER_SECOND, first
        part.time_base = Fraction(1, SAMPLES_PER_SECOND)
        for frame in resampler.resample(part):
            container.mux(stream.encode(frame))
    container.mux(stream.encode())
