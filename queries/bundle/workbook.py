"""A bundle's content -> indeks.xlsx: the documents, and every piece of evidence with a cell for its points."""

from __future__ import annotations

from datetime import UTC

from queries.bundle.content import Content
from queries.bundle.sheet import HEAD, PIECES_HEAD, sheet_object, told_fetched
from queries.report.sheets import Book, Cell, Heading, Link

TOP = 4  # row of the headings, below a sheet's title, its origin and its note
WIDTHS = {
    "number": 7, "agency": 34, "material": 34, "window": 24, "status": 30, "published": 24, "rests": 44, "grade": 8,
    "pieces": 14, "piece": 9, "folder": 40, "file": 30, "proves": 60, "fetched": 24, "sha256": 68, "ledger": 16,
    "points": 12,
}  # fmt: skip
POINTS = {"bg_color": "#fff6d1", "border": 1, "border_color": "#b8a25a", "num_format": "0.##"}


def render_index(content: Content) -> bytes:
    """The whole file; the same content gives the same bytes. Texts stay texts: the sum is the only formula."""
    told, wording = sheet_object(content), content.wording
    margins = (told["instance"], told["title"], told["as_of"], wording.text("sheet_word.page"))
    book = Book(content.as_of.astimezone(UTC).replace(tzinfo=None), f"{told['title']} – {told['instance']}", margins)
    origin = " · ".join((told["instance"], told["as_of"], told["scope"]))
    sheet = book.sheet(wording.text("bundle.documents_sheet"))
    sheet.write_title(told["title"], origin, " ".join((told["submissions"], told["grades"], told["fairness"])))
    link = HEAD.index("rests")
    lines = [tuple(Link(cell) if at == link and cell.startswith("http") else cell for at, cell in enumerate(row))
             for row in told["rows"]]  # fmt: skip
    sheet.write_table(TOP, [_heading(key, content) for key in HEAD], lines)
    _write_pieces(book, content, told["points_note"], origin)
    return book.as_bytes()


def _write_pieces(book: Book, content: Content, note: str, origin: str) -> None:
    keys = ("number", "agency", "material", "piece", "folder", *PIECES_HEAD[1:])
    lines = list(_pieces(content))
    sheet = book.sheet(content.wording.text("bundle.points_sheet"))
    sheet.write_title(content.wording.text("bundle.points"), origin, note)
    sheet.write_table(TOP, [_heading(key, content) for key in keys], lines)
    first, last, column = TOP + 1, TOP + max(len(lines), 1), len(keys) - 1
    told = content.wording.text("bundle.points_rule")
    sheet.made.data_validation(first, column, last, column, {
        "validate": "decimal", "criteria": ">=", "value": 0, "error_title": told, "error_message": told,
    })  # fmt: skip
    sheet.write(TOP - 1, column - 1, content.wording.text("bundle.points_sum"), {"bold": True, "align": "right"})
    total = f"=SUM({chr(ord('A') + column)}{first + 1}:{chr(ord('A') + column)}{last + 1})"
    sheet.made.write_formula(TOP - 1, column, total, book.style({"bold": True, "num_format": "0.##"}), 0)


def _pieces(content: Content) -> list[tuple[Cell, ...]]:
    """A line for each piece; the last cell is the assessor's."""
    told = [(document, piece) for document in content.documents for piece in document.pieces]
    return [
        (document.resting.number, content.agency(document.resting.verdict.duty.agency_id), content.material(document),
         piece.number, document.folder, piece.path.rsplit("/", 1)[-1], content.wording.text(f"proves.{piece.role}"),
         told_fetched(piece, content), piece.source.sha256,
         content.wording.text("bundle.ledger_line", seq=piece.ledger_seq), None)
        for document, piece in told
    ]  # fmt: skip


def _heading(key: str, content: Content) -> Heading:
    return Heading(content.wording.text(f"head.{key}"), WIDTHS[key], POINTS if key == "points" else {})
