"""Verdicts -> letters that an office signs: nota dinas, laporan pelaksanaan, pengingat; as PDF, DOCX and plain text.

`content.py` decides what a letter says (one plain dict, docs/letters.md), `as_pdf.py` and `as_docx.py` set it by a
template, `templates.py` finds the user's own, `write.py` makes the files.
"""
