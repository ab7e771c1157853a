"""Requests and items -> Scrapy's own log lines about them, without secrets and without whole items."""

from __future__ import annotations

import logging
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult

from crawler.redaction import redact


class RedactingLogFormatter(LogFormatter):
    """Scrapy's own lines about requests and items, without secrets and without whole items."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> LogFormatterResult:
        """One line per answer, with the address redacted."""
        return _line(logging.DEBUG, f"{response.status} {request.url}")

    def scraped(self, item: Any, response: Any, spider: Spider) -> LogFormatterResult:
        """Items hold whole pages: their type is enough."""
        return _line(logging.DEBUG, f"item {type(item).__name__}")


def _line(level: int, text: str) -> LogFormatterResult:
    return {"level": level, "msg": "%(line)s", "args": {"line": redact(text)}}
