"""A request and a letter's name -> the files of its letters in the folder asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.errors import WrongUse
from crawler.items import Agency
from crawler.language import say
from crawler.problems import nearest
from queries.letters.as_docx import render_docx
from queries.letters.content import letters_of
from queries.letters.request import Letter, LetterRequest, Order
from queries.letters.templates import docx_template, pictures_of, typst_template
from queries.typeset import typeset

SUBFOLDER = "letters"


@dataclass(frozen=True, slots=True)
class Written:
    """The files, and the agencies for which there was nothing to write."""

    files: list[Path]
    without: list[Agency]


def write_letters(order: Order, request: LetterRequest, home: Path) -> Written:
    """Write the letters; the same request and templates give the same bytes. `home` holds the user's templates.

    Raises: WrongUse for an unknown format or agency, an extra that is not installed, a template that is wrong.
    """
    check_formats(order.formats)
    letters, without = letters_of(order.name, request, order.agency_ids)
    out = order.out or home / "reports" / request.day.isoformat() / SUBFOLDER
    files = ((name, file) for letter in letters for name, file in _files(letter, request, home, order.formats))
    return Written([_write(out, name, file) for name, file in files], without)


def check_formats(formats: Sequence[str]) -> None:
    """Raises: WrongUse for one that we do not write."""
    for form in formats:
        if form not in FORMATS:
            meant = nearest(form, FORMATS) or ", ".join(FORMATS)
            raise WrongUse(say(f"Format surat {form!r} tidak dikenal; maksudnya {meant}?",
                               f"Unknown format of letters {form!r}; did you mean {meant}?"))  # fmt: skip


def _files(letter: Letter, request: LetterRequest, home: Path, formats: Sequence[str]) -> list[tuple[str, bytes]]:
    made = {form: FORMATS[form](letter, request, home) for form in dict.fromkeys(formats)}
    if "whatsapp" in letter.said:
        made["txt"] = ("\n".join(letter.said["whatsapp"]) + "\n").encode()
    return [(f"{letter.stem}.{form}", file) for form, file in made.items()]


def _pdf(letter: Letter, request: LetterRequest, home: Path) -> bytes:
    pictures = pictures_of(home, request.logo)
    return typeset(typst_template(home, letter.name), letter.said, request.as_of, pictures)


def _docx(letter: Letter, request: LetterRequest, home: Path) -> bytes:
    template, source = docx_template(home, letter.name, request.instance.language)
    return render_docx(template, source, letter, request.as_of, request.logo)


FORMATS: Mapping[str, Callable[[Letter, LetterRequest, Path], bytes]] = {"pdf": _pdf, "docx": _docx}


def _write(folder: Path, name: str, file: bytes) -> Path:
    """Whole or not at all: a reader never sees half a letter."""
    folder.mkdir(parents=True, exist_ok=True)
    target, fresh = folder / name, folder / f".{name}.new"
    fresh.write_bytes(file)
    fresh.replace(target)
    return target
