"""Why a media file gives nothing: a closed list, each with its sentence."""

from __future__ import annotations

from enum import StrEnum

import av

from crawler.language import say


class Trouble(StrEnum):
    """Why a file gives no fingerprint (closed list)."""

    MISSING = "missing"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    NOT_MEDIA = "not media"
    TOO_LARGE = "too large"
    TOO_SMALL = "too small"
    CRASHED = "decoder crashed"
    TOO_LONG = "took too long"
    TOO_MUCH_MEMORY = "took too much memory"


# It may have been the machine: tried once more when the crawl is over, and then believed.
WORTH_ANOTHER_TRY = frozenset({Trouble.CRASHED, Trouble.TOO_LONG, Trouble.TOO_MUCH_MEMORY})


class MediaError(ValueError):
    """Raised where a file is read; whoever fingerprints the file turns it into a value."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble

    def __reduce__(self) -> tuple[type[MediaError], tuple[Trouble]]:
        return MediaError, (self.trouble,)  # so that it crosses from a worker's process


# What reading a media file may raise.
UNREADABLE = (MemoryError, av.FFmpegError, OSError, ValueError, StopIteration)


def trouble_of(error: BaseException) -> Trouble:
    """The reason behind one of `UNREADABLE`."""
    if isinstance(error, MediaError):
        return error.trouble
    if isinstance(error, FileNotFoundError):
        return Trouble.MISSING
    if isinstance(error, MemoryError):  # one of FFmpeg's errors is this as well
        return Trouble.TOO_MUCH_MEMORY
    return Trouble.NOT_MEDIA


def describe_trouble(trouble: str) -> str:
    """A trouble as a sentence in the language in force."""
    sentences = {
        Trouble.MISSING: say("berkas tidak ditemukan", "the file is not there"),
        Trouble.EMPTY: say("berkas kosong", "the file is empty"),
        Trouble.TRUNCATED: say("berkas terpotong; salin ulang", "the file is cut off; copy it again"),
        Trouble.NOT_MEDIA: say(
            "bukan gambar, video, atau suara yang dapat dibaca; simpan sebagai JPEG, PNG, MP4, atau MP3",
            "not a readable picture, clip or sound; save it as JPEG, PNG, MP4 or MP3",
        ),
        Trouble.TOO_LARGE: say("gambar terlalu besar", "the picture is too large"),
        Trouble.TOO_SMALL: say("gambar terlalu kecil", "the picture is too small"),
        Trouble.CRASHED: say("pembaca media berhenti mendadak", "the decoder crashed on it"),
        Trouble.TOO_LONG: say("terlalu lama dibaca", "reading it took too long"),
        Trouble.TOO_MUCH_MEMORY: say("membacanya terlalu banyak memakan memori", "reading it took too much memory"),
    }
    return sentences[Trouble(trouble)]
