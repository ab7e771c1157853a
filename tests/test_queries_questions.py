"""Questions of auditors: each with a small store, an answer worked out by hand, and an edge where a wrong one harms."""

from __future__ import annotations

from pathlib import Path

import pytest
from questions_store import Facts, at, on, picture, url

from crawler.items import Span
from pipelines.items import Duty, Status, Verdict
from pipelines.store import Store
from queries.ask import list_queries
from queries.report.scope import figures_of
from queries.site.tallies import streak_of, tally_of


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    return Facts(tmp_path)


def test_masih_sempat_lists_the_proved_absent_while_grace_runs(facts: Facts) -> None:
    """48 hours of grace, 30 gone: 18 left; neither an unobserved agency is called nor one whose grace ends now."""
    facts.as_of = at(22, 6)
    facts.verdict("a", "missing", grace_hours=48.0)
    facts.verdict("over", "missing", grace_hours=30.0)
    facts.verdict("unseen", "unknown", grace_hours=48.0, reason="blocked")

    assert [("a", at(23), 18.0)] == facts.ask("masih-sempat", "agency_id", "grace_until", "hours_left")
    assert facts.ask("masih-sempat", "agency_id", "hours_left", at="2024-04-22T18:30") == [("a", 5.5)]
    assert facts.ask("masih-sempat", "agency_id", at="2024-04-23T00:00") == []


def test_rentetan_is_broken_by_failures_alone(facts: Facts) -> None:
    """Unknown, pending, exempt and review neither break a streak nor prolong a bad one; a kept ban is no showing."""
    for day, status in enumerate(["fulfilled", "unknown", "fulfilled", "exempt", "fulfilled", "late", "missing"], 1):
        facts.verdict("a", status, day)
    facts.verdict("a", "fulfilled", 8)
    facts.verdict("a", "review", 9)
    facts.verdict("a", "pending", 10)
    facts.verdict("a", "clear", 11, rule="must_not")

    assert [(6, 3, at(1), at(6), 2, at(6), at(8))] == facts.ask(
        "rentetan", "judged", "best_streak", "best_from", "best_until", "worst_streak", "worst_from", "worst_until"
    )


def test_rentetan_does_not_accuse_in_doubt(facts: Facts) -> None:
    """Late, but with the window not wholly observed: an airing in time may exist, so it is no failure in a row."""
    facts.verdict("a", "missing", 1)
    facts.verdict("a", "incomplete", 2, reason="#antikorupsi; on_time_sign")
    facts.verdict("a", "late", 3, reason="window_not_observed")
    facts.verdict("a", "missing", 4)
    facts.verdict("b", "unknown", 1)

    assert [("a", 2, 0, None, 2, at(1), at(5))] == facts.ask(
        "rentetan", "agency_id", "judged", "best_streak", "best_from", "worst_streak", "worst_from", "worst_until"
    )


def test_tak_pernah_teramati_knows_who_was_never_read(facts: Facts) -> None:
    """Blocked always, never visited, answered by another account, without account; a partial look is an observation."""
    for name in ("blocked", "partial", "unvisited"):
        facts.agency(name, "opd", name)
    facts.agency("stranger", "opd", "stranger", native_id="1")
    facts.agency("later", "opd", "later", active_from=on(30).replace(month=5))
    facts.agency("none", "kecamatan")
    facts.look("blocked", at(20), None)
    facts.look("partial", at(20), (at(19), at(19, 1)), outcome="partial", cause="gap")
    facts.look("partial", at(21), None)
    facts.look("stranger", at(20), (at(10), at(20)), native_id="2")
    facts.verdict("blocked", "unknown")

    assert facts.ask("tak-pernah-teramati", "cause", "agency_id", "handle", "visits", "is_whole_agency") == [
        ("blocked", "blocked", "blocked", 1, True),
        ("no_account", "none", "", 0, True),
        ("gone", "stranger", "stranger", 1, True),
        ("not_visited", "unvisited", "unvisited", 0, True),
    ]


def test_dihapus_tells_too_soon_from_later(facts: Facts) -> None:
    """Removed a day after it had to stand is no fault; a blocked look or one of another account removes nothing."""
    for name, keep in (("soon", 72.0), ("later", 24.0), ("stands", 72.0), ("blocked", 72.0), ("stranger", 72.0)):
        facts.agency(name, "opd", name, native_id="1")
        facts.verdict(name, "fulfilled", post_id=name, keep_hours=keep)
        facts.post(name, name, at(20, 9), at(20, 12))
    for name in ("soon", "later"):
        facts.look(name, at(22), (at(18), at(22)), native_id="1")
    facts.look("stands", at(20, 11), (at(18), at(20, 11)), native_id="1")
    facts.look("blocked", at(22), None)
    facts.look("stranger", at(22), (at(18), at(22)), native_id="2")

    assert [
        ("soon", at(20, 12), at(22), at(23, 9), True),
        ("later", at(20, 12), at(22), at(21, 9), False),
    ] == facts.ask("dihapus", "agency_id", "last_seen_at", "removed_at", "keep_until", "is_too_soon")


def test_dihapus_says_what_the_view_says(facts: Facts) -> None:
    """The query's removed_at is that of `posts`, for the newest state of an edited post too."""
    facts.agency("a", "opd", "a")
    facts.verdict("a", "fulfilled", post_id="p")
    facts.post("p", "a", at(20, 9), at(20, 12))
    facts.post("p", "a", at(20, 9), at(21), content_id="edited", text="lain")
    facts.look("a", at(22), (at(20, 10), at(22)))  # does not reach back to the post
    facts.look("a", at(23), (at(18), at(23)))

    told = facts.ask("dihapus", "removed_at")
    [viewed] = Store(facts.home / "tayang.duckdb").rows("SELECT removed_at FROM posts")
    assert [(at(23),)] == told == [tuple(viewed.values())]


def test_disunting_accuses_only_where_the_old_state_outlived_the_deadline(facts: Facts) -> None:
    """Changed between a look before and a look after the deadline: the change may have been in time."""
    for name, looks in (("sure", (at(20, 10), at(21, 2))), ("maybe", (at(20, 10),))):
        facts.verdict(name, "fulfilled", post_id=name)
        facts.post(name, name, at(20, 9), *looks, media=[picture("m", None, "no address")])
        facts.post(name, name, at(20, 9), at(22), content_id=f"{name}2", text="lain", media=[picture("m")])

    assert [
        ("sure", "text", at(21, 2), at(22), True, "teks", "lain"),
        ("maybe", "text", at(20, 10), at(22), False, "teks", "lain"),
    ] == facts.ask(
        "disunting", "agency_id", "changed", "before_seen_at", "seen_at", "is_surely_after", "text_before", "text_after"
    )


def test_disunting_takes_no_better_look_for_an_edit(facts: Facts) -> None:
    """Read at the second attempt, a picture had later, brought by hand first, or changed in time: nobody edited."""
    for name in ("unread", "late-picture", "brought", "in-time"):
        facts.verdict(name, "fulfilled", post_id=name)
    facts.post("unread", "unread", at(20, 9), at(21, 1), unread="timeout", text="")
    facts.post("late-picture", "late-picture", at(20, 9), at(21, 1), media=[picture("m", None, "no address")])
    facts.post("late-picture", "late-picture", at(20, 9), at(22), content_id="had", media=[picture("m")])
    facts.post("brought", "brought", at(20, 9), at(21, 1), origin="import:submission", text="")
    facts.post("in-time", "in-time", at(20, 9), at(20, 10))
    facts.post("in-time", "in-time", at(20, 9), at(20, 11), content_id="edited", text="lain")
    for name in ("unread", "brought"):
        facts.post(name, name, at(20, 9), at(22), content_id=f"{name}2")

    assert facts.ask("disunting", "agency_id") == []


def test_gambar_sama_tells_borrowed_from_shared(facts: Facts) -> None:
    """The official file is named; an own production with all elements may be borrowed; a stranger's is nobody's."""
    for name in ("a", "b", "c"):
        facts.agency(name, "opd", name, native_id="1")
    for post, agency, shown in (
        ("p1", "a", "own"), ("p2", "b", "own"), ("p3", "a", "official"), ("p4", "b", "official"), ("p5", "c", "twice"),
        ("p6", "c", "twice"), ("p7", "c", "own"),
    ):  # fmt: skip
        facts.post(post, agency, at(20, int(post[1])), at(21), media=[picture(post, shown)])
    facts.look("c", at(21, -0.001), (at(10), at(21)), native_id="2")
    facts.sign("p1", "elements", "own")
    facts.sign("p3", "same_bytes", "official")
    for agency in ("a", "b"):
        facts.add("submission_rows", submission_id=agency, agency_id=agency, url="https://x/1", submitted_at=at(22))

    assert [
        (2, "link", "https://x/1", None, "a", 1, at(22)),
        (2, "link", "https://x/1", None, "b", 1, at(22)),
        (2, "image", "own", None, "a", 1, at(20, 1)),
        (2, "image", "own", None, "b", 1, at(20, 2)),
        (2, "image", "official", "tolak-tip", "a", 1, at(20, 3)),
        (2, "image", "official", "tolak-tip", "b", 1, at(20, 4)),
    ] == facts.ask("gambar-sama", "agencies", "kind", "shown", "material_id", "agency_id", "uses", "first_at")
    assert facts.ask("gambar-sama", "shown", agency="c") == []


SHARES = ("duties", "judged", "fulfilled", "on_time_percent", "missing", "doubtful", "review", "pending", "unknown",
          "exempt", "bans", "bans_clear", "bans_violated")  # fmt: skip


def add_two_kinds(facts: Facts) -> None:
    """Offices: one of two in time; districts: nothing that can be judged, and bans that would flatter or blacken."""
    for agency, kind in (("a", "opd"), ("b", "opd"), ("k", "kecamatan")):
        facts.agency(agency, kind)
    facts.verdict("a", "fulfilled")
    facts.verdict("b", "late", reason="window_not_observed")
    facts.verdict("b", "unknown", 21)
    for day, status in enumerate(["unknown", "pending", "review", "exempt"], 1):
        facts.verdict("k", status, day, campaign_id="lain")
    for day, status in enumerate(["clear", "violated", "unknown"], 11):
        facts.verdict("k", status, day, rule="must_not", campaign_id="lain")


def test_jenis_shares_what_was_judged_alone(facts: Facts) -> None:
    """Unknown is no failure and a kept ban no showing: districts without a judged duty have no percentage, not zero."""
    add_two_kinds(facts)

    assert facts.ask("jenis", "agency_kind", "agencies", *SHARES) == [
        ("kecamatan", 1, 4, 0, 0, None, 0, 0, 1, 1, 1, 1, 3, 1, 1),
        ("opd", 2, 3, 2, 1, 50.0, 0, 1, 0, 0, 1, 0, 0, 0, 0),
    ]


@pytest.mark.parametrize("status", Status)
def test_a_share_is_of_closed_windows_by_one_rule_everywhere(facts: Facts, status: Status) -> None:
    """One duty whose window has closed and one whose window is open: reports, the site and queries count the same."""
    facts.as_of = at(22)
    for day in (21, 22):  # the first closes as of now, the other in a day
        facts.verdict("a", status, day)
    told = [Verdict(Duty("k", "m", "a", Span(at(day), at(day + 1))), status, at(22)) for day in (21, 22)]
    figures = figures_of(told)
    due = int(status in (Status.FULFILLED, Status.LATE, Status.EARLY, Status.INCOMPLETE, Status.MISSING))
    done = int(status is Status.FULFILLED)

    assert (figures.due, figures.done, figures.ahead) == (due, done, done)
    assert (streak_of(told).judged, tally_of(told).shown.due) == (due, due)
    assert [facts.ask(name, "judged") for name in ("jenis", "banding-kampanye", "wilayah")] == [[(due,)]] * 3
    assert facts.ask("rentetan", "judged", "best_streak") == ([(1, done)] if due else [])
    assert facts.ask("wilayah", "fulfilled") == [(done,)]
    assert facts.ask("jenis", "on_time_percent") == [(100.0 * done if due else None,)]


def test_banding_kampanye_shares_what_was_judged_alone(facts: Facts) -> None:
    """Each campaign by the same rule; `kind` narrows the agencies."""
    add_two_kinds(facts)
    facts.add("campaign_rows", campaign_id="antikorupsi", title="Antikorupsi 2024")

    assert facts.ask("banding-kampanye", "campaign_id", "title", "agencies", *SHARES) == [
        ("antikorupsi", "Antikorupsi 2024", 2, 3, 2, 1, 50.0, 0, 1, 0, 0, 1, 0, 0, 0, 0),
        ("lain", None, 1, 4, 0, 0, None, 0, 0, 1, 1, 1, 1, 3, 1, 1),
    ]
    assert facts.ask("banding-kampanye", "campaign_id", kind="kecamatan") == [("lain",)]


def test_hari_buta_counts_local_days_that_are_over(facts: Facts) -> None:
    """Read until midnight: the day after is blind, its last minute before is not; the running day does not count. Looks
    that were complete and needed to prove nothing are no blindness."""
    facts.as_of = at(23, 1)
    facts.agency("a", "opd", "a")
    facts.agency("b", "opd", "b", native_id="1")
    facts.agency("new", "opd", "new", active_from=on(23))
    facts.look("a", at(21), (at(19, 23.9), at(21)))
    facts.look("b", at(23), (at(21, 23.9), at(23)), native_id="1")
    facts.look("b", at(20), (at(19), at(20)), native_id="2")  # another account under the name
    facts.look("b", at(19, 12), None, outcome="complete", cause=None)
    facts.verdict("a", "fulfilled")

    assert [
        (on(22), 2, 1, 50.0, "a"),
        (on(21), 2, 1, 50.0, "a"),
        (on(20), 2, 1, 50.0, "b"),
    ] == facts.ask("hari-buta", "day", "accounts", "blind", "blind_percent", "examples", days="4")


def test_beban_periksa_counts_from_the_first_time_it_was_said(facts: Facts) -> None:
    """Waiting since the review was first asked for, not since the last run; what a person decided waits no more."""
    facts.as_of = at(23)
    facts.verdict("a", "review")
    facts.verdict("b", "review")
    facts.verdict("c", "fulfilled")
    facts.verdict("k", "review", rule="must_not")
    facts.said("a", "review", at(21, 12))
    facts.said("c", "review", at(20))

    assert [("must", on(20), 2, 2, at(21, 12), 36.0), ("must_not", on(20), 1, 1, at(23), 0.0)] == facts.ask(
        "beban-periksa", "rule", "day", "open_reviews", "agencies", "waiting_since", "oldest_hours"
    )


def test_hanya_teks_leaves_out_what_could_not_be_seen(facts: Facts) -> None:
    """A text material asks for text; a picture unread, unfetched or broken may be the material itself."""
    facts.material()
    facts.material("ikrar", "text")
    for name, media in (
        ("words", []), ("other-picture", [picture("whole")]), ("seen", [picture("shown")]),
        ("unfetched", [picture("x", None, "no address")]), ("broken", [picture("broken")]),
    ):  # fmt: skip
        facts.verdict(name, "fulfilled", post_id=name, matcher="link", grade="B")
        facts.post(name, name, at(20, 9), media=media)
        facts.sign(name, "link")
    facts.sign("seen", "image", "shown", decision="review")
    facts.verdict("text", "fulfilled", post_id="text", matcher="text", material_id="ikrar")
    facts.post("text", "text", at(20, 9))
    for sha, trouble in (("whole", None), ("shown", None), ("broken", "truncated")):
        facts.add("fingerprint_rows", sha256=sha, version=1, kind="image", trouble=trouble)

    assert facts.ask(
        "hanya-teks", "agency_id", "kind", "matcher", "media_count"
    ) == [("other-picture", "video", "link", 1), ("words", "video", "link", 0)]


def test_lama_tayang_counts_exact_times_alone(facts: Facts) -> None:
    """A date without a clock would be minute 0, praised for nothing: counted apart; early ones are left out."""
    for day, (minutes, status) in enumerate([(60, "fulfilled"), (90, "incomplete"), (1500, "late"), (-5, "early")], 1):
        facts.verdict("a", status, day, post_id=f"p{day}", published_at=at(day, minutes / 60))
        facts.post(f"p{day}", "a", at(day, minutes / 60))
    facts.verdict("a", "fulfilled", 5, post_id="p5", published_at=at(5))
    facts.post("p5", "a", at(5), published_quality="declared", published_until=at(6))

    assert facts.ask(
        "lama-tayang", "agency_id", "shown", "average_minutes", "median_minutes", "slowest_minutes", "inexact"
    ) == [("a", 3, 550.0, 90.0, 1500, 1)]


def test_ganti_nama_tells_a_new_name_from_another_owner(facts: Facts) -> None:
    """One id under two names was renamed; one name with two ids changed hands; another channel is neither."""
    facts.agency("a", "opd", "new.name", native_id="1")
    facts.agency("b", "opd", "b", native_id="2")
    facts.agency("c", "opd", "c")
    facts.look("a", at(10), (at(9), at(10)), handle="old.name", native_id="1")
    facts.look("a", at(20), (at(19), at(20)), handle="new.name", native_id="1")
    facts.look("b", at(20), (at(19), at(20)), native_id="3")
    facts.look("c", at(20), (at(19), at(20)), native_id="4")
    facts.look("c", at(21), None)
    facts.look("c", at(20), (at(19), at(20)), channel="news", handle="https://c", native_id="4")

    assert facts.ask("ganti-nama", "sign", "native_id", "handle", "agency_id", "is_registered", "visits") == [
        ("renamed", "1", "old.name", "a", False, 1),
        ("renamed", "1", "new.name", "a", True, 1),
        ("other_owner", "3", "b", "b", False, 1),
        ("other_owner", "2", "b", "b", True, 0),
    ]


def test_celah_akun_ends_at_the_last_judging(facts: Facts) -> None:
    """Gaps between merged spans within the wanted time; the future is no gap, nor the time before the account began."""
    facts.as_of = at(24)
    facts.agency("a", "opd", "a")
    facts.agency("b", "opd", "b", active_from=on(23))
    facts.look("a", at(21), (at(19), at(21)))
    facts.look("a", at(21, 6), (at(20, 12), at(21, 6)))
    facts.look("a", at(24), (at(22), at(23, 23.5)))
    facts.verdict("a", "fulfilled")

    columns = ("handle", "gap_from", "gap_until", "gap_minutes", "is_whole_span")
    assert [("a", at(21, 6), at(22), 1080, False), ("b", at(23), at(24), 1440, True)] == facts.ask(
        "celah-akun", *columns, since="2024-04-20", until="2024-04-29"
    )
    assert [(at(21, 6), at(21, 8))] == facts.ask(
        "celah-akun", "gap_from", "gap_until", agency="a", since="2024-04-21", until="2024-04-21T08:00"
    )


def test_berubah_knows_the_order_of_one_instant(facts: Facts) -> None:
    """A review changes what is said of the same instant; a window that closed while nothing was there is no change."""
    facts.verdict("a", "fulfilled", decided_by="Siti", said_at=at(30, 2), post_id="p")
    facts.said("a", "pending", at(20))
    facts.said("a", "missing", at(21))
    facts.said("a", "review", facts.as_of, said_at=at(30, 1))
    facts.verdict("b", "missing")
    facts.said("b", "pending", at(20))
    facts.verdict("back", "missing", said_at=at(30, 1))
    facts.said("back", "missing", at(21))
    facts.said("back", "unknown", at(22), reason="blocked")

    assert [
        ("a", "review", "fulfilled", at(30), "Siti"),
        ("a", "missing", "review", at(30), "tayang"),
        ("back", "unknown", "missing", at(30), "tayang"),
        ("back", "missing", "unknown", at(22), "tayang"),
    ] == facts.ask("berubah", "agency_id", "before", "after", "changed_at", "decided_by")


def test_keputusan_tells_which_decision_stands(facts: Facts) -> None:
    """The newest on a post stands, the older one is kept; another agency's duty of the same day is another matter."""
    facts.agency("a", "opd", "a")
    facts.post("p", "a", at(20, 9))
    same = {"campaign_id": "antikorupsi", "material_id": "tolak-tip"}
    for name, post, agency, decision, hour in (
        ("r1", "p", "a", "none", 1), ("r2", "p", "a", "match", 2),
        ("r3", None, "a", "exempt", 3), ("r4", None, "b", "missing", 4),
    ):  # fmt: skip
        said = {"decision": decision, "reviewer": "Siti", "reason": f"alasan {name}", "reviewed_at": at(22, hour)}
        opens_at = None if post else at(20)
        facts.add("review_rows", review_id=name, post_id=post, agency_id=agency, opens_at=opens_at, **same, **said)

    assert [
        ("missing", "alasan r4", True, "duty", "b", None),
        ("exempt", "alasan r3", True, "duty", "a", None),
        ("match", "alasan r2", True, "post", "a", url("p")),
        ("none", "alasan r1", False, "post", "a", url("p")),
    ] == facts.ask("keputusan", "decision", "reason", "is_standing", "about", "agency_id", "post_url")
    assert facts.ask("keputusan", "decision", reviewer="Budi") == []


def test_waktu_tepi_lists_what_an_hour_could_turn(facts: Facts) -> None:
    """A day without a clock across the edge is at distance 0; a time that was made exact later is certain."""
    day = {"published_quality": "declared"}
    facts.verdict("straddles", "review", post_id="straddles")
    facts.post("straddles", "straddles", at(19), published_until=at(20, 12), **day)
    facts.verdict("close", "fulfilled", post_id="close")
    facts.post("close", "close", at(20, 0.5), published_until=at(20, 0.6), **day)
    facts.verdict("inside", "fulfilled", post_id="inside")
    facts.post("inside", "inside", at(20, 9), **day)
    facts.verdict("exact", "fulfilled", post_id="exact")
    facts.post("exact", "exact", at(20, 0.1), at(20, 1), content_id="declared", **day)
    facts.post("exact", "exact", at(20, 0.1), at(20, 2), content_id="exact")

    assert facts.ask("waktu-tepi", "agency_id", "minutes_to_edge") == [("straddles", 0), ("close", 30)]
    assert len(facts.ask("waktu-tepi", "agency_id", minutes="600")) == 3


def test_dikecualikan_gives_the_grounds(facts: Facts) -> None:
    """One line for each ground: the campaign's own and a person's stay apart; unknown is no exemption."""
    facts.verdict("a", "exempt", 20, reason="Surat B/12")
    facts.verdict("a", "exempt", 22, reason="Surat B/12", material_id="poster")
    facts.verdict("a", "exempt", 24, reason="Surat B/12", decided_by="Siti")
    facts.verdict("b", "unknown", reason="no_account")

    assert [
        ("a", "poster, tolak-tip", 2, at(20), at(23), "Surat B/12", "tayang"),
        ("a", "tolak-tip", 1, at(24), at(25), "Surat B/12", "Siti"),
    ] == facts.ask(
        "dikecualikan", "agency_id", "materials", "duties", "first_opens_at", "last_closes_at", "reason", "decided_by"
    )


def test_tak_terbaca_names_what_is_dark_now(facts: Facts) -> None:
    """Unread, withheld, broken or not fetched yet; what was read at the second look is dark no more."""
    facts.agency("a", "opd", "a")
    facts.post("p1", "a", at(20, 4), unread="paywall")
    facts.post("p2", "a", at(20, 3), media=[picture("m1", None, "no address"), picture("m2", "broken"), picture("m3")])
    facts.post("p3", "a", at(20, 2), media=[picture("m4", None)])
    facts.post("p4", "a", at(20, 1), at(20, 5), content_id="first", media=[picture("m5", None, "no address")])
    facts.post("p4", "a", at(20, 1), at(20, 6), content_id="second", media=[picture("m5")])
    for sha, version, trouble in (("broken", 2, "truncated"), ("m3", 1, "old reader"), ("m3", 2, None)):
        facts.add("fingerprint_rows", sha256=sha, version=version, kind="image", trouble=trouble)

    assert facts.ask("tak-terbaca", "what", "media_id", "trouble") == [
        ("post", None, "paywall"),
        ("image", "m1", "no address"),
        ("image", "m2", "truncated"),
        ("image", "m4", None),
    ]


def test_kiriman_is_confirmed_by_any_form_of_the_address(facts: Facts) -> None:
    """A reel's link with its owner is the post we saw; not seen says something only where all accounts were read."""
    facts.agency("a", "opd", "a", "a2")
    facts.agency("b", "opd", "b")
    facts.agency("c", "opd", "c")
    for agency in ("a", "b"):
        facts.look(agency, at(22), (at(18), at(22)))
    facts.post("Seen_1", "a", at(20, 9))
    facts.post("brought", "b", at(20, 9), origin="import:submission")
    facts.post("n", "a", at(20, 9), channel="news", url="https://a.go.id/berita/1/")
    for name, agency, link, claimed in (
        ("s1", "a", "https://instagram.com/a/reel/Seen_1", at(20, 9)),
        ("s2", "a", "http://www.a.go.id/berita/1", at(20, 9)),
        ("s3", "b", url("brought"), at(20, 9)), ("s4", "b", url("Seen_1"), at(23)),
        ("s5", "a", url("seen_1"), at(20, 9)),
        ("s6", "c", url("x"), at(20, 9)), ("s7", "b", url("y"), None),
    ):  # fmt: skip
        facts.add("submission_rows", submission_id=name, agency_id=agency, url=link, claimed_at=claimed,
                  submitted_at=at(24, -int(name[1])))  # fmt: skip

    assert [
        ("b", url("brought"), "not_seen", True),
        ("b", url("Seen_1"), "other_agency", False),
        ("a", url("seen_1"), "not_seen", False),
        ("c", url("x"), "not_seen", False),
        ("b", url("y"), "not_seen", None),
    ] == facts.ask("kiriman", "agency_id", "url", "seen_as", "was_observed")


def test_tautan_resmi_tells_what_rests_on_the_link(facts: Facts) -> None:
    """A link edited out of the post counts no longer; one beside the very clip is not its only sign."""
    facts.material()
    for name in ("only", "both", "gone"):
        facts.agency(name, "opd", name)
        facts.post(name, name, at(20, 9))
        facts.sign(name, "link")
    facts.sign("both", "video", "clip")
    facts.post("gone", "gone", at(20, 9), at(22), content_id="edited", text="tanpa tautan")
    facts.verdict("only", "fulfilled", post_id="only", matcher="link")

    assert facts.ask("tautan-resmi", "agency_id", "duties", "is_only_link") == [("both", 0, False), ("only", 1, True)]


def test_larangan_keeps_broken_and_unknown_apart(facts: Facts) -> None:
    """Not observed is no violation and stands under its own word; kept bans and duties to show are not listed."""
    facts.verdict("kept", "clear", rule="must_not")
    facts.verdict("unseen", "unknown", rule="must_not", reason="blocked")
    facts.verdict("broken", "violated", rule="must_not", post_id="p")
    facts.verdict("other", "unknown", reason="blocked")

    assert [("violated", "broken", url("p"), ""), ("unknown", "unseen", None, "blocked")] == facts.ask(
        "larangan", "status", "agency_id", "post_url", "reason"
    )


def test_mutu_bukti_says_of_what_it_is_a_percentage(facts: Facts) -> None:
    """Of those fulfilled, half rest on own observation; a person's word without a post has no grade, and says so."""
    for name, grade in (("a", "A"), ("b", "B"), ("d", "D")):
        facts.verdict(name, "fulfilled", post_id=name, grade=grade)
    facts.verdict("word", "fulfilled", decided_by="Siti")
    facts.verdict("late", "late", post_id="late")

    columns = ("shown", "grade_a", "grade_b", "grade_c", "grade_d", "by_word", "own_percent", "reviewed")
    assert facts.ask("mutu-bukti", "campaign_id", *columns) == [("antikorupsi", 4, 1, 1, 0, 1, 1, 50.0, 1)]


def test_belum_tayang_keeps_accusation_and_blindness_apart(facts: Facts) -> None:
    """Missing, unknown and pending each under its word; a ban that cannot be judged is not something to show."""
    facts.verdict("a", "missing")
    facts.verdict("b", "unknown", reason="gap")
    facts.verdict("c", "pending")
    facts.verdict("d", "fulfilled")
    facts.verdict("e", "unknown", rule="must_not", reason="gap")

    assert facts.ask("belum-tayang", "status", "agency_id", "reason") == [
        ("missing", "a", ""),
        ("unknown", "b", "gap"),
        ("pending", "c", ""),
    ]


def test_belum_tayang_says_under_which_names_an_account_was_read(facts: Facts) -> None:
    """One that was renamed stands with its earlier names: evidence of the time before bears those."""
    renamed(facts, "a", "lama1", "lama2")
    facts.agency("b", "opd", "b")
    for name in ("a", "b"):
        facts.verdict(name, "missing")

    assert facts.ask("belum-tayang", "agency_id", "accounts") == [
        ("a", "instagram:a = instagram:lama1 = instagram:lama2"),
        ("b", "instagram:b"),
    ]


def renamed(facts: Facts, agency_id: str, *former: str) -> None:
    """An agency whose only account had other names before."""
    facts.agency(agency_id, "opd", agency_id, native_id="1")
    for handle in former:
        facts.add("former_name_rows", channel="instagram", handle=handle, native_id="1", agency_id=agency_id,
                  now_handle=agency_id)  # fmt: skip


def test_a_renamed_account_that_was_read_under_its_old_name_is_observed(facts: Facts) -> None:
    """Both questions about blindness count the looks under every name of an account, as the report does."""
    renamed(facts, "a", "lama")
    facts.look("a", at(20), (at(19), at(20)), native_id="1", handle="lama")
    renamed(facts, "b", "lama.b")
    facts.look("b", at(20), None, native_id="1", handle="lama.b")

    assert facts.ask("tidak-teramati", "cause", "handle") == [("blocked", "b")]
    assert facts.ask("tak-pernah-teramati", "cause", "handle", "visits") == [("blocked", "b", 1)]


def test_terlambat_tells_by_how_much(facts: Facts) -> None:
    """The latest first; an early one has no minutes late."""
    facts.verdict("a", "late", post_id="p1", minutes_late=15)
    facts.verdict("b", "late", post_id="p2", minutes_late=90)
    facts.verdict("c", "early", post_id="p3")
    facts.verdict("d", "missing")

    assert facts.ask("terlambat", "status", "agency_id", "minutes_late") == [
        ("late", "b", 90),
        ("late", "a", 15),
        ("early", "c", None),
    ]


def test_rekap_and_matriks_count_each_duty_once(facts: Facts) -> None:
    """Every status has its own column; unknown is not among the missing."""
    for day, status in enumerate(["fulfilled", "late", "missing", "unknown", "exempt"], 1):
        facts.verdict("a", status, day)

    columns = ("duties", "fulfilled", "off_time", "missing", "unknown", "exempt", "review", "pending")
    assert facts.ask("rekap", *columns) == [(5, 1, 1, 1, 1, 1, 0, 0)]
    assert facts.ask("matriks", "fulfilled", "duties", "cells", day="2024-04-02") == [(0, 1, "04-02 tolak-tip=late")]


def test_a_ban_that_was_kept_is_no_showing(facts: Facts) -> None:
    """It would flatter: in the recap it has a column of its own, in the matrix it is in the cells alone."""
    facts.verdict("a", "missing", 1)
    facts.verdict("a", "clear", 2, rule="must_not")

    assert facts.ask("rekap", "duties", "fulfilled", "missing", "clear") == [(2, 0, 1, 1)]
    assert facts.ask("matriks", "fulfilled", "duties") == [(0, 1)]


def test_wilayah_sums_up_all_agencies_below_a_region(facts: Facts) -> None:
    """Grandchildren too; an unobserved duty lowers nothing, an open ban is no duty to show."""
    facts.add("agency_rows", agency_id="kab", name="Kabupaten", kind="kabupaten")
    facts.add("agency_rows", agency_id="dinas", name="Dinas", kind="opd", parent_id="kab")
    facts.add("agency_rows", agency_id="upt", name="UPT", kind="opd", parent_id="dinas")
    facts.add("agency_rows", agency_id="lain", name="Lain", kind="opd")
    facts.verdict("dinas", "fulfilled", 1)
    facts.verdict("upt", "missing", 1)
    facts.verdict("upt", "unknown", 2)
    facts.verdict("upt", "pending", 3, rule="must_not")
    facts.verdict("upt", "violated", 4, rule="must_not")
    facts.verdict("lain", "unknown", 1)

    columns = ("region_id", "agencies", "duties", "judged", "fulfilled", "percent", "missing", "unknown", "violated")
    assert facts.ask("wilayah", *columns) == [
        ("kab", 2, 3, 2, 1, 50.0, 1, 1, 1), ("lain", 1, 1, 0, 0, None, 0, 1, 0),
    ]  # fmt: skip


def test_terlambat_says_where_better_may_stand_unseen(facts: Facts) -> None:
    """Late, in a window that was not wholly observed, is not plainly late."""
    facts.verdict("a", "late", reason="window_not_observed", minutes_late=5)

    assert facts.ask("terlambat", "agency_id", "reason") == [("a", "window_not_observed")]


def test_tidak_teramati_counts_the_last_visit_alone(facts: Facts) -> None:
    """Blocked yesterday and complete today is observed; complete yesterday and blocked today is not."""
    for name in ("a", "b", "c"):
        facts.agency(name, "opd", name)
    facts.look("a", at(19), None)
    facts.look("a", at(20), (at(19), at(20)))
    facts.look("b", at(19), (at(18), at(19)))
    facts.look("b", at(20), None, detail="HTTP 429")
    facts.verdict("b", "unknown", reason="blocked")

    assert facts.ask("tidak-teramati", "cause", "handle", "observed_until", "unknown_duties", "detail") == [
        ("blocked", "b", at(19), 1, "HTTP 429"),
        ("not_visited", "c", None, 0, None),
    ]


def test_cakupan_shows_what_of_a_window_was_not_read(facts: Facts) -> None:
    """Spans that meet leave no gap; what lies after the last judging is none yet."""
    facts.as_of = at(20, 20)
    facts.agency("a", "opd", "a")
    facts.verdict("a", "pending")
    facts.look("a", at(20, 6), (at(19), at(20, 6)))
    facts.look("a", at(20, 12), (at(20, 6), at(20, 12)))
    facts.look("a", at(20, 18), (at(20, 13), at(20, 18)))

    assert facts.ask("cakupan", "account", "gap_from", "gap_until", "gap_minutes") == [
        ("instagram:a", at(20, 12), at(20, 13), 60),
        ("instagram:a", at(20, 18), at(20, 20), 120),
    ]


def test_cakupan_tells_the_read_account_from_the_unread(facts: Facts) -> None:
    """One that was read beyond the window on both sides lacks nothing; one never read lacks it whole, and once only."""
    facts.agency("a", "opd", "a")
    facts.agency("b", "opd", "b")
    for name in ("a", "b"):
        facts.verdict(name, "unknown")
        facts.verdict(name, "unknown", material_id="lain")
    facts.look("a", at(22), (at(18), at(22)))

    assert facts.ask("cakupan", "account", "gap_from", "gap_until") == [("instagram:b", at(20), at(21))]


def test_cakupan_asks_an_account_only_for_its_own_time(facts: Facts) -> None:
    """Before it was the agency's, and after, nothing of it can be lacking."""
    facts.as_of = at(25)
    facts.agency("a", "opd", "a", active_from=on(21))
    facts.verdict("a", "unknown", 20)
    facts.verdict("a", "unknown", 21)

    assert facts.ask("cakupan", "opens_at", "gap_from", "gap_until") == [(at(21), at(21), at(22))]


def test_liputan_media_lists_articles_by_campaign(facts: Facts) -> None:
    """The newest first; one of another campaign and one before the asked day are left out."""
    for number, (campaign, day) in enumerate([("antikorupsi", 20), ("antikorupsi", 22), ("lain", 22)]):
        facts.article(f"media:{number}", campaign, at(day, 8))

    assert facts.ask("liputan-media", "published_at", "words", campaign="antikorupsi") == [
        (at(22, 8), "tolak tip"), (at(20, 8), "tolak tip"),
    ]  # fmt: skip
    assert facts.ask("liputan-media", "published_at", campaign="antikorupsi", since="2024-04-21") == [(at(22, 8),)]


def test_perlu_diperiksa_gives_the_reason_to_look(facts: Facts) -> None:
    """Open reviews with the sign that asks for them; what was decided is not asked again."""
    facts.material()
    for name, status in (("a", "review"), ("b", "fulfilled")):
        facts.verdict(name, status, post_id=name, matcher="image", score=0.6)
        facts.post(name, name, at(20, 9))
        facts.sign(name, "image", "sha", decision="review", explanation='{"id": "mirip", "en": "alike"}')

    assert facts.ask("perlu-diperiksa", "agency_id", "matcher", "explanation") == [("a", "image", "mirip")]


def test_bukti_leads_to_the_bytes(facts: Facts) -> None:
    """The page and the media behind a verdict, each with its place; a post that decides nothing is not evidence."""
    facts.material()
    facts.verdict("a", "fulfilled", post_id="p")
    facts.post("p", "a", at(20, 9), evidence_sha256="page")
    facts.post("q", "a", at(20, 9), evidence_sha256="other")
    facts.sign("p", "video", "clip")
    page = {"kind": "graph", "warc_file": "w.warc.gz", "warc_offset": 5}
    facts.add("evidence_rows", seq=1, sha256="page", fetched_at=at(21), **page)
    facts.add("evidence_rows", seq=2, sha256="clip", kind="media", fetched_at=at(21), path="evidence/media/clip.mp4")

    assert facts.ask("bukti", "role", "sha256", "warc_file", "path") == [
        ("page", "page", "w.warc.gz", None),
        ("media", "clip", None, "evidence/media/clip.mp4"),
    ]


def test_kanal_counts_how_visits_ended(facts: Facts) -> None:
    """The last runs, each channel by itself; a blocked visit is not a complete one."""
    facts.look("a", at(20), (at(19), at(20)), posts_seen=3)
    facts.look("b", at(20), None)
    facts.look("a", at(19), None)

    columns = ("channel", "visits", "complete", "blocked", "posts_seen", "minutes")
    assert facts.ask("kanal", *columns, runs="1") == [("instagram", 2, 1, 1, 3, 1.0)]


def test_every_question_is_asked_here() -> None:
    """A query without a test of its own is not answered for."""
    here = Path(__file__).read_text(encoding="utf-8")

    assert [query.name for query in list_queries() if f'"{query.name}"' not in here] == []


def test_masih_tayang_claims_standing_only_where_it_was_seen(facts: Facts) -> None:
    """Seen after the day: stands. Not looked at again, not yet due, and removed are told apart."""
    for name in ("stands", "unseen", "removed", "young"):
        facts.agency(name, "opd", name)
        facts.verdict(name, "fulfilled", 29 if name == "young" else 20, post_id=name)
        seen = (at(20, 10), at(22)) if name == "stands" else (at(29, 10),) if name == "young" else (at(20, 10),)
        facts.post(name, name, at(29, 9) if name == "young" else at(20, 9), *seen)
    facts.look("removed", at(22), (at(18), at(22)))

    assert dict(
        facts.ask("masih-tayang", "agency_id", "standing")
    ) == {"stands": "stands", "unseen": "not_looked_again", "removed": "removed", "young": "not_due"}


def test_riwayat_tells_of_a_post_that_came_back(facts: Facts) -> None:
    """Seen, absent from two whole lists, seen again, edited; a blocked look in between is no absence."""
    facts.agency("a", "opd", "a")
    facts.post("p", "a", at(20, 9), at(20, 10), at(24))
    facts.post("p", "a", at(20, 9), at(25), content_id="edited", text="lain")
    for day in (21, 22, 24, 25):
        facts.look("a", at(day), (at(18), at(day)))
    facts.look("a", at(23), None)

    assert [
        ("first_seen", at(20, 10), at(20, 10)), ("absent", at(21), at(22)), ("seen_again", at(24), at(24)),
        ("changed", at(25), at(25)),
    ] == facts.ask("riwayat", "event", "from_at", "until_at")  # fmt: skip


def test_alarm_says_what_was_strange_and_what_is_withheld(facts: Facts) -> None:
    """Trouble of ours before notices, the newest run first; an older run than asked for is left out."""
    for day in (19, 20):
        facts.look("a", at(day), (at(day - 3), at(day)))
    alarm = {"channel": "instagram", "usual": 60.0, "sample": 40}
    facts.add("alarm_rows", run_id="r1917", kind="silent", handle="a", found=0.0, started_at=at(20), **alarm)
    facts.add("alarm_rows", run_id="r1917", kind="fresh", handle="", found=1.0, started_at=at(20), is_withheld=True,
              **alarm)  # fmt: skip
    facts.add("alarm_rows", run_id="r1817", kind="fresh", handle="", found=9.0, started_at=at(19), **alarm)

    told = facts.ask("alarm", "run_id", "kind", "handle", "found", "usual", "sample", "is_withheld")
    assert told[:2] == [("r1917", "fresh", "", 1.0, 60.0, 40, True), ("r1917", "silent", "a", 0.0, 60.0, 40, None)]
    assert len(told) == 3
    assert len(facts.ask("alarm", "kind", runs="1")) == 2
