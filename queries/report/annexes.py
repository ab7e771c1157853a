"""The report's content -> its annexes as plain data: evidence, unread posts, method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.items import Grade, Status, Verdict
from queries.report.captions import shorten
from queries.report.content import ChannelHealth, Content, Proofs
from queries.report.facts import PostFact, UnreadFact, page_behind
from queries.report.headline import told_note
from queries.report.page import Page, Picture, safe_link
from queries.report.scope import Column

LONGEST_LINK = 2_000  # characters; what is longer is shown, not followed
CAPTION = 70  # graphemes of a caption beside its picture
METHOD = ("scope", "absence", "sight", "recognition", "evidence", "repeat")

Data = dict[str, Any]


class Annexes:
    """`shown`: the duties with those of their cards that get pictures."""

    def __init__(self, content: Content, page: Page, shown: Sequence[Proofs]) -> None:
        self.content = content
        self.page = page
        self.shown = shown
        self.t = page.wording.text
        self.files = {name: f"pictures/{number}.jpg" for number, name in enumerate(sorted(page.small))}

    def data(self) -> Data:
        """Annexes A, B and C."""
        proofs = zip(self.content.proofs(), self.shown, strict=True)
        return {
            "evidence": [self._duty(whole, shown) for whole, shown in proofs],
            "unread": [self._unread(one) for one in self.content.facts.unread],
            "method": self._method(), "health": self._health(),
        }  # fmt: skip

    def words(self) -> Mapping[str, str]:
        """Headings and column titles."""
        keys = (
            "paper.annex_a", "paper.annex_b", "paper.annex_c", "paper.evidence_note", "paper.post", "paper.matcher",
            "paper.certainty", "paper.grade", "paper.pictures", "paper.unread_none", "paper.what", "cards.none",
            "health.heading", "health.channel", "health.visits", "health.share", "health.posts", "cards.page",
            "cards.media",
        )  # fmt: skip
        return {key.replace(".", "_"): self.t(key) for key in keys}

    def pictures(self) -> Mapping[str, bytes]:
        """JPEGs by the names that `data` calls them."""
        return {file: self.page.small[name].jpeg for name, file in self.files.items()}

    def _duty(self, whole: Proofs, shown: Proofs) -> Data:
        column, lacking = whole.column, len(whole.cards) - len(shown.cards)
        verdicts = [v for v in self.content.matrix.verdicts_of(column) if v.post_id]
        return {
            "title": f"{column.number}. {column.material.title} ({self.page.wording.window(column.window)})",
            "rows": [self._row(verdict) for verdict in verdicts],
            "cards": [self._card(verdict, column) for verdict in shown.cards],
            "more": self.t("paper.more_pictures", count=lacking) if lacking else None,
        }  # fmt: skip

    def _row(self, verdict: Verdict) -> Data:
        published, is_open = verdict.published_at, verdict.status is Status.REVIEW  # of a doubt no certainty is told
        return {
            "agency": self._agency(verdict.duty.agency_id), "status": verdict.status.value,
            "link": shorten(verdict.post_url or "–", 90), "href": link_of(verdict.post_url),
            "published": self.page.wording.moment(published) if published else "–",
            "matcher": self.page.wording.matcher(verdict.matcher), "decided": self._decided(verdict),
            "certainty": "–" if verdict.score is None or is_open else f"{verdict.score * 100:.0f}%",
            "grade": verdict.grade.value if verdict.grade else "–", **self._kept(verdict),
        }  # fmt: skip

    def _kept(self, verdict: Verdict) -> Data:
        """How far its time is to be trusted, and which bytes stand behind it."""
        post, sign = self.content.post_of(verdict), self.content.sign_of(verdict)
        return {
            "quality": self._quality(verdict, post) if post and post.quality != "exact" else None,
            "page": page_behind(post, sign), "media": sign.media_sha256 if sign else None,
        }  # fmt: skip

    def _quality(self, verdict: Verdict, post: PostFact) -> str:
        said, sight = self.t(f"cards.{post.quality}"), self.content.sight_of(verdict)
        if sight is None or sight.not_yet_at is None:
            return said
        moment = self.page.wording.moment
        borne_out = self.t("cards.borne_out", not_yet=moment(sight.not_yet_at), seen=moment(sight.seen_at))
        return f"{said}; {borne_out}"

    def _decided(self, verdict: Verdict) -> str | None:
        return None if verdict.decided_by == "tayang" else self.t("cards.decided_by", name=verdict.decided_by)

    def _card(self, verdict: Verdict, column: Column) -> Data:
        post = self.content.post_of(verdict)
        agency, title = self._agency(verdict.duty.agency_id), column.material.title
        return {
            "agency": agency, "status": verdict.status.value,
            "note": told_note(self.content, verdict, self.page.wording),
            "caption": shorten(post.text, CAPTION) if post else "", "why": shorten(self.page.why(verdict), 160),
            "post": self._picture(self.page.post_picture(verdict), self.t("paper.picture_of", agency=agency)),
            "material": self._picture(self.page.material_picture(column), self.t("paper.material_of", title=title)),
        }  # fmt: skip

    def _picture(self, picture: Picture, alt: str) -> Data:
        return {"file": self.files.get(picture.name), "missing": picture.missing, "alt": alt}

    def _unread(self, one: UnreadFact) -> Data:
        return {
            "agency": self._agency(one.agency_id), "what": self.t(f"paper.what_{one.what}"),
            "published": self.page.wording.moment(one.published_at),
            "detail": shorten(self.page.technical(one.detail), 160),
            "link": shorten(one.url, 90), "href": link_of(one.url),
        }  # fmt: skip

    def _method(self) -> list[str]:
        request = self.content.request
        zone = f"{request.instance.zone.key} ({request.as_of.astimezone(request.instance.zone).tzname()})"
        grades = "; ".join(self.t(f"grade.{grade}") for grade in Grade)
        told = [self.t(f"method.{key}", days=request.days) for key in METHOD]
        return [*told, self.t("method.grades", grades=grades), self.t("method.time", zone=zone)]

    def _health(self) -> Data:
        health, moment = self.content.health, self.page.wording.moment
        if health is None:
            return {"says": self.t("health.none"), "rows": []}
        start, end = moment(health.started_at), moment(health.finished_at)
        return {
            "says": self.t("health.run", run=health.run_id, start=start, end=end),
            "rows": [self._channel(channel) for channel in health.channels],
        }  # fmt: skip

    def _channel(self, channel: ChannelHealth) -> Data:
        rest = [f"{n} {self.t(f'outcome.{name}')}" for name, n in channel.outcomes.items() if name != "complete"]
        return {
            "channel": self.page.wording.channel(channel.channel),
            "visits": str(channel.visits), "posts": str(channel.posts_seen),
            "share": " · ".join([str(channel.outcomes.get("complete", 0)), *rest]),
        }  # fmt: skip

    def _agency(self, agency_id: str) -> str:
        return self.page.names.get(agency_id, agency_id) or "–"


def link_of(url: str | None) -> str | None:
    """The address a reader may follow from the paper; None for what is to be read only."""
    return safe_link(url) if url and len(url) <= LONGEST_LINK else None
