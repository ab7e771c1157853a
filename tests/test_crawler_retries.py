"""Faulty answers -> asked once more, or left alone when the server says until when."""

from __future__ import annotations

import pytest
from scrapy.http import Request, Response
from scrapy.spiders import Spider
from scrapy.utils.test import get_crawler

from crawler import settings
from crawler.retries import PatientRetry

ASKED = Request("https://dinas.example/berita")


@pytest.fixture
def retries() -> PatientRetry:
    crawler = get_crawler(Spider, {"RETRY_TIMES": 2, "RETRY_HTTP_CODES": settings.RETRY_HTTP_CODES})
    crawler.spider = Spider.from_crawler(crawler, "any")
    return PatientRetry.from_crawler(crawler)


@pytest.mark.parametrize("status", settings.RETRY_HTTP_CODES)
def test_a_fault_is_asked_about_once_more(retries: PatientRetry, status: int) -> None:
    """Most pass within a moment."""
    again = retries.process_response(ASKED, Response(ASKED.url, status))

    assert isinstance(again, Request)
    assert again.url == ASKED.url


@pytest.mark.parametrize("until", ["120", "Wed, 24 Apr 2024 10:15:00 GMT"])
def test_a_server_that_names_its_time_is_left_alone_until_then(retries: PatientRetry, until: str) -> None:
    """503 with Retry-After: the answer stands as it is."""
    answer = Response(ASKED.url, 503, headers={"Retry-After": until})

    assert retries.process_response(ASKED, answer) is answer


def test_the_crawl_is_patient() -> None:
    """Ours stands in the place of Scrapy's, which is off."""
    chain = settings.DOWNLOADER_MIDDLEWARES

    assert chain["scrapy.downloadermiddlewares.retry.RetryMiddleware"] is None
    assert chain["crawler.retries.PatientRetry"] == 550
