"""Any file with sound -> its landmarks: where, in time and pitch, the spectrum stands out.

A landmark is a peak of the spectrogram among its neighbours, not a loud place: so it is still there
under a voice, in another codec and at another volume. Pitch is counted in equal steps of its
logarithm, so a copy played faster has the same landmarks, earlier and all higher by the same steps.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.media.containers import open_container
from pipelines.media.trouble import MediaError, Trouble

SOUND_VERSION = 1
MAX_SOUND_SECONDS = 900.0  # listened to from the start
SAMPLES_PER_SECOND = 8_000
HOP = 128
FRAME_SECONDS = HOP / SAMPLES_PER_SECOND
LOWEST_HERTZ = 150.0
TONES_PER_OCTAVE = 36  # a step is 2 %: two voices' harmonics stand apart
TONES = 164  # up to 3.5 kHz, what a telephone lets pass
MAX_PER_SECOND = 60  # 30 s take 3.7 KB; with 45 a voice-over four times as strong leaves a fifth less proof

# Windows of 64 to 128 ms, neighbourhoods of 3 to 6 frames and 3 to 4 tones all lie within 10 % of each other in what a
# copy keeps (log-likelihood per second over 55 pairs in 11 guises); these came out first.
_WINDOW = 1024
_AROUND = cv2.getStructuringElement(cv2.MORPH_RECT, (7, 9))  # tones, frames
_NEIGHBOURHOOD = (41, 65)  # tones, frames; their mean is what a landmark must stand out from
_PROMINENT = 0.7  # in natural logarithms of power: twice the mean
_SILENCE = 1e-8  # power of a tone, -80 dB of full scale: below are only rounding errors of codecs
_MARGIN = 33  # frames before and after a stretch that decide about its own
_SECOND = 62  # frames, nearly
_STRETCH = 8 * _SECOND  # frames looked at together
_MAX_BROKEN_PACKETS = 100
_HEADER = struct.Struct("<BfH")

Times = NDArray[np.uint16]
Tones = NDArray[np.uint8]
_Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sound:
    """Landmarks in order of time: `times` in frames of `FRAME_SECONDS`, `tones` in steps above `LOWEST_HERTZ`."""

    seconds: float
    times: Times
    tones: Tones

    def pack(self) -> bytes:
        """The number of landmarks of each frame, then their tones: about 120 bytes per second."""
        counts = np.bincount(self.times).astype(np.uint8)
        return _HEADER.pack(SOUND_VERSION, self.seconds, len(counts)) + counts.tobytes() + self.tones.tobytes()


def unpack(packed: bytes) -> Sound:
    """The sound that `pack` wrote. Raises ValueError on another version or a torn record."""
    if len(packed) < _HEADER.size:
        raise ValueError("sound record is cut off")
    version, seconds, frames = _HEADER.unpack_from(packed)
    after = _HEADER.size + frames
    counts = np.frombuffer(packed[_HEADER.size : after], np.uint8)
    tones = np.frombuffer(packed[after:], np.uint8)
    if version != SOUND_VERSION:
        raise ValueError(f"sound record has version {version}, expected {SOUND_VERSION}")
    if len(counts) != frames or len(tones) != int(counts.sum()):
        raise ValueError("sound record has the wrong length")
    return Sound(seconds, np.repeat(np.arange(frames, dtype=np.uint16), counts), tones)


def listen(path: Path) -> Sound | None:
    """The landmarks of a file's first audio stream, or None when it has none; silence has no landmarks.

    Raises: av.FFmpegError, OSError, ValueError for files that cannot be read.
    """
    with open_container(path) as container:
        if not container.streams.audio:
            return None
        if container.streams.audio[0].codec_context is None:
            raise MediaError(Trouble.NOT_MEDIA)
        return find_landmarks(_mono(_decoded(container)))


def find_landmarks(parts: Iterable[_Floats]) -> Sound:
    """The landmarks of mono samples at `SAMPLES_PER_SECOND`, in parts of any length, within ±1."""
    count = 0

    def counted() -> Iterator[_Floats]:
        nonlocal count
        for part in parts:
            count += len(part)
            yield part

    found = [(first + rows, tones) for first, rows, tones in _landmarks(_levels(counted()))]
    times = np.concatenate([np.zeros(0, np.uint16), *(rows for rows, _ in found)])
    tones = np.concatenate([np.zeros(0, np.uint8), *(tones for _, tones in found)])
    return Sound(count / SAMPLES_PER_SECOND, times.astype(np.uint16), tones.astype(np.uint8))


def _decoded(container: av.container.InputContainer) -> Iterator[av.AudioFrame]:
    """The frames of the first audio stream; a few broken packets are passed over, as players do."""
    broken = 0
    for packet in container.demux(container.streams.audio[0]):
        try:
            yield from packet.decode()
        except av.FFmpegError:
            broken += 1
            if broken > _MAX_BROKEN_PACKETS:
                raise


def _mono(frames: Iterable[av.AudioFrame]) -> Iterator[_Floats]:
    """Samples of one channel at our rate, from the first `MAX_SOUND_SECONDS`."""
    left, shape = int(MAX_SOUND_SECONDS * SAMPLES_PER_SECOND), None
    for frame in frames:
        if shape != (shape := (frame.format.name, frame.layout.name, frame.sample_rate)):
            resampler = av.AudioResampler("flt", "mono", SAMPLES_PER_SECOND)  # the stream may change in its course
        for part in resampler.resample(frame):
            yield np.asarray(part.to_ndarray()[0, :left], np.float32)
            left -= part.samples
        if left <= 0:
            return


def _levels(parts: Iterable[_Floats]) -> Iterator[_Floats]:
    """Logarithms of power, shape (frames, TONES), in stretches of `_STRETCH` frames and a rest."""
    need = (_STRETCH - 1) * HOP + _WINDOW
    held, have = [np.zeros(_WINDOW // 2, np.float32)], _WINDOW // 2
    for part in parts:
        held.append(part)
        have += len(part)
        while have >= need:
            wave = np.concatenate(held)
            yield _level(wave[:need])
            held = [wave[_STRETCH * HOP :]]
            have = len(held[0])
    wave = np.concatenate([*held, np.zeros(_WINDOW // 2, np.float32)])
    if len(wave) > _WINDOW:
        yield _level(wave)


def _level(wave: _Floats) -> _Floats:
    frames = np.lib.stride_tricks.sliding_window_view(wave, _WINDOW)[::HOP]
    spectrum = np.fft.rfft(frames * _HANN, axis=1)
    power = np.asarray(spectrum.real**2 + spectrum.imag**2, np.float32)
    return np.asarray(np.log(power @ _FILTERS + np.float32(_SILENCE)), np.float32)


def _filters() -> _Floats:
    """What each frequency of the spectrum gives to each tone, shape (_WINDOW / 2 + 1, TONES)."""
    centres = LOWEST_HERTZ * 2 ** (np.arange(TONES) / TONES_PER_OCTAVE)
    spacing = SAMPLES_PER_SECOND / _WINDOW
    widths = np.maximum(centres * (2 ** (1 / TONES_PER_OCTAVE) - 1), spacing)
    away = np.abs(np.arange(_WINDOW // 2 + 1)[:, None] * spacing - centres)
    shares = np.maximum(0, 1 - away / widths)
    return np.asarray(shares / shares.sum(axis=0), np.float32)


_HANN = np.asarray(np.hanning(_WINDOW) / (_WINDOW / 4), np.float32)
_FILTERS = _filters()


def _landmarks(stretches: Iterable[_Floats]) -> Iterator[tuple[int, NDArray[np.intp], NDArray[np.intp]]]:
    """For each stretch its first frame, and the rows and tones of its landmarks."""
    first, before = 0, np.zeros((0, TONES), np.float32)
    stretches = iter(stretches)
    stretch = next(stretches, None)
    while stretch is not None:
        after = next(stretches, None)
        known = [before, stretch] if after is None else [before, stretch, after[:_MARGIN]]
        yield (first, *_peaks(np.concatenate(known), len(before), len(stretch)))
        first, before, stretch = first + len(stretch), stretch[-_MARGIN:], after


def _peaks(levels: _Floats, skip: int, count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows (counted from `skip`) and tones of what is highest around and stands out most of its second."""
    edge = cv2.BORDER_REPLICATE
    own = slice(skip, skip + count)
    over = (levels - cv2.blur(levels, _NEIGHBOURHOOD, borderType=edge))[own]
    highest = levels >= cv2.dilate(levels, _AROUND, borderType=edge)
    rows, tones = np.nonzero(highest[own] & (over > _PROMINENT) & (levels[own] > np.log(_SILENCE) + 1))
    order = np.lexsort((-over[rows, tones], rows // _SECOND))
    seconds = rows[order] // _SECOND
    rank = np.arange(len(order)) - np.searchsorted(seconds, seconds)
    kept = np.sort(order[rank < MAX_PER_SECOND])
    return rows[kept], tones[kept]
