"""A Typst template and the values for it -> a PDF. The same values give the same bytes on the same machine.

Values reach a template as data, never as markup: `#let data = json("data.json")`. A template sees the files beside
it, `letterless.typ`, `data.json` and the pictures handed over, and nothing else of the disk.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from crawler.errors import WrongUse
from crawler.language import say
from queries.scripts import scripts_in
from queries.wording import catalogue

DATA = "data.json"
LETTERLESS = Path(__file__).with_name("letterless.typ")


def typeset(
    template: Path, data: Mapping[str, Any], as_of: datetime, pictures: Mapping[str, bytes] | None = None,
    has_machine_fonts: bool = True,
) -> bytes:  # fmt: skip
    """The PDF of a template with `data`, which names its `language`; `pictures` by the names that `data` calls them.

    Without the machine's fonts, with those alone that Typst brings along.

    `as_of` is the date the file bears. Raises: WrongUse where Typst is not installed, or with Typst's own words
    where the template is wrong.
    """
    typst = _typst()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for beside in (LETTERLESS, *sorted(template.parent.glob("*.typ"))):
            shutil.copyfile(beside, root / beside.name)
        for name, picture in (pictures or {}).items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(picture)
        told = {**data, "letterless": _letterless(data)}
        (root / DATA).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        try:
            return bytes(
                typst.compile(
                    root / template.name, root=root, timestamp=int(as_of.timestamp()),
                    font_paths=_fonts(has_machine_fonts),
                )
            )
        except typst.TypstError as wrong:
            raise WrongUse(f"{template}: {wrong.diagnostic or wrong}") from wrong


def _letterless(data: Mapping[str, Any]) -> dict[str, Any]:
    """The writing in the data that the machine may have no letters for, and what to say where it has none."""
    language = data["language"]
    return {"scripts": scripts_in(data, language), "says": catalogue()["paper"]["no_letters"][language]}


def can_typeset() -> bool:
    """Whether the extra is installed."""
    try:
        import typst  # noqa: F401 - asked only whether it is there
    except ImportError:
        return False
    return True


@cache
def _fonts(has_machine_fonts: bool) -> Any:
    """The machine's fonts, looked for once: for a short letter that is most of the work."""
    return _typst().Fonts(include_system_fonts=has_machine_fonts)


def _typst() -> ModuleType:
    try:
        import typst
    except ImportError as absent:
        raise WrongUse(say("PDF memerlukan Typst; pasang dengan pip install 'tayang[pdf]'",
                           "a PDF needs Typst; install it with pip install 'tayang[pdf]'")) from absent  # fmt: skip
    return typst
