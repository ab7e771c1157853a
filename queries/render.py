"""An answer and the name of a format -> its bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crawler.errors import WrongUse
from crawler.language import say
from crawler.problems import nearest
from queries.table import Table, as_csv, as_json, as_parquet, as_table


def _as_xlsx(answer: Table) -> bytes:
    from queries.answer_sheet import as_xlsx  # a second of loading that no other format needs

    return as_xlsx(answer)


FORMATS: Mapping[str, Callable[[Table], bytes]] = {
    "table": as_table,
    "csv": as_csv,
    "json": as_json,
    "parquet": as_parquet,
    "xlsx": _as_xlsx,
}


def render(answer: Table, form: str) -> bytes:
    """The answer in one of FORMATS. Raises: WrongUse for another format."""
    if form in FORMATS:
        return FORMATS[form](answer)
    meant = nearest(form, FORMATS) or ", ".join(FORMATS)
    raise WrongUse(say(f"Format {form!r} tidak dikenal; maksudnya {meant}?",
                       f"Unknown format {form!r}; did you mean {meant}?"))  # fmt: skip
