"""A clip or sound file -> its container, opened by known readers only; or cut off, where its boxes tell."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

import av

from pipelines.media.trouble import MediaError, Trouble

# Others are refused because they open further files: a posted text of two lines (ffconcat, m3u8, dash) would
# otherwise show whatever lies beside it, the material itself included.
READERS = (
    "mov", "matroska", "avi", "mpegts", "mpeg", "mpegvideo", "flv", "asf", "ogg", "ivf", "mxf", "nut", "rm", "h264",
    "hevc", "m4v", "obu", "gif", "apng", "jpeg_pipe", "png_pipe", "webp_pipe",
    "mp3", "wav", "aac", "flac", "amr", "aiff", "caf", "w64", "ac3", "eac3",
)  # fmt: skip


def open_container(path: Path) -> av.container.InputContainer:
    """The file's container, a context manager. Raises: MediaError, av.FFmpegError, OSError."""
    if not path.stat().st_size:
        raise MediaError(Trouble.EMPTY)
    try:
        return av.open(str(path), mode="r", options={"format_whitelist": ",".join(READERS)})
    except (av.FFmpegError, ValueError) as error:
        if not isinstance(error, MemoryError) and _is_cut(path):
            raise MediaError(Trouble.TRUNCATED) from error
        raise


def _is_cut(path: Path) -> bool:
    with path.open("rb") as file:
        is_of_boxes = file.read(8)[4:] in (b"ftyp", b"moov", b"mdat", b"free", b"wide")
        return is_of_boxes and not boxes_reach_end(file)


def boxes_reach_end(file: BinaryIO) -> bool:
    """Whether the boxes of an MP4, AVIF and their kin fill the file: each begins with its length.

    Length 0 reaches to the end, 1 is told in 64 bits.
    """
    end, at = file.seek(0, io.SEEK_END), 0
    while at + 8 <= end:
        file.seek(at)
        head = file.read(16)
        length = int.from_bytes(head[:4])
        if length == 1:
            length = int.from_bytes(head[8:])
        if length < 8:
            return length == 0
        at += length
    return at == end
