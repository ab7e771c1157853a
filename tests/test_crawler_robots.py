"""robots.txt in every state -> what may be asked; doubt forbids."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.errors import Blocked, Unreachable, Unreadable
from crawler.items import Capture
from crawler.robots import MAX_REDIRECTS, PATIENCE_SECONDS, Gate, read_rules

SITE = "https://dinas.example"


def _answer(status: int, body: str = "", url: str = f"{SITE}/robots.txt", location: str | None = None) -> Capture:
    headers = (("Location", location),) if location else ()
    return Capture("robots", url, url, status, headers, body.encode(), datetime(2026, 1, 1, tzinfo=UTC))


class Shelf:
    """Answers that lie ready by address; anything else is unreachable."""

    def __init__(self, answers: dict[str, Capture]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def fetch(self, kind, url, headers=None, **meta) -> Capture:
        self.asked.append(url)
        if url not in self.answers:
            raise Unreachable("timeout")
        return self.answers[url]


def _shelf(*answers: Capture) -> Shelf:
    return Shelf({answer.url: answer for answer in answers})


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_no_rules_allow(status):
    """4xx on robots.txt means that the site states no rules (RFC 9309)."""
    assert read_rules(_answer(status), "tayang").permits(f"{SITE}/berita")


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_unknown_rules_forbid(status):
    """An answer that did not come may have forbidden everything."""
    with pytest.raises(Blocked):
        read_rules(_answer(status), "tayang")


def test_a_challenge_in_place_of_rules_forbids():
    """A guard answered with HTTP 200: what the site allows is not known. A page of the site says that it has none."""
    with pytest.raises(Blocked, match="challenge"):
        read_rules(_answer(200, "<html><head><title>Just a moment...</title></head></html>"), "tayang")
    assert read_rules(_answer(200, "<html><title>Beranda</title></html>"), "tayang").permits(f"{SITE}/berita")


def test_a_host_that_is_asked_too_much_is_asked_nothing_more():
    """429 to one question, whatever it was for; another host is another matter."""
    other = "https://cdn.example"
    shelf = _shelf(_answer(404), _answer(429, url=f"{SITE}/feed"), _answer(200, "x", f"{SITE}/a"),
                   _answer(404, url=f"{other}/robots.txt"), _answer(200, "x", f"{other}/a"))  # fmt: skip
    gate = Gate(shelf, "tayang")

    assert asyncio.run(gate.fetch("feed", f"{SITE}/feed")).status == 429
    with pytest.raises(Blocked, match="HTTP 429"):
        asyncio.run(gate.fetch("article", f"{SITE}/a"))
    assert asyncio.run(gate.why_not(f"{SITE}/a.jpg")) == "HTTP 429"
    assert asyncio.run(gate.fetch("article", f"{other}/a")).status == 200
    assert f"{SITE}/a" not in shelf.asked


class Busy:
    """A host that is busy at first; `told`: its Retry-After in each of its first answers, None = it says nothing."""

    def __init__(self, status: int, *told: str | None) -> None:
        self.status, self.told, self.asked = status, list(told), 0

    async def fetch(self, kind, url, headers=None, **meta) -> Capture:
        if kind == "robots":
            return _answer(404)
        self.asked += 1
        if not self.told:
            return _answer(200, "x", url)
        wait = self.told.pop(0)
        return replace(_answer(self.status, url=url), headers=(("Retry-After", wait),) if wait else ())


@pytest.mark.parametrize(
    ("status", "told", "waits", "ends"),
    [
        (429, ["7"], [8], 200),
        (503, ["0"], [1], 200),
        (429, ["7", "7"], [8], 429),
        (429, [None], [], 429),
        (429, ["119"], [120], 200),
        (429, ["120"], [], 429),
        (503, ["3600"], [], 503),
        (500, ["7"], [], 500),
        (404, ["7"], [], 404),
    ],
)
def test_a_busy_host_that_names_a_moment_is_waited_for_once(status, told, waits, ends):
    """For a picture as for a page; not longer than the look's patience, and not where it names no time."""
    host, waited = Busy(status, *told), []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async def ask(url: str) -> Capture:
        return await host.fetch("media", url)

    gate = Gate(host, "tayang", sleep=sleep)
    assert asyncio.run(gate.fetch("media", f"{SITE}/a.jpg", ask)).status == ends
    assert waited == waits
    assert host.asked == 1 + len(waits)


def test_the_patience_of_a_look_is_bounded():
    """A host that asks for a minute with every answer is waited for once, and not for ever."""
    host, waited = Busy(503, *["60"] * 9), []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    gate = Gate(host, "tayang", sleep=sleep)
    for number in range(4):
        asyncio.run(gate.fetch("article", f"{SITE}/{number}"))

    assert sum(waited) <= PATIENCE_SECONDS
    assert host.asked == 4 + len(waited)


def test_a_robots_txt_that_comes_in_a_moment_is_waited_for():
    """Else one busy second would cost the visit."""
    waited: list[float] = []
    answers = [replace(_answer(503), headers=(("Retry-After", "2"),)), _answer(200, "User-agent: *\nDisallow: /x")]

    class Once:
        async def fetch(self, kind, url, headers=None, **meta) -> Capture:
            return answers.pop(0)

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    assert not asyncio.run(Gate(Once(), "tayang", sleep=sleep).rules_of(SITE)).permits(f"{SITE}/x")
    assert waited == [3]


def test_unreachable_rules_forbid_and_no_page_is_asked():
    """No connection to robots.txt: the page stays unasked, and nobody is said to have refused us."""
    shelf = _shelf()
    gate = Gate(shelf, "tayang")

    with pytest.raises(Unreachable, match=r"robots\.txt: timeout"):
        asyncio.run(gate.fetch("article", f"{SITE}/a"))
    with pytest.raises(Unreachable):
        asyncio.run(gate.rules_of(SITE))
    assert asyncio.run(gate.why_not(f"{SITE}/a.jpg")) == "robots.txt: timeout"
    assert [f"{SITE}/robots.txt"] == shelf.asked


def test_a_server_fault_in_place_of_rules_is_a_refusal():
    """5xx on robots.txt stays Blocked: the server is there and does not say what is permitted."""
    shelf = _shelf(_answer(503))

    with pytest.raises(Blocked, match="HTTP 503"):
        asyncio.run(Gate(shelf, "tayang").fetch("article", f"{SITE}/a"))
    assert [f"{SITE}/robots.txt"] == shelf.asked


def test_own_group_delay_and_sitemaps_are_read():
    """Our own name's group counts, with its delay; Sitemap lines belong to all."""
    body = "User-agent: *\nDisallow: /\n\nUser-agent: Tayang\nCrawl-delay: 7\nDisallow: /x/\nSitemap: https://a/s.xml\n"
    rules = read_rules(_answer(200, body), "tayang/0.1 (+https://example.org)")

    assert (rules.permits(f"{SITE}/a"), rules.permits(f"{SITE}/x/a")) == (True, False)
    assert (rules.delay_seconds, rules.sitemaps) == (7.0, ("https://a/s.xml",))


def test_crawl_delay_is_waited_for_between_pages():
    """The second page waits; the delay is also told to whoever fetches pictures."""
    waited: list[float] = []
    told: list[tuple[str, float]] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async def read() -> None:
        gate = Gate(shelf, "tayang", lambda host, seconds: told.append((host, seconds)), sleep)
        await gate.fetch("article", f"{SITE}/a")
        await gate.fetch("article", f"{SITE}/a")

    shelf = _shelf(_answer(200, "User-agent: *\nCrawl-delay: 60\n"), _answer(200, url=f"{SITE}/a"))
    asyncio.run(read())

    [seconds] = waited
    assert 30 < seconds <= 60  # what is left of them when the second page is wanted
    assert told == [("dinas.example", 60.0)]


def test_a_redirect_into_forbidden_ground_is_not_followed():
    """Each hop is asked of the rules of its own host."""
    shelf = _shelf(_answer(200, "User-agent: *\nDisallow: /x\n"), _answer(302, url=f"{SITE}/a", location="/x"))

    with pytest.raises(Blocked):
        asyncio.run(Gate(shelf, "tayang").fetch("article", f"{SITE}/a"))
    assert f"{SITE}/x" not in shelf.asked


def test_a_picture_that_leads_into_forbidden_ground_is_not_fetched_there():
    """The redirect of a picture is asked of the rules of the host it leads to."""
    other = "https://cdn.example"
    shelf = _shelf(
        _answer(404), _answer(302, url=f"{SITE}/a.jpg", location=f"{other}/a.jpg"),
        _answer(200, "User-agent: *\nDisallow: /\n", url=f"{other}/robots.txt"),
    )  # fmt: skip
    asked: list[str] = []

    async def ask(hop: str) -> Capture:
        asked.append(hop)
        return shelf.answers[hop]

    with pytest.raises(Blocked):
        asyncio.run(Gate(shelf, "tayang").fetch("media", f"{SITE}/a.jpg", ask))
    assert asked == [f"{SITE}/a.jpg"]


def test_endless_redirects_end():
    """A circle of redirects is unreadable, after a bounded number of questions."""
    shelf = _shelf(_answer(404), _answer(302, url=f"{SITE}/a", location="/a"))

    with pytest.raises(Unreadable):
        asyncio.run(Gate(shelf, "tayang").fetch("article", f"{SITE}/a"))
    assert len(shelf.asked) <= MAX_REDIRECTS + 2


def test_kept_rules_are_obeyed_without_being_asked_for():
    """What a host forbade this morning it still forbids; where nothing was kept, it is asked."""
    shelf = _shelf(_answer(200, "User-agent: *\nDisallow: /b"), _answer(200, "x", f"{SITE}/a"))
    gate = Gate(shelf, "tayang")
    gate.kept_rules = {f"{SITE}/robots.txt": _answer(200, "User-agent: *\nDisallow: /a")}.get

    with pytest.raises(Blocked):
        asyncio.run(gate.fetch("article", f"{SITE}/a"))
    assert shelf.asked == []
    gate = Gate(shelf, "tayang")
    asyncio.run(gate.fetch("article", f"{SITE}/a"))
    assert shelf.asked == [f"{SITE}/robots.txt", f"{SITE}/a"]
