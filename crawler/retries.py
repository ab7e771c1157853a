"""A faulty answer -> the same question once more, unless the server said when to come back: whoever asked may wait."""

from __future__ import annotations

import scrapy
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Request, Response


class PatientRetry(RetryMiddleware):
    """Scrapy's own retrying, but for answers with `Retry-After`: asking again at once is what they ask not to do."""

    def process_response(
        self, request: Request, response: Response, spider: scrapy.Spider | None = None
    ) -> Request | Response:
        """The answer as it is when it says when to come back, else what Scrapy makes of it."""
        if response.headers.get("Retry-After"):
            return response
        return super().process_response(request, response)
