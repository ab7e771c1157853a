"""One workspace over several runs: repeated, then a post is deleted, another edited, a third reviewed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Cause, Span
from crawler.sandbox.graph import GraphWorld
from crawler.sandbox.server import Sandbox
from pipelines.items import Decision, Duty, Grade, Status
from pipelines.store import Store
from pipelines.verify import Knowledge, grade_of, judge_all
from tests.questions_store import Facts
from tests.questions_store import at as moment
from tests.small_world import PLEDGE, TOKEN, SmallWorld, a_post, an_account, local, read

WITH = f"{PLEDGE} #antikorupsi"
COUNTS = (
    "SELECT (SELECT count(*) FROM post_rows) AS posts, (SELECT count(*) FROM sign_rows) AS signs, "
    "(SELECT count(*) FROM compared_rows) AS compared, (SELECT count(DISTINCT sha256) FROM evidence_rows) AS payloads, "
    "(SELECT count(*) FROM verdict_rows) AS history"
)


@dataclass(frozen=True)
class Story:
    """What was known after each chapter."""

    first: dict[str, tuple[str, str]]
    again: dict[str, tuple[str, str]]
    later: dict[str, tuple[str, str]]
    counts: tuple[dict[str, Any], dict[str, Any]]
    reports: tuple[bytes, bytes]
    codes: tuple[int, ...]
    posts: dict[str, dict[str, Any]]
    reviewed: dict[str, Any]
    blind: dict[str, tuple[str, str]]
    world: SmallWorld


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    at = local(2, 10)
    steady, fickle, editor = (
        an_account(name, a_post(number, WITH, at)) for number, name in enumerate(["steady", "fickle", "editor"])
    )
    silent = an_account("silent", a_post(9, "Apel pagi", at))
    world = SmallWorld(tmp_path_factory.mktemp("story") / "home", [steady, fickle, editor, silent])
    as_of = datetime.now(UTC).isoformat()
    with world.sandbox() as sandbox:
        world.write(keep_hours=24 * 30, port=sandbox.graph_port)
        runs = [world.tayang("run", "--json", "--as-of", as_of)]
        first, counted = world.verdicts(), world.store.rows(COUNTS)[0]
        report = _report(runs[0])
        runs.append(world.tayang("run", "--json", "--as-of", as_of))
        again, recounted, repeated = world.verdicts(), world.store.rows(COUNTS)[0], _report(runs[1])
    world.accounts = [
        steady,
        replace(fickle, posts=fickle.posts[1:]),
        replace(editor, posts=(a_post(2, "Sudah diganti", at), *editor.posts[1:])),
        silent,
    ]
    with world.sandbox():
        runs.append(world.tayang("run", "--json"))
        later = world.verdicts()
    posts = {row["post_id"]: row for row in world.store.rows("FROM posts")}
    world.store.append(
        {
            "review_rows": [
                _review("1", "match", post_id="instagram:179000009"),
                _review("2", "none", post_id="instagram:179000000"),
                _review("3", "exempt", agency_id="editor", opens_at=local(2, 0)),
            ]
        }
    )
    world.here("verify")
    reviewed = {row["agency_id"]: row for row in world.store.rows("FROM verdicts")}
    runs.append(world.tayang("run", TAYANG_INSTAGRAM_TOKEN=""))
    blind = world.verdicts()
    return Story(
        first,
        again,
        later,
        (counted, recounted),
        (report, repeated),
        tuple(run.returncode for run in runs),
        posts,
        reviewed,
        blind,
        world,
    )


def _report(run: Any) -> bytes:
    [path] = [Path(one) for one in read(run)["report"] if one.endswith(".json")]
    return path.read_bytes()


def _review(number: str, decision: str, **fields: Any) -> dict[str, Any]:
    return {
        "review_id": number,
        "campaign_id": "ikrar",
        "material_id": "ikrar",
        "decision": decision,
        "reviewer": "Ibu Sri",
        "reason": "dilihat sendiri",
        "reviewed_at": datetime.now(UTC),
        **fields,
    }


def test_the_first_run_says_who_showed_it(story: Story) -> None:
    """Three published the pledge in its window, one did not."""
    assert dict.fromkeys(("steady", "fickle", "editor"), ("fulfilled", "")) | {"silent": ("missing", "")} == story.first
    assert story.codes[0] == 0


def test_a_second_run_changes_nothing(story: Story) -> None:
    """Same verdicts; no post, sign, payload or line of history twice."""
    assert story.first == story.again
    before, after = story.counts
    assert before == after


def test_the_same_as_of_gives_the_same_report(story: Story) -> None:
    """Another crawl lies between: only how much could be observed, which is of all crawls, may differ, to the good."""
    before, after = (json.loads(one) for one in story.reports)

    seen_before, seen_after = ([day["seen"] for day in one["trends"].pop("observed")] for one in (before, after))
    assert all(once <= now for once, now in zip(seen_before, seen_after, strict=True))
    assert before == after


def test_a_deleted_post_is_noticed_by_the_next_whole_look(story: Story) -> None:
    """It stays known, has its removed_at, and its keeping time was not over."""
    gone = story.posts["instagram:179000001"]

    assert gone["removed_at"] is not None
    assert gone["removed_at"] > gone["last_seen_at"]
    assert story.later["fickle"] == ("incomplete", "removed")
    assert {"instagram:179000001"} == {key for key, row in story.posts.items() if row["removed_at"]}


def test_an_edited_caption_is_compared_again(story: Story) -> None:
    """The post no longer carries the pledge: it was shown, and whether its picture, which was withheld, still shows
    it nobody knows."""
    edited = story.posts["instagram:179000002"]

    assert (edited["edited"], edited["text"]) == (True, "Sudah diganti")
    assert story.later["editor"] == ("fulfilled", "")
    assert story.later["steady"] == ("fulfilled", "")
    assert {"instagram:179000002"} == {key for key, row in story.posts.items() if row["edited"]}
    signs = story.world.store.rows(
        "SELECT content_id FROM sign_rows WHERE post_id = 'instagram:179000002' AND decision = 'match'"
    )
    assert signs
    assert edited["content_id"] not in {row["content_id"] for row in signs}


def test_a_persons_word_overrides_and_is_named(story: Story) -> None:
    """A match that Tayang did not see, one that it saw wrongly, and a duty decided as a whole."""
    told = {name: (row["status"], row["decided_by"]) for name, row in story.reviewed.items()}

    assert told["silent"] == ("fulfilled", "Ibu Sri")
    assert told["steady"][0] == "missing"
    assert told["editor"] == ("exempt", "Ibu Sri")
    assert (
        story.world.store.rows("SELECT decision FROM matches WHERE post_id = 'instagram:179000000'")[0]["decision"]
        == "match"
    )


def test_a_blind_day_takes_nothing_back(story: Story) -> None:
    """Without a token nobody is observed: exit 1, and what was proved before stays."""
    assert story.codes == (0, 0, 0, 1)
    assert {name: row["status"] for name, row in story.reviewed.items()} == {
        name: said[0] for name, said in story.blind.items()
    }
    [last] = story.world.store.rows("SELECT DISTINCT cause FROM visits WHERE run_id = (SELECT max(run_id) FROM visits)")
    assert last["cause"] == "not_visited"


def test_the_evidence_of_all_chapters_holds(story: Story) -> None:
    """`tayang audit` after five runs finds only the three reviews that were put into the store by hand."""
    found = read(story.world.here("audit", "--json"))["found"]

    assert [one.split(" ")[0] for one in found] == ["review_rows:"] * 3
    lost = story.world.store.rows("SELECT run_id FROM runs WHERE finished_at IS NULL")
    assert lost == []


DUTY = Duty("c", "m", "a", Span(local(2, 0), local(1, 0)), accounts=("instagram:a",))


@pytest.mark.parametrize(
    ("bearing", "keep_hours", "status", "reason"),
    [
        ([(5, True), (30, False)], 0, Status.FULFILLED, ""),  # taken away after the window: it was shown
        ([(5, True), (30, False)], 48, Status.INCOMPLETE, "removed"),  # … before it might go
        ([(5, True), (30, False), (40, True)], 48, Status.FULFILLED, ""),  # … and put back
        ([(5, False), (10, True)], 0, Status.FULFILLED, ""),  # brought by an edit inside the window
        ([(5, False), (30, True)], 0, Status.REVIEW, "time_not_certain"),  # seen with it only after the window
        ([(20, True)], 0, Status.FULFILLED, ""),  # never seen without it
        ([(5, None), (30, True)], 0, Status.FULFILLED, ""),  # the first state could not be read: it tells nothing
        ([(5, False), (30, False)], 0, Status.MISSING, ""),
    ],
)
def test_what_an_edit_took_was_shown_and_what_it_brought_was_shown_from_then(
    tmp_path: Path, bearing: list[tuple[int, bool | None]], keep_hours: float, status: Status, reason: str
) -> None:
    """States of one post, hours after the window opened: with the material, without it, or unread."""
    opens, closes = moment(20), moment(21)
    facts = Facts(tmp_path)
    facts.agency("a", "opd", "a")
    facts.material()
    facts.look("a", closes, (moment(18), closes))
    for hours, is_there in bearing:
        state = {True: "with", False: "without", None: "unread"}[is_there]
        unread = "tidak terbaca" if is_there is None else None
        seen_at = opens + timedelta(hours=hours)
        facts.post("p", "a", opens + timedelta(hours=1), seen_at, content_id=state, unread=unread)
        facts.add("compared_rows", content_id=state, reference_id="ref-tolak-tip")
    if any(is_there for _, is_there in bearing):
        facts.sign("p", "text", content_id="with", lacking=[])
    store = Store(tmp_path / "tayang.duckdb")
    store.prepare()
    store.append(facts.tables)
    duty = Duty("antikorupsi", "tolak-tip", "a", Span(opens, closes), accounts=("instagram:a",), keep_hours=keep_hours)

    [verdict] = judge_all(store, [duty], moment(23))
    assert (verdict.status, verdict.reason) == (status, reason)


def _look(hours: float, cause: str | None) -> dict[str, Any]:
    return {"account": "instagram:a", "started_at": DUTY.window.start + timedelta(hours=hours), "cause": cause}


@pytest.mark.parametrize(
    ("looks", "cause"),
    [
        ([], Cause.NOT_VISITED),
        ([_look(-5, "private")], Cause.NOT_VISITED),
        ([_look(5, None)], Cause.NOT_VISITED),
        ([_look(30, None)], Cause.GAP),
        ([_look(5, "blocked"), _look(30, "private")], Cause.PRIVATE),
        ([_look(5, "blocked"), _look(6, None)], Cause.NOT_VISITED),
    ],
)
def test_the_newest_look_since_the_opening_names_the_cause(looks: list[dict[str, Any]], cause: Cause) -> None:
    """Looks before the window say nothing about it; a good look that ended too early leaves it unvisited."""
    [blind] = Knowledge([], [], looks, [], {}).about(DUTY).blindness

    assert cause is blind.cause


def _signed(decision: str, score: float, matcher: str = "text") -> dict[str, Any]:
    return {
        "post_id": "p",
        "account": "instagram:a",
        "url": "u",
        "published_at": local(2, 9),
        "published_until": local(2, 9),
        "published_quality": "exact",
        "origin": "crawl",
        "last_seen_at": None,
        "removed_at": None,
        "campaign_id": "c",
        "material_id": "m",
        "decision": decision,
        "matcher": matcher,
        "score": score,
        "lacking": ["#x"],
    }


def test_each_post_counts_once_with_its_strongest_sign() -> None:
    """Rows come strongest first; the dark side of the same post adds nothing."""
    dark = {**_signed("none", 0), "is_unread": False}
    [one] = (
        Knowledge([_signed("match", 0.9), _signed("review", 0.95, "image")], [dark], [], [], {}).about(DUTY).candidates
    )

    assert (one.decision, one.matcher, one.lacking, one.grade) == (Decision.MATCH, "text", ("#x",), Grade.OWN_TEXT)


def test_the_newest_review_counts() -> None:
    """A person may change their mind; both words stay."""
    reviews = [
        {"post_id": "p", "campaign_id": "c", "material_id": "m", "decision": word, "reviewer": word, "reason": ""}
        for word in ("match", "none")
    ]
    [one] = Knowledge([_signed("match", 0.9)], [], [], reviews, {}).about(DUTY).candidates
    duty = {**reviews[0], "post_id": None, "agency_id": "a", "opens_at": DUTY.window.start, "decision": "exempt"}

    assert (one.decision, one.decided_by) == (Decision.NONE, "none")
    found = Knowledge([], [], [], [duty], {}).about(DUTY).review
    assert found is not None
    assert Status.EXEMPT is found.status


@pytest.mark.parametrize(
    ("origin", "matcher", "grade"),
    [
        ("crawl", "image", "A"),
        ("crawl", "same_bytes", "A"),
        ("crawl", "link", "B"),
        ("import:zeeschuimer", "image", "C"),
        ("import:submission", "video", "D"),
    ],
)
def test_the_grade_follows_who_brought_it_and_how_it_was_known(origin: str, matcher: str, grade: str) -> None:
    """A own fetch by media, B by text or link, C an operator's capture, D self-submitted."""
    assert grade == grade_of(origin, matcher).value


def test_the_stand_in_is_the_same_place_after_it_changed(tmp_path: Path) -> None:
    """What the story rests on: a port may be asked for."""
    with Sandbox(GraphWorld([], TOKEN)) as one:
        port = one.graph_port
    with Sandbox(GraphWorld([], TOKEN), graph_port=port) as other:
        assert port == other.graph_port
