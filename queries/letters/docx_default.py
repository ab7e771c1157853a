"""A letter's name and a language -> our Word template with `{{names}}`, made here: no binary file is in the source."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from queries.letters import laporan_pelaksanaan as laporan
from queries.letters import nota_dinas as nota
from queries.letters import pengingat as reminder
from queries.letters.voice import letter_texts
from queries.letters.word import open_document, saved

if TYPE_CHECKING:
    from docx.document import Document

MADE_AT = datetime(2024, 1, 1, tzinfo=UTC)  # a template is of no day
FONT = "Bookman Old Style"
TEXT_WIDTH_CM = 16.7
LISTED = ("missing", "violated", "late", "early", "incomplete", "review")


class Sheet:
    """A Word document that grows from top to bottom; `label` are the fixed words."""

    def __init__(self, document: Document, label: Mapping[str, str]) -> None:
        self.document = document
        self.label = label

    def paragraph(self, text: str, **looks: Any) -> Any:
        """One paragraph. `looks`: bold, size, align, before, after, indent, keep."""
        return _dressed(self.document.add_paragraph(text), **looks)

    def kop(self) -> None:
        """The letterhead over a double rule."""
        table = self._grid(1, (2.4, TEXT_WIDTH_CM - 4.8, 2.4))
        left, middle, _ = table.rows[0].cells
        left.paragraphs[0].text = "{{logo}}"
        _dressed(middle.paragraphs[0], text="{{government}}", size=13, align="center", after=0)
        _dressed(middle.add_paragraph(), text="{{unit}}", size=15, bold=True, align="center", after=0)
        _dressed(middle.add_paragraph(), text="{{address}}", size=9, align="center", after=0)
        _ruled(self.paragraph("", size=3, after=6))

    def pairs(self, *rows: tuple[str, str]) -> None:
        """`Nomor : …`, one below the other."""
        table = self._grid(len(rows), (2.3, 0.5, TEXT_WIDTH_CM - 2.8))
        for row, (name, value) in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, (name, ":", value), strict=True):
                _dressed(cell.paragraphs[0], text=text, after=2, align="left")
        self.paragraph("", size=4, after=2)

    def table(self, names: Sequence[str], cells: Sequence[str], widths: Sequence[float], *more: Sequence[str]) -> None:
        """A table of one list: headings, the repeated row, rows below it. A `|` in a cell breaks the line."""
        table = self._grid(2 + len(more), widths, style="Table Grid")
        for number, (row, texts) in enumerate(zip(table.rows, (names, cells, *more), strict=True)):
            _mark(row, "w:cantSplit")
            for cell, text in zip(row.cells, texts, strict=True):
                _lines(cell, text, is_bold=number != 1)
        _mark(table.rows[0], "w:tblHeader")

    def signature(self, is_dated: bool = False) -> None:
        """Who signs, with room for it."""
        if is_dated:
            self.paragraph("{{place_date}}", before=10, after=2, indent=8.7, keep=True, align="left")
        self.paragraph("{{signer_title}},", before=2 if is_dated else 14, after=14, indent=8.7, keep=True, align="left")
        self.paragraph(self.label["sign_space"], size=8, after=20, indent=8.7, keep=True, align="left")
        self.paragraph("{{signer_name}}", bold=True, after=0, indent=8.7, keep=True, align="left")
        self.paragraph("{{signer_nip}}", indent=8.7, align="left")

    def copies(self) -> None:
        """Tembusan, where there are any."""
        self.paragraph("{{copies_heading}}", size=9.5, before=8, after=0, keep=True, align="left")
        self.paragraph("– {{copies}}", size=9.5, after=0, indent=0.4, align="left")

    def _grid(self, rows: int, widths: Sequence[float], style: str | None = None) -> Any:
        """An empty table whose columns are so many centimetres wide, for readers that ask the grid or the cells."""
        from docx.shared import Cm

        table = self.document.add_table(rows, len(widths), style=style)
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
            for cell in column.cells:
                cell.width = Cm(width)
        return table


def _nota_dinas(sheet: Sheet) -> None:
    label = sheet.label
    sheet.kop()
    sheet.paragraph("{{title}}", bold=True, size=13, align="center", after=8)
    keys = ("to", "from", "date", "number", "nature", "attachment", "subject")
    sheet.pairs(*((label[key], f"{{{{{key}}}}}") for key in keys))
    for key in ("opening", "share"):
        sheet.paragraph(f"{{{{{key}}}}}")
    sheet.table((label["status"], "{{today_heading}}", "{{since_heading}}"),
                ("{{figures.status}}", "{{figures.today}}", "{{figures.since}}"), (6, 3, 3),
                (label["total"], "{{total_today}}", "{{total_since}}"))  # fmt: skip
    for key in ("findings", "asks"):
        sheet.paragraph(label[key], keep=True, before=8, after=2)
        sheet.paragraph(f"– {{{{{key}}}}}", indent=0.6, after=2)
    sheet.paragraph("{{closing}}", before=6, keep=True)
    sheet.signature()
    sheet.copies()
    sheet.paragraph(f"{label['disposition']}: ……………………………………………………………………………", before=14)
    _nota_lists(sheet)


def _nota_lists(sheet: Sheet) -> None:
    label = sheet.label
    sheet.paragraph("{{list}}", bold=True, size=12, keep=True).paragraph_format.page_break_before = True
    sheet.paragraph("{{unknown_heading}}", bold=True, keep=True, before=8, align="left")
    sheet.table([label[key] for key in ("no", "agency", "because", "ask", "duties")],
                ("{{unknown.number}}", "{{unknown.agency}}|{{unknown.accounts}}", "{{unknown.because}}",
                 "{{unknown.ask}}", "{{unknown.duties}}"), (1, 5.2, 4, 4.3, 2.2))  # fmt: skip
    for key in LISTED:
        sheet.paragraph(f"{{{{{key}_heading}}}}", bold=True, keep=True, before=8, align="left")
        note = f"{{{{{key}.note}}}}|{{{{{key}.published}}}}|{{{{{key}.link}}}}"
        cells = [f"{{{{{key}.{name}}}}}" for name in ("number", "agency", "material", "window")]
        sheet.table([label[name] for name in ("no", "agency", "material", "window", "note")],
                    (*cells, note), (1, 4.2, 4.2, 2.3, 5))  # fmt: skip
    sheet.paragraph("", size=4, after=0)  # Word wants a paragraph after the last table


def _laporan(sheet: Sheet) -> None:
    label = sheet.label
    sheet.kop()
    sheet.paragraph("{{title}}", bold=True, size=13, align="center", after=2)
    sheet.paragraph(f"{label['number']}: {{{{number}}}}", align="center")
    sheet.pairs(*((label[key], f"{{{{{key}}}}}") for key in ("to", "from", "subject")))
    for key in ("opening", "summary"):
        sheet.paragraph(f"{{{{{key}}}}}")
    sheet.table([label[key] for key in ("no", "material", "window", "status", "proof")],
                ("{{owed.number}}", "{{owed.material}}|{{owed.campaign}}", "{{owed.window}}",
                 "{{owed.status}}|{{owed.published}}|{{owed.note}}",
                 "{{owed.link}}|{{owed.grade}}|{{owed.page}}|{{owed.media}}"), (1, 4, 2.2, 4.3, 5.2))  # fmt: skip
    for key in ("supplement", "closing"):
        sheet.paragraph(f"{{{{{key}}}}}", before=8, after=2, keep=key == "closing")
    sheet.signature(is_dated=True)
    sheet.copies()


def _pengingat(sheet: Sheet) -> None:
    label = sheet.label
    sheet.kop()
    sheet.paragraph("{{place_date}}", align="right")
    sheet.pairs(*((label[key], f"{{{{{key}}}}}") for key in ("number", "nature", "attachment", "subject")))
    sheet.paragraph(f"{label['to']} {{{{to}}}}", after=0, align="left")
    sheet.paragraph(label["place"], after=10, align="left")
    sheet.paragraph("{{opening}}")
    for key in ("pending", "missing", "unknown"):
        names = ["number", "material", "window", "note", *(["left"] if key != "unknown" else [])]
        sheet.paragraph(f"{{{{{key}_heading}}}}", bold=True, keep=True, before=8, align="left")
        sheet.table([label["no" if name == "number" else name] for name in names],
                    [f"{{{{{key}.{name}}}}}" for name in names],
                    (1, 4.2, 2.6, 6.2, 2.7) if key != "unknown" else (1, 4.2, 2.6, 8.9))  # fmt: skip
    for key in ("request", "request_unknown", "closing"):
        sheet.paragraph(f"{{{{{key}}}}}", before=8, after=2, keep=key == "closing")
    sheet.signature()
    sheet.copies()


LAYOUTS: Mapping[str, Callable[[Sheet], None]] = {
    nota.NAME: _nota_dinas, laporan.NAME: _laporan, reminder.NAME: _pengingat,
}  # fmt: skip


@cache
def default_template(name: str, language: str) -> bytes:
    """The Word file of a letter's template: the same bytes every time."""
    document = open_document()
    _page(document)
    LAYOUTS[name](Sheet(document, {key: text[language] for key, text in letter_texts()["label"].items()}))
    footer = document.sections[0].footer.paragraphs[0]
    _dressed(footer, text="{{foot}}", size=7.5, align="left", after=0)
    _numbered(document.sections[0].footer.add_paragraph())
    return saved(document, name, "Tayang", MADE_AT)


def _page(document: Document) -> None:
    """A4, one font for all scripts, text as letters have it."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.3), Cm(2)
    section.top_margin, section.bottom_margin = Cm(1.6), Cm(1.9)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(11)
    normal.paragraph_format.line_spacing = 1.08
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)


def _dressed(
    paragraph: Any, *, text: str | None = None, bold: bool = False, size: float = 0, align: str = "justify",
    before: float = 0, after: float = 6, indent: float = 0, keep: bool = False,
) -> Any:  # fmt: skip
    """A paragraph with its looks; sizes and spaces in points, indent in centimetres."""
    from docx.enum.text import WD_PARAGRAPH_ALIGNMENT
    from docx.shared import Cm, Pt

    if text is not None:
        paragraph.text = text
    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.keep_with_next = Pt(before), Pt(after), keep
    form.alignment = WD_PARAGRAPH_ALIGNMENT[align.upper()]
    form.left_indent = Cm(indent) if indent else None
    for run in paragraph.runs:
        run.bold, run.font.size = bold or None, Pt(size) if size else None
    return paragraph


def _numbered(paragraph: Any) -> None:
    """`1/3`, counted by whoever shows the letter: fields, since nobody knows how long it is before."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for sign, instruction in (("", "PAGE"), ("/", "NUMPAGES")):
        if sign:
            paragraph.add_run(sign)
        run, field = paragraph.add_run("1"), OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), instruction)
        run._r.addprevious(field)
        field.append(run._r)
    for run in paragraph._p.iter(qn("w:r")):
        run.get_or_add_rPr().get_or_add_sz().set(qn("w:val"), "15")  # half points, as the foot
    _dressed(paragraph, align="right", after=0)


def _lines(cell: Any, text: str, is_bold: bool) -> None:
    """The parts of a cell one below the other; a part without value falls away when it is filled."""
    first, *rest = text.split("|")
    _dressed(cell.paragraphs[0], text=first, size=8.5, bold=is_bold, after=0, align="left")
    for part in rest:
        _dressed(cell.add_paragraph(), text=part, size=7, after=0, align="left")


def _ruled(paragraph: Any) -> None:
    """The double rule below a letterhead."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders, rule = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for key, value in (("val", "thickThinSmallGap"), ("sz", "24"), ("space", "1"), ("color", "000000")):
        rule.set(qn(f"w:{key}"), value)
    borders.append(rule)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:spacing", "w:ind", "w:jc")


def _mark(row: Any, name: str) -> None:
    """`w:cantSplit`: not over two pages; `w:tblHeader`: again on each page."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))
