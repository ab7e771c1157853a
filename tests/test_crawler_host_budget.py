"""Sites asked beyond their hour's budget, or that asked for a pause -> left alone until there is room again."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from scrapy.http import Request, Response
from scrapy.settings import Settings

from crawler.host_budget import HostBudget, HostSpent
from crawler.rates import HOUR, RateBook

SITE = "https://dinas.example/berita"


class Hands:
    """A clock that is set by hand."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def budget(book: RateBook, limit: int, counts_hosts: bool = True) -> HostBudget:
    spider = SimpleNamespace(rates=book, counts_hosts=counts_hosts)
    return HostBudget(SimpleNamespace(spider=spider, settings=Settings({"TAYANG_REQUESTS_PER_HOUR": limit})))


def test_a_host_is_asked_so_often_and_no_more() -> None:
    """Each host has its own hour; after it there is room again."""
    hands = Hands()
    guard = budget(RateBook(clock=hands), 3)
    for _ in range(3):
        guard.process_request(Request(SITE))

    with pytest.raises(HostSpent):
        guard.process_request(Request("https://DINAS.example/lain"))
    guard.process_request(Request("https://other.example/"))
    hands.now += HOUR
    guard.process_request(Request(SITE))


def test_an_api_and_an_instance_without_a_bound_are_not_counted() -> None:
    """The API counts by token; 0 = no bound."""
    for guard in (budget(RateBook(), 1, counts_hosts=False), budget(RateBook(), 0)):
        for _ in range(5):
            guard.process_request(Request(SITE))


@pytest.mark.parametrize(
    ("status", "told", "is_left"), [(429, "60", True), (503, "60", True), (429, None, False), (200, "60", False)]
)
def test_a_busy_host_is_left_alone_as_long_as_it_asks(status: int, told: str | None, is_left: bool) -> None:
    """Without a bound of ours too; a page that was given asks for nothing."""
    book = RateBook()
    guard = budget(book, 0)
    headers = {"Retry-After": told} if told else {}
    guard.process_response(Request(SITE), Response(SITE, status=status, headers=headers))

    if is_left:
        with pytest.raises(HostSpent):
            guard.process_request(Request(SITE))
    else:
        guard.process_request(Request(SITE))
