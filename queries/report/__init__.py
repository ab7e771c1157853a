"""Verdicts of a day -> the daily verification report: one self-contained page, and the same as JSON."""

from queries.report.request import Issuer, ReportRequest
from queries.report.write import write_report

__all__ = ["Issuer", "ReportRequest", "write_report"]
