"""The installed packages -> whether words in pictures can be read, and the models that read them; loads neither."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path


def why_absent() -> tuple[str, str]:
    """What to tell, in Indonesian and English, where words in pictures should have been read but were not."""
    return (
        'Tulisan di dalam gambar tidak dibaca: pasang tambahan `ocr` (pip install "tayang[ocr]").',
        'Words in pictures were not read: install the extra `ocr` (pip install "tayang[ocr]").',
    )


def can_read() -> bool:
    """Whether the extra is there, without loading it."""
    return models() is not None and importlib.util.find_spec("onnxruntime") is not None


@cache
def models() -> tuple[Path, Path] | None:
    """The detector and the recogniser in the wheel; named to the engine, which else may ask the network."""
    found = importlib.util.find_spec("rapidocr")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(found.submodule_search_locations[0]) / "models"
    detectors, recognisers = (sorted(folder.glob(f"PP-OCR*_{part}_*.onnx")) for part in ("det", "rec"))
    return (detectors[-1], recognisers[-1]) if detectors and recognisers else None
