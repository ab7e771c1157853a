"""Keys -> words of a bundle, its own catalogue first, then the daily report's."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from queries.wording import Wording

CATALOGUE = Path(__file__).with_name("texts.toml")


@cache
def bundle_catalogue() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """texts.toml: section -> key -> language -> text."""
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))


class BundleWording(Wording):
    """The report's voice, with sentences of its own."""

    def text(self, key: str, **parts: object) -> str:
        """The text under `section.key`, its places filled in. Raises: KeyError for an unknown key."""
        section, name = key.split(".")
        own = bundle_catalogue().get(section, {}).get(name)
        if own is None:
            return super().text(key, **parts)
        return own[self.language].format(**parts) if parts else own[self.language]
