"""Keys -> words of an explanation, its own catalogue first, then the daily report's."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from queries.wording import Wording

CATALOGUE = Path(__file__).with_name("texts.toml")


@cache
def explain_catalogue() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """texts.toml: section -> key -> language -> text."""
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))


class ExplainWording(Wording):
    """The report's voice, with sentences of its own."""

    def text(self, key: str, **parts: object) -> str:
        """The text under `section.key`, its places filled in. Raises: KeyError for an unknown key."""
        section, name = key.split(".")
        own = explain_catalogue().get(section, {}).get(name)
        if own is None:
            return super().text(key, **parts)
        return own[self.language].format(**parts) if parts else own[self.language]

    def named(self, section: str, name: str) -> str:
        """The words for a name that others chose; the name itself where there are none."""
        own = explain_catalogue()[section].get(name)
        return own[self.language] if own else name

    def figure(self, value: float) -> str:
        """A number with one decimal where it has any, in the language's way."""
        shown = f"{value:.0f}" if abs(value - round(value)) < 0.05 else f"{value:.1f}"
        return shown.replace(".", ",") if self.language == "id" else shown
