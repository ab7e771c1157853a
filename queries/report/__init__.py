"""Verdicts of a day -> the daily verification report: a self-contained page, the same as JSON, a letter to sign."""

from queries.report.request import Issuer, ReportRequest
from queries.report.write import write_report

__all__ = ["Issuer", "ReportRequest", "write_report"]
