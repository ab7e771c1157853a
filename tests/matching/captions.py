"""Captions written for this test -> labelled pairs of a material's caption and a post's text.

`expected` is what is best said of the pair: "match" for a true copy however decorated, "review" when a person
should look (a paraphrase, a translation, another version), "none" for everything else. A `review` of a
true copy costs a person's time, a `match` of anything else is an error. `half` splits captions and everyday
posts: thresholds are chosen on "chosen" and reported on "held"; "fresh" was written last, when all was settled.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Expected = Literal["match", "review", "none"]


@dataclass(frozen=True, slots=True)
class CaptionCase:
    """One pair; `kind` names its family, `half` is "chosen", "held" or "fresh"."""

    name: str
    material_caption: str
    post_text: str
    expected: Expected
    kind: str
    half: str = "chosen"


@dataclass(frozen=True, slots=True)
class Theme:
    """A caption, other people's words for it, and (kind, from, to) edits that make it another text."""

    name: str
    caption: str
    light: str
    heavy: list[str]
    english: str
    javanese: str
    edits: tuple[tuple[str, str, str], ...]
    half: str = ""


_WRITTEN = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
THEMES = tuple(
    Theme(**{name: tuple(map(tuple, said)) if name == "edits" else said for name, said in written.items()})
    for written in _WRITTEN["theme"]
)
OTHER_CAMPAIGNS: list[str] = _WRITTEN["posts"]["other_campaigns"]
EVERYDAY: list[str] = _WRITTEN["posts"]["everyday"]
FRESH_EVERYDAY: list[str] = _WRITTEN["posts"]["fresh_everyday"]
SAME_SUBJECT: list[str] = _WRITTEN["posts"]["same_subject"]

_BOLD = {
    **{65 + step: 0x1D5D4 + step for step in range(26)},
    **{97 + step: 0x1D5EE + step for step in range(26)},
}
_SCRIPT = {
    **{65 + step: 0x1D4D0 + step for step in range(26)},
    **{97 + step: 0x1D4EA + step for step in range(26)},
}
_CYRILLIC = str.maketrans("aceopxyiAEOPCTKM", "асеорхуіАЕОРСТКМ")
_SHORT = {
    "yang": "yg", "dengan": "dgn", "untuk": "utk", "tidak": "tdk", "dan": "&", "pada": "pd", "kepada": "kpd",
    "dalam": "dlm", "hari": "hr", "tahun": "thn", "Nomor": "No.", "paling": "plg", "Kabupaten": "Kab.",
}  # fmt: skip
_IN_WORDS = {
    "30 hari": "30 (tiga puluh) hari", "4 tahun": "4 (empat) tahun", "5 hari": "5 (lima) hari",
    "tahap 3": "tahap III", "7 hari": "tujuh hari", "1.000.000.000": "1 miliar", "600.000": "600 ribu",
    "9 Desember 2026": "09/12/2026", "31 Maret 2026": "31-03-2026", "08.00": "8:00", "Pasal 12B": "Pasal 12 B",
    "0811-2345-678": "0811 2345 678", "0813-9876-5432": "+62 813-9876-5432",
}  # fmt: skip


def _between_words(text: str, sign: str) -> str:
    return re.sub(r" (?=\w)", f" {sign} ", text)


def _with_slips(text: str) -> str:
    """Every eighth longer word without its fourth letter; names and numbers as they are."""
    words = text.split(" ")
    slipped = [at for at, word in enumerate(words) if len(word) > 7 and word.isalpha() and word.islower()][::4]
    return " ".join(word[:3] + word[4:] if at in slipped else word for at, word in enumerate(words))


def _replaced(text: str, changes: dict[str, str], whole: bool) -> str:
    for old, new in changes.items():
        text = re.sub(rf"\b{re.escape(old)}\b", new, text) if whole else text.replace(old, new)
    return text


def _woven(text: str) -> str:
    """One pair of words inside of the text as a hashtag."""
    return re.sub(r"\b([A-Za-z]{5,}) ([a-z]{5,})\b", lambda two: f"#{two[1].title()}{two[2].title()}", text, count=1)


def _in_news(text: str) -> str:
    article = " ".join(one for one in EVERYDAY[:24])
    return f"{article[:1500]}\n\n“{text}” demikian bunyi unggahan tersebut.\n\n{article[1500:3000]}"


_OWN_SENTENCE = "Kami dari Puskesmas Jatinom ikut mendukung gerakan ini."
_GREETING = "Selamat pagi, Sobat Kecamatan Trucuk! Simak pesan penting berikut ini ya."
_FAREWELL = "Sampai jumpa di kantor kami, jangan lupa bahagia. Salam sehat dari admin!"
_FOOTER = "📍Kantor Kecamatan Trucuk\n☎️ (0272) 123456\n🌐 trucuk.contoh.go.id"

TRUE_COPIES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("as it is", lambda text: text),
    ("upper", str.upper),
    ("lower", str.lower),
    ("fancy bold", lambda text: text.translate(_BOLD)),
    ("fancy script", lambda text: text.translate(_SCRIPT)),
    ("homoglyphs", lambda text: text.translate(_CYRILLIC)),
    ("zero width", lambda text: "\u200b".join(text)),
    ("accents", lambda text: re.sub(r"([aeo])", "\\1\u0301", text)),
    ("emoji between words", lambda text: _between_words(text, "✨")),
    ("emoji for blanks", lambda text: text.replace(". ", " 🙏🇮🇩 ")),
    ("hashtags appended", lambda text: f"{text}\n.\n.\n#ASNBerAKHLAK #Pemkab #banggamelayani #2026hebat #fyp"),
    ("hashtags dropped", lambda text: re.sub(r"\s*#\w+", "", text)),
    ("woven hashtag", _woven),
    ("line breaks", lambda text: re.sub(r"([.!?,]) ", "\\1\n\n", text)),
    ("lines by commas", lambda text: re.sub(r"(\w+ \w+ \w+ \w+) ", "\\1\n", text)),
    ("own sentence before", lambda text: f"{_GREETING}\n\n{text}"),
    ("own sentence behind", lambda text: f"{text}\n\n{_FAREWELL}"),
    ("own sentence inside", lambda text: re.sub(r"([.!?]) ", f"\\1 {_OWN_SENTENCE} ", text, count=1)),
    ("quoted", lambda text: f'Pesan dari Bupati: "{text}" Semoga bermanfaat bagi kita semua.'),
    ("truncated", lambda text: f"{text[: int(len(text) * 0.88)].rsplit(' ', 1)[0]}... selengkapnya"),
    ("light slips", _with_slips),
    ("short forms", lambda text: _replaced(text, _SHORT, whole=True)),
    ("numbers written otherwise", lambda text: _replaced(text, _IN_WORDS, whole=False)),
    ("mention added", lambda text: f"{text} @official.kpk @inspektorat.klaten"),
    ("mention without its sign", lambda text: f"{text} official.kpk inspektorat.klaten"),
    ("address inside", lambda text: text.replace(". ", ". https://s.id/pesan-kita ", 1)),
    ("in a news article", _in_news),
    ("with regards", lambda text: f"REPOST @official.kpk\n—\n{text}\n—\n{_FOOTER}"),
)  # fmt: skip

def cases() -> tuple[CaptionCase, ...]:
    """All pairs, in a fixed order."""
    return tuple(case for number, theme in enumerate(THEMES) for case in _of_theme(number, theme))


def _of_theme(number: int, theme: Theme) -> Iterator[CaptionCase]:
    half = theme.half or ("chosen", "held")[number % 2]

    def case(kind: str, text: str, expected: Expected, detail: object = "") -> CaptionCase:
        return CaptionCase(f"{theme.name}: {kind} {detail}".strip(), theme.caption, text, expected, kind, half)

    for name, change in TRUE_COPIES:
        yield case("copy", change(theme.caption), "match", name)
    yield case("light paraphrase", theme.light, "review")
    for at, text in enumerate(theme.heavy):
        yield case("heavy paraphrase", text, "review", at)
    yield case("english", theme.english, "review")
    yield case("javanese", theme.javanese, "review")
    for at, (kind, old, new) in enumerate(theme.edits):
        assert old in theme.caption, (theme.name, old)
        yield case(kind, theme.caption.replace(old, new), "review", at)
        yield case(f"{kind}, upper", theme.caption.replace(old, new).upper(), "review", at)
    yield case("denied", f"HOAKS! Beredar pesan: “{theme.caption}” Faktanya, pesan ini tidak benar.", "review")
    yield case("mocked", f"Tidak benar bahwa {theme.caption[0].lower()}{theme.caption[1:]}", "review")
    for at, other in enumerate(THEMES):
        if other is not theme and other.half == theme.half and at % 2 == number % 2:
            yield case("other material", other.caption, "none", other.name)
    for at, text in enumerate(OTHER_CAMPAIGNS):
        yield case("other campaign", text, "none", at)
    everyday = FRESH_EVERYDAY if theme.half else EVERYDAY[number % 2 :: 2]
    yield from (case("everyday", text, "none", at) for at, text in enumerate(everyday))
    yield from (case("same subject", text, "none", at) for at, text in enumerate(SAME_SUBJECT[number % 2 :: 2]))
