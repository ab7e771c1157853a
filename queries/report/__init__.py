"""Verdicts of a day -> the daily verification report: one self-contained page, and the same as JSON and for Excel."""

from queries.report.request import Issuer, ReportRequest
from queries.report.write import write_report

__all__ = ["Issuer", "ReportRequest", "write_report"]
