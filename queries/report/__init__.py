"""Verdicts of a day -> the daily verification report: a self-contained page, JSON, a letter to sign, a workbook."""

from queries.report.request import Issuer, ReportRequest
from queries.report.write import write_report

__all__ = ["Issuer", "ReportRequest", "write_report"]
