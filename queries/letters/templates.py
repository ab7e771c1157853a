"""A letter's name -> its template: the user's own in the workspace's `letters/`, else ours; copies to change."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

from PIL import Image, ImageOps

from crawler.errors import WrongUse
from crawler.language import say
from queries.letters.docx_default import default_template
from queries.letters.frame import LOGO
from queries.thumbnails import BROKEN, FORMATS

OURS = Path(__file__).parent
FOLDER = "letters"
SHARED = "kop.typ"
LOGO_PIXELS = 600
PICTURES = ("*.png", "*.jpg", "*.jpeg", "*.svg")


def typst_template(home: Path, name: str) -> Path:
    """The letter's Typst file."""
    own = home / FOLDER / f"{name}.typ"
    return own if own.is_file() else OURS / f"{name}.typ"


def docx_template(home: Path, name: str, language: str) -> tuple[bytes, str]:
    """The letter's Word file, and what to call it in a message."""
    own = home / FOLDER / f"{name}.docx"
    if own.is_file():
        return own.read_bytes(), str(own)
    return default_template(name, language), f"{name}.docx"


def pictures_of(home: Path, logo: bytes | None) -> dict[str, bytes]:
    """Pictures that a Typst template may place: the logo, and those beside the user's own templates."""
    own = {path.name: path.read_bytes() for kind in PICTURES for path in sorted((home / FOLDER).glob(kind))}
    return {**own, **({LOGO: logo} if logo else {})}


def copy_templates(home: Path, name: str, formats: tuple[str, ...]) -> list[Path]:
    """Put our templates of a letter into the workspace to be changed. Raises: WrongUse where one is there already."""
    folder = home / FOLDER
    targets = [folder / f"{name}.{'typ' if form == 'pdf' else form}" for form in formats]
    for target in targets:
        if target.exists():
            raise WrongUse(say(f"{target} sudah ada; ubah berkas itu, atau pindahkan dahulu",
                               f"{target} is there already; change it, or move it away first"))  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    return [path for target in targets for path in _copied(target, name)]


def _copied(target: Path, name: str) -> list[Path]:
    if target.suffix == ".docx":
        target.write_bytes(default_template(name, say("id", "en")))
        return [target]
    shared = target.with_name(SHARED)
    wanted = [target] if shared.exists() else [target, shared]
    for path in wanted:
        shutil.copyfile(OURS / path.name, path)
    return wanted


def logo_of(path: Path | None) -> bytes | None:
    """The coat of arms as a PNG of bounded size; None where there is none that can be read."""
    if path is None:
        return None
    try:
        with Image.open(path, formats=FORMATS) as opened:
            image = ImageOps.exif_transpose(opened).convert("RGBA")
    except BROKEN:
        return None
    image.thumbnail((LOGO_PIXELS, LOGO_PIXELS), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()
