"""Handles as people write them lead to one form, or to a sentence that says what to write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.handles import known_channels, normalise_handle, same_place, web_address_problem

INSTAGRAM_NAMES = st.from_regex(r"[a-z0-9_][a-z0-9._]{0,28}[a-z0-9_]", fullmatch=True).filter(
    lambda name: name not in ("p", "tv") and not name.endswith(("instagram.com", "instagr.am"))
)
WAYS = (
    "{}", "@{}", " @{} ", "＠{}", "\u200e@{}\u200b", "https://www.instagram.com/{}/", "http://instagram.com/{}",
    "www.instagram.com/{}", "instagram.com/{}/", "HTTPS://WWW.INSTAGRAM.COM/{}", "https://m.instagram.com/{}/",
    "https://www.instagram.com/{}?igsh=MzRlODBiNWFlZA==", "https://www.instagram.com/{}/reels/",
    "https://instagram.com//{}#top", "//instagram.com/{}", "https://www.instagram.com/_u/{}",
    "https://www.instagram.com/%40{}",
)  # fmt: skip


@given(INSTAGRAM_NAMES, st.sampled_from(WAYS), st.booleans())
def test_every_way_of_writing_an_instagram_account_is_one_handle(name: str, way: str, shout: bool) -> None:
    """A name, a mention and every address of the profile mean the same account."""
    written = way.format(name.upper() if shout else name)

    assert name == normalise_handle("instagram", written)


@pytest.mark.parametrize("written", [
    "https://www.instagram.com/p/C6abc/", "https://www.instagram.com/reel/C6abc/", "explore", "instagram.com",
    "https://www.instagram.com/", "https://www.instagram.com/stories/dinkes/123", "dinas kesehatan", "a" * 31,
    "", "@",
    "https://www.instagram.com/accounts/login/?next=/dinkes/", "https://facebook.com/dinkes", "dinkes!", "https://[",
    "https://instagram.com@evil.example/x", "ftp://instagram.com/dinkes", "https://instagram.com.evil.example/dinkes",
])  # fmt: skip
def test_what_is_no_instagram_profile_is_refused(written: str) -> None:
    """Posts, other services, reserved words and malformed names are not accounts."""
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        normalise_handle("instagram", written)


@pytest.mark.parametrize(("written", "expected"), [
    ("dinkes.klatenkab.go.id", "https://dinkes.klatenkab.go.id"),
    ("HTTPS://Dinkes.KlatenKab.go.id/", "https://dinkes.klatenkab.go.id"),
    ("https://dinkes.klatenkab.go.id:443//", "https://dinkes.klatenkab.go.id"),
    ("//dinkes.klatenkab.go.id.", "https://dinkes.klatenkab.go.id"),
    ("http://dinkes.klatenkab.go.id:80/Berita/", "http://dinkes.klatenkab.go.id/Berita"),
    ("klatenkab.go.id:8080/a/./b/../c#x", "https://klatenkab.go.id:8080/a/c"),
    ("https://klatenkab.go.id/?utm_source=wa&fbclid=1", "https://klatenkab.go.id"),
    ("https://klatenkab.go.id/%7eberita%2fbaru", "https://klatenkab.go.id/~berita%2Fbaru"),
    ("http://127.0.0.1:9001", "http://127.0.0.1:9001"),
    ("http://[::1]:9001/", "http://[::1]:9001"),
    ("http://news:8080", "http://news:8080"),
    ("https://münchen.example", "https://xn--mnchen-3ya.example"),
])  # fmt: skip
def test_a_site_has_one_address(written: str, expected: str) -> None:
    """Scheme, case, default port, slashes, fragments and tracking do not make another site."""
    assert expected == normalise_handle("news", written)


@pytest.mark.parametrize("written", [
    "https://user:pass@klatenkab.go.id", "ftp://klatenkab.go.id", "mailto:humas@klatenkab.go.id", "klatenkab",
    "javascript:alert(1)", "https://klatenkab.go.id/?cat=5", "https://klatenkab.go.id:99999", "https://",
    "a..b",
    "https://klaten kab.go.id", "https://-x.example", "https://klatenkab.go.id:0", "https://x.example\\@evil",
    "@@",
])  # fmt: skip
def test_what_is_no_site_is_refused(written: str) -> None:
    """Addresses with passwords, other schemes, queries or broken hosts are not sites."""
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        normalise_handle("news", written)


@pytest.mark.parametrize(("channel", "written", "expected"), [
    ("youtube", "https://www.youtube.com/@PemkabKlaten/videos", "@pemkabklaten"),
    ("youtube", "PemkabKlaten", "@pemkabklaten"),
    ("youtube", "https://youtube.com/channel/UCabcdefghijklmnopqrstuv", "UCabcdefghijklmnopqrstuv"),
    ("telegram", "https://t.me/s/PemkabKlaten", "pemkabklaten"),
    ("telegram", "@PemkabKlaten", "pemkabklaten"),
    ("telegram", "https://t.me/pemkabklaten/12", "pemkabklaten"),
    ("telegram", "pemkabklaten.t.me", "pemkabklaten"),
    ("tiktok", "https://www.tiktok.com/@pemkabklaten?lang=id", "pemkabklaten"),
    ("facebook", "https://id-id.facebook.com/Pemkab.Klaten/", "pemkab.klaten"),
    ("facebook", "https://www.facebook.com/profile.php?id=100064", "100064"),
    ("facebook", "https://www.facebook.com/p/Dinas-Kesehatan-100064/", "100064"),
    ("facebook", "https://facebook.com/pages/Dinas/100064", "100064"),
    ("x", "https://twitter.com/PemkabKlaten", "pemkabklaten"),
    ("threads", "https://www.threads.net/@pemkab.klaten", "pemkab.klaten"),
    ("bluesky", "@klaten.bsky.social", "klaten.bsky.social"),
])  # fmt: skip
def test_other_channels_have_their_forms(channel: str, written: str, expected: str) -> None:
    """Each channel's usual addresses lead to its name or id."""
    assert expected == normalise_handle(channel, written)


@pytest.mark.parametrize(("channel", "written"), [
    ("youtube", "https://www.youtube.com/watch?v=x"), ("youtube", "https://youtu.be/x"), ("telegram", "https://t.me/+Abc"),
    ("telegram", "https://t.me/joinchat/abc"), ("telegram", "https://t.me/c/123/4"), ("tiktok", "https://vt.tiktok.com/ZSabc/"),
    ("facebook", "https://www.facebook.com/groups/1234567"), ("x", "https://x.com/home"), ("x", "a-b"),
])  # fmt: skip
def test_addresses_that_name_no_account_are_refused(channel: str, written: str) -> None:
    """Invitations, groups and single posts are not accounts."""
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        normalise_handle(channel, written)


@given(
    st.sampled_from(sorted(known_channels())),
    st.text(max_size=40) | INSTAGRAM_NAMES.map("https://x.id/{}".format),
)
def test_normalising_twice_changes_nothing(channel: str, written: str) -> None:
    """Whatever is accepted is a fixed point, and nothing but ValueError is ever raised."""
    try:
        handle = normalise_handle(channel, written)
    except ValueError:
        return

    assert handle == normalise_handle(channel, handle)


@given(st.from_regex(r"(https?://)?[a-z%./:?#@\[\]A-F0-9ß\u0130-]{1,30}", fullmatch=True))
def test_a_site_written_oddly_is_still_a_fixed_point(written: str) -> None:
    """Escapes, dots and brackets settle at once."""
    try:
        handle = normalise_handle("news", written)
    except ValueError:
        return

    assert handle == normalise_handle("news", handle)
    assert web_address_problem(handle) is None


def test_a_site_is_one_site_by_http_and_https() -> None:
    """Two registrations that differ in the scheme alone are the same account."""
    assert same_place("news", "http://a.example/x") == same_place("news", "https://a.example/x")
    assert same_place("x", "a") != same_place("threads", "a")


@pytest.mark.parametrize("written", ["klatenkab.go.id", "ftp://a.example", "https://a b.example", "https://"])
def test_a_link_must_be_a_whole_address(written: str) -> None:
    """Links are followed by people: they carry their scheme and host."""
    assert web_address_problem(written)
