"""A question asked of the desk -> the words and pictures of its page, as the templates take them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from crawler.items import Span
from crawler.local_time import now_utc
from pipelines.items import Duty, Material, Status
from pipelines.reviews import DUTY_DECISIONS, REASON_LENGTH, REVIEWER_LENGTH, Review
from queries.details import told_detail
from queries.reader import Connection
from queries.report.captions import clean, shorten
from queries.report.page import coded, safe_link
from queries.review import cases
from queries.review.cases import Case, Shown, Sign
from queries.review.decisions import Draft, Target
from queries.review.room import Known, Room
from queries.review.wording import DeskWording
from queries.review.wordwise import marked
from queries.shelf import Kept

FOLDER = Path(__file__).parent
REPORT = FOLDER.parent / "report"
EARLY_DAYS = 31  # as far before a window as posts are compared (pipelines.recognise)
LATEST = 8
ABSENCES = (Status.MISSING.value, Status.CLEAR.value)  # said only once the window has closed


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One file on a page: `file` is None where it cannot be shown; `trouble` says what is wrong with it."""

    sha256: str | None
    file: Kept | None
    trouble: str = ""
    boxes: Sequence[Mapping[str, float]] = ()


class Page:
    """One page being made: the workspace, an open store, and who asks."""

    def __init__(self, room: Room, connection: Connection, reviewer: str, token: str) -> None:
        self.room, self.connection = room, connection
        self.known: Known = room.known()
        self.reviewer, self.token = reviewer, token

    def render(self, name: str, **content: Any) -> str:
        """A template filled in."""
        wording, instance = self.known.wording, self.known.workspace.instance
        common = {
            "t": wording.text, "w": wording, "told_detail": told_detail, "instance": instance,
            "known": self.known, "token": self.token,
            "symbols": _symbols(), "clean": clean, "lines": clean_lines, "shorten": shorten, "coded": coded,
            "safe_link": safe_link,
            "address": address, "pair": pair_of, "duty": duty_of, "REASON_LENGTH": REASON_LENGTH,
            "REVIEWER_LENGTH": REVIEWER_LENGTH, "label": self.label, "target_of_review": target_of_review,
        }  # fmt: skip
        return _environment().get_template(name).render(**{"notice": None, **common, **content})

    def label(self, review: Review) -> str:
        """A decision in words."""
        return self.known.wording.text(f"decide.{review.decision}")

    def front(self, notice: Mapping[str, Any] | None = None) -> str:
        """What waits for a person, what was decided last, and where to search."""
        waiting = cases.cases_waiting(self.connection)
        return self.render(
            "list.html", waiting=self._cards(waiting[: cases.LISTED]), total=len(waiting),
            latest=cases.last_reviews(self.connection, LATEST), as_of=cases.last_said(self.connection),
            notice=notice, search=Search(),
        )  # fmt: skip

    def found(self, search: Search) -> str:
        """Duties and posts that fit a search."""
        words = search.words.strip().lower()
        duties = cases.find_cases(self.connection, search.agency, search.material, words)
        posts = cases.find_posts(self.connection, search.agency, link_words(words))
        return self.render(
            "found.html", search=search, duties=duties[: cases.LISTED], posts=self._small(posts),
            cut=len(duties) > cases.LISTED or len(posts) > cases.LISTED, LISTED=cases.LISTED,
        )  # fmt: skip

    def pair(self, target: Target, draft: Draft | None, notice: Mapping[str, Any] | None = None) -> str | None:
        """A post beside a material; None when there is no such pair."""
        material = self.known.materials.get((target.campaign_id, target.material_id))
        newest = cases.read_posts(self.connection, [target.post_id or ""]).get(target.post_id or "")
        if material is None or newest is None:
            return None
        key = (newest.post_id, material.campaign_id, material.material_id)
        signs = cases.read_signs(self.connection, [newest.post_id], *key[1:])
        post = cases.as_recognised(self.connection, {newest.post_id: newest}, signs)[newest.post_id]
        reviews = cases.reviews_of_pair(self.connection, *key)
        texts = marked(clean_lines(post.text), clean_lines(material.caption))
        return self.render(
            "pair.html", post=post, newest=None if post == newest else newest, material=material, signs=signs,
            reviews=reviews, target=target, notice=notice,
            texts=texts, exhibits=self._of_post(post, signs), references=self._of_material(material, signs),
            duties=cases.cases_of(self.connection, *key[1:], post.agency_id),
            page=cases.page_of(self.connection, post), draft=draft or self._draft(reviews),
            following=next(iter(self.following(target)), None),
        )  # fmt: skip

    def duty(self, target: Target, draft: Draft | None, notice: Mapping[str, Any] | None = None) -> str | None:
        """A duty with all that is known of it; None when there is no such duty."""
        duty = self.known.duties.get((target.campaign_id, target.material_id, target.agency_id, target.opens_at))
        if duty is None:
            return None
        case = next((one for one in self._cases_of(duty) if one.key == duty.key), None)
        material = self.known.materials[(duty.campaign_id, duty.material_id)]
        deadline = duty.window.end + timedelta(hours=duty.grace_hours)
        around = Span(duty.window.start - timedelta(days=EARLY_DAYS), deadline)
        posts = cases.posts_near(self.connection, duty.accounts, around)
        reviews = cases.reviews_of_duty(self.connection, duty)
        return self.render(
            "duty.html", case=case, asked=duty, material=material, target=target, reviews=reviews, notice=notice,
            looks=cases.looks_at(self.connection, duty.accounts, duty.window), posts=self._small(posts, duty),
            references=self._of_material(material, ()), draft=draft or self._draft(reviews),
            near=lambda post: Target(duty.campaign_id, duty.material_id, post_id=post.post_id),
            choices=choices_for(duty), closed=now_utc() >= duty.window.end, ABSENCES=ABSENCES,
            deadline=deadline,
        )  # fmt: skip

    def notice_of(self, review_id: str, is_postponed: bool) -> dict[str, Any] | None:
        """What to say after a decision: it, and how the duties it concerns stand now."""
        review = cases.find_review(self.connection, review_id)
        if review is None:
            return None
        duties = cases.cases_of(self.connection, review.campaign_id, review.material_id, review.agency_id)
        concerned = [one for one in duties if review.opens_at in (None, one.opens_at)]
        return {"review": review, "duties": concerned, "is_postponed": is_postponed}

    def following(self, target: Target) -> list[Target]:
        """The pairs that wait, in the order in which to look at them after this one."""
        waiting = list(dict.fromkeys(pair_of(case) for case in cases.cases_waiting(self.connection)))
        at = waiting.index(target) if target in waiting else -1
        return [*waiting[at + 1 :], *waiting[: max(at, 0)]]

    def is_waiting(self, target: Target) -> bool:
        """Whether a pair waits for a person."""
        return target in map(pair_of, cases.cases_waiting(self.connection))

    def _cases_of(self, duty: Duty) -> list[Case]:
        return cases.cases_of(self.connection, duty.campaign_id, duty.material_id, duty.agency_id)

    def _cards(self, waiting: Sequence[Case]) -> list[Mapping[str, Any]]:
        """Cases with what their posts and materials show."""
        posts = cases.read_posts(self.connection, [case.post_id for case in waiting if case.post_id])
        asked = {(case.campaign_id, case.material_id) for case in waiting}
        signs = {key: cases.read_signs(self.connection, list(posts), *key) for key in asked}
        return [self._card(case, posts, signs[case.campaign_id, case.material_id]) for case in waiting]

    def _card(self, case: Case, posts: Mapping[str, Shown], signs: Sequence[Sign]) -> Mapping[str, Any]:
        post = posts.get(case.post_id or "")
        material = self.known.materials.get((case.campaign_id, case.material_id))
        own = [sign for sign in signs if sign.post_id == case.post_id]
        post = cases.as_recognised(self.connection, {post.post_id: post}, own)[post.post_id] if post else None
        return {
            "case": case, "post": post, "material": material, "sign": own[0] if own else None,
            "picture": self._of_post(post, own) if post else [],
            "reference": self._of_material(material, ()) if material else [],
        }  # fmt: skip

    def _small(self, posts: Sequence[Shown], duty: Duty | None = None) -> list[Mapping[str, Any]]:
        """Posts with their first picture, and the sign of a duty's material in them."""
        posts, told = posts[: cases.LISTED], dict[str, Sign]()
        if duty:
            ids = [one.post_id for one in posts]
            found = cases.read_signs(self.connection, ids, duty.campaign_id, duty.material_id)
            told = {sign.post_id: sign for sign in reversed(found)}  # the strongest comes first, and stays
        return [
            {"post": post, "picture": self._of_post(post, ()), "sign": told.get(post.post_id)} for post in posts
        ]

    def _of_post(self, post: Shown, signs: Sequence[Sign]) -> list[Exhibit]:
        """The post's files, the suspected one first."""
        suspected = [sign.media_sha256 for sign in signs if sign.media_sha256]
        media = sorted(post.media, key=lambda one: one["sha256"] not in suspected)
        return [self._exhibit(one["sha256"], one["trouble"] or "") for one in media]

    def _exhibit(self, sha256: str | None, trouble: str) -> Exhibit:
        words = self.known.wording
        if sha256 is None:
            why = told_detail(trouble, words.language) or words.text("case.unknown_trouble")
            return Exhibit(None, None, words.text("case.not_kept", why=why))
        file = self.room.kept(self.connection, sha256)
        if file is None:
            at = cases.deleted_at(self.connection, sha256)
            gone = words.text("case.deleted", time=words.moment(at)) if at else words.text("case.changed")
            return Exhibit(sha256, None, gone)
        damage = told_detail(cases.trouble_with(self.connection, sha256) or "", words.language)
        return Exhibit(sha256, file, words.text("case.damaged", why=damage) if damage else "")

    def _of_material(self, material: Material, signs: Sequence[Sign]) -> list[Exhibit]:
        """The material's files, with the spots in which the post differs."""
        boxes = {sign.told.get("reference_sha256"): sign.boxes for sign in signs if sign.boxes}
        return [self._reference(path, boxes) for path in material.files]

    def _reference(self, path: Path, boxes: Mapping[Any, Sequence[Mapping[str, float]]]) -> Exhibit:
        sha256 = self.room.shelf.digest(path)
        file = self.room.kept(self.connection, sha256)
        trouble = "" if file else self.known.wording.text("case.material_changed")
        return Exhibit(sha256, file, trouble, boxes.get(sha256, ()))

    def _draft(self, reviews: Sequence[Review]) -> Draft:
        return Draft.fresh(reviews[0].review_id if reviews else "", self.reviewer)


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for; empty fields do not narrow."""

    words: str = ""
    agency: str = ""
    material: str = ""


def choices_for(duty: Duty) -> tuple[str, ...]:
    """The statuses that a person may give a duty."""
    return tuple(status.value for status in DUTY_DECISIONS[duty.rule])


def pair_of(case: Case) -> Target:
    """The post and the material of a case."""
    return Target(case.campaign_id, case.material_id, post_id=case.post_id or "")


def duty_of(case: Case) -> Target:
    """The duty of a case."""
    return Target(case.campaign_id, case.material_id, agency_id=case.agency_id, opens_at=case.opens_at)


def target_of_review(review: Review) -> Target:
    """What was decided on."""
    if review.post_id is not None:
        return Target(review.campaign_id, review.material_id, post_id=review.post_id)
    return Target(review.campaign_id, review.material_id, agency_id=review.agency_id, opens_at=review.opens_at)


def clean_lines(text: str) -> str:
    """A caption with its lines, each without what is invisible or turns the text around it."""
    return "\n".join(map(clean, text.splitlines())).strip()


def address(target: Target, **more: str) -> str:
    """Where a target's page is, relative to the desk."""
    page = "kasus" if target.post_id is not None else "kewajiban"
    return f"{page}?{urlencode({**target.address, **more})}"


def link_words(words: str) -> str:
    """A pasted address as what links have in common: its path, or its host where it has none."""
    if not words.startswith(("http://", "https://")):
        return words
    try:
        parts = urlsplit(words)
    except ValueError:
        return words
    return parts.path.strip("/") or parts.netloc


@cache
def style() -> bytes:
    """The report's look and what the desk adds to it."""
    return (REPORT / "page.css").read_bytes() + (FOLDER / "desk.css").read_bytes()


@cache
def _symbols() -> Markup:
    """The statuses' icons, as the report draws them."""
    drawn = re.findall(r"<symbol id=\"i-.*?</symbol>", (REPORT / "page.html").read_text(encoding="utf-8"))
    return Markup("".join(drawn))  # noqa: S704 - our own file


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def refusal(wording: DeskWording, cause: str, detail: str) -> str:
    """A page without anything of the workspace on it but trouble that its owner may read."""
    return _environment().get_template("refusal.html").render(
        t=wording.text, language=wording.language, coded=coded, cause=cause, detail=detail
    )
