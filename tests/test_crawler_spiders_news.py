"""Stand-in sites, whole and broken -> the posts and the coverage that the news channel may claim."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from site_looks import NOW, Seen, articles, look_at, same_site

from crawler.items import Cause, Outcome, Quality
from crawler.sandbox.sites import BACK_DATED_BY, KINDS, OPEN_ROBOTS


def _in_time(seen: Seen, site) -> set[str]:
    return {one.title for one in site.articles if one.published_at >= seen.since}


def _titles(seen: Seen) -> set[str]:
    return {post.text.split("\n")[0] for post in seen.posts}


@pytest.mark.parametrize("kind", KINDS)
def test_each_way_finds_every_article_with_its_instant(kind):
    """All four ways give the same articles with the same instants, bodies, links and pictures."""
    site = same_site(kind)
    seen = look_at(site)

    assert _in_time(seen, site) <= _titles(seen)
    true = {one.title: one.published_at for one in site.articles}
    for post in seen.posts:
        assert true[post.text.split("\n")[0]] == post.published_at == post.published_until
        assert "menolak tip untuk petugas" in post.text
        assert "Stunting" not in post.text
        assert post.links == ("https://www.instagram.com/reel/ABC123/",)
        assert [urlsplit(media.url).path.rpartition(".")[2] for media in post.media] == ["jpeg"]
        assert post.published_quality is Quality.DECLARED
        assert post.post_id == f"news:{post.url}"
        assert post.unread is None


@pytest.mark.parametrize("kind", ["wordpress", "feed", "listing"])
def test_a_whole_answer_covers_the_whole_time(kind):
    """Lists that are read back beyond the wanted start prove all of it."""
    seen = look_at(same_site(kind, articles=articles(14, timedelta(hours=12))))

    assert (seen.outcome, seen.cause) == (Outcome.COMPLETE, None)
    assert seen.since == seen.covers.start


def test_wordpress_proves_that_nothing_was_published():
    """A count of zero is an observed absence."""
    seen = look_at(same_site("wordpress", count=0))

    assert (seen.outcome, seen.posts) == (Outcome.COMPLETE, ())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("trap", "outcome"),
    [
        ("http_500", Outcome.FAILED),
        ("login_redirect", Outcome.BLOCKED),
        ("challenge", Outcome.BLOCKED),
        ("robots_disallow", Outcome.BLOCKED),
        ("robots_500", Outcome.BLOCKED),
        ("empty_200", Outcome.UNREADABLE),
    ],
)
def test_a_site_that_shows_nothing_proves_nothing(kind, trap, outcome):
    """Refusals, disguised or not, are named and never coverage."""
    seen = look_at(same_site(kind, trap))

    assert (outcome, None, ()) == (seen.outcome, seen.covers, seen.posts)


@pytest.mark.parametrize("trap", ["robots_disallow", "robots_500"])
def test_robots_comes_first_and_is_obeyed(trap):
    """Where robots.txt forbids or does not answer, no page is asked for."""
    seen = look_at(same_site("wordpress", trap))

    assert [urlsplit(url).path for url in seen.asked] == ["/robots.txt"]


@pytest.mark.parametrize(
    ("kind", "trap"),
    [
        ("wordpress", "total_mismatch"), ("wordpress", "page_500_midway"), ("wordpress", "cut_off"),
        ("wordpress", "truncated_feed"), ("feed", "truncated_feed"), ("feed", "cut_off"),
        ("sitemap", "cut_off"), ("listing", "page_500_midway"), ("listing", "cut_off"),
    ],
)  # fmt: skip
def test_a_broken_list_proves_no_absence(kind, trap):
    """What was read before the break stays; the chain proves nothing."""
    site = same_site(kind, trap)
    seen = look_at(site, since=NOW - timedelta(days=20))

    assert seen.covers is None
    assert seen.outcome is not Outcome.COMPLETE
    assert _titles(seen) <= {one.title for one in site.articles}


def test_wordpress_without_rest_is_read_by_its_feed():
    """A closed REST interface is no reason to see nothing."""
    site = same_site("wordpress", "rest_disabled")
    seen = look_at(site)

    assert _in_time(seen, site) <= _titles(seen)
    assert seen.outcome is Outcome.COMPLETE


def test_a_site_left_at_utc_is_understood():
    """The instant comes from date_gmt, whatever zone the site was left in."""
    site = same_site("wordpress", "wrong_zone")
    seen = look_at(site)

    assert {one.published_at for one in site.articles if one.published_at >= seen.since} <= {
        post.published_at for post in seen.posts
    }


@pytest.mark.parametrize("kind", ["wordpress", "feed", "listing"])
def test_a_back_dated_article_keeps_its_claim_as_a_claim(kind):
    """A date of a CMS is declared, never exact."""
    site = same_site(kind, "back_dated")
    seen = look_at(site, since=NOW - timedelta(days=4))
    newest = max(site.articles, key=lambda one: one.published_at)

    [post] = [post for post in seen.posts if post.text.startswith(newest.title + "\n")]
    assert newest.published_at - BACK_DATED_BY == post.published_at
    assert post.published_quality is Quality.DECLARED


@pytest.mark.parametrize("kind", ["feed", "listing"])
def test_a_broken_article_costs_itself_only(kind):
    """A listed article whose page fails stays as an unread post; the rest is covered."""
    seen = look_at(same_site(kind, "broken_article", articles=articles(14, timedelta(hours=12))))

    [lost] = [post for post in seen.posts if post.unread]
    assert lost.unread == "unreadable: HTTP 500"
    assert seen.outcome is Outcome.COMPLETE


def test_an_unread_page_without_any_date_forbids_coverage():
    """A sitemap gives no publication date: what could not be read might be what is sought."""
    seen = look_at(same_site("sitemap", "broken_article"))

    assert seen.covers is None
    assert seen.cause is Cause.GAP
    assert any("nomor-0" in note for note in seen.notes)


def test_a_crawl_delay_beyond_reason_is_named():
    """A site that wants an hour between pages cannot be read: blocked, not absent."""
    seen = look_at(same_site("wordpress", robots="User-agent: *\nCrawl-delay: 3600\n"))

    assert (seen.outcome, seen.covers) == (Outcome.BLOCKED, None)


def test_forbidden_pictures_are_named_not_fetched():
    """robots.txt holds for images too."""
    site = same_site("wordpress", robots="User-agent: *\nDisallow: /wp-content/\n")
    seen = look_at(site)

    assert all("robots.txt" in (media.trouble or "") for post in seen.posts for media in post.media)


def test_forbidden_rest_is_not_asked():
    """The next way is taken when robots.txt closes one."""
    site = same_site("wordpress", robots="User-agent: *\nDisallow: /wp-json/\nDisallow: /*?\n")
    seen = look_at(site)

    assert not any("wp-json" in url or "rest_route" in url for url in seen.asked)
    assert seen.posts


def test_a_moved_site_is_not_read_as_the_registered_one():
    """Below another path nothing of this account is listed: no coverage from the root's posts."""
    seen = look_at(same_site("wordpress"), path="/dinas-lain")

    assert (seen.outcome, seen.covers, seen.posts) == (Outcome.GONE, None, ())


@pytest.mark.parametrize(
    ("trap", "covered"),
    [("custom_type", True), ("types_closed", False), ("type_closed", False), ("hidden_type", False)],
)
def test_news_of_a_type_of_its_own_is_seen_or_nothing_is_claimed(trap, covered):
    """`berita` is not among WordPress' posts: it is read, or the look proves nothing and says why."""
    site = same_site("wordpress", trap)
    seen = look_at(site)

    assert covered is (seen.covers is not None)
    if trap in ("custom_type", "hidden_type"):
        assert _in_time(seen, site) <= _titles(seen)
    if not covered:
        assert (seen.outcome, seen.cause) == (Outcome.PARTIAL, Cause.GAP)
        assert seen.notes


def test_a_feed_that_leaves_the_picture_out_is_joined_with_the_page():
    """What only the article's page shows, a leading picture above all, belongs to the post."""
    closed = "User-agent: *\nDisallow: /wp-json/\nDisallow: /*rest_route\n"
    seen = look_at(same_site("feed", robots=closed))

    assert seen.posts
    assert all(post.media for post in seen.posts)


def test_a_quiet_wordpress_site_costs_one_more_question():
    """robots.txt, the front page, the posts, and the table of types: four questions a day."""
    seen = look_at(same_site("wordpress", articles=articles(12, timedelta(days=40))), since=NOW - timedelta(minutes=20))

    assert seen.outcome is Outcome.COMPLETE
    assert len(seen.asked) == 4


@pytest.mark.parametrize("kind", ["wordpress", "feed", "listing"])
def test_a_list_that_moves_while_it_is_paged_proves_nothing(kind):
    """An article taken down between two pages pulls another one over the gap, unseen."""
    closed = "User-agent: *\nDisallow: /wp-json/\nDisallow: /*rest_route\n"  # then its feed is read
    site = same_site(kind, "moves_while_read", count=30, robots=closed if kind == "feed" else OPEN_ROBOTS)
    site = replace(site, kind="wordpress") if kind == "feed" else site
    seen = look_at(site, since=NOW - timedelta(days=6))

    assert seen.covers is None
    assert seen.posts


@pytest.mark.parametrize("kind", ["feed", "listing"])
def test_an_old_entry_stuck_at_the_foot_stretches_nothing(kind):
    """Ten newest articles and one of years ago below them do not prove the years between."""
    site = same_site(kind, "sticky_at_foot", articles=articles(10, timedelta(hours=12)))
    seen = look_at(site, since=NOW - timedelta(days=30))

    assert seen.covers is None or seen.covers.start > NOW - timedelta(days=5)
