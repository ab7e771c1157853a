"""`[retention]` of tayang.toml -> after how many days which kept bytes are deleted; nothing where nothing is set."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.sections import Section


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """Days; None = kept for ever."""

    media: int | None = None
    captures: int | None = None
    submissions: int | None = None

    @property
    def is_set(self) -> bool:
        """Whether anything is ever deleted."""
        return any(days is not None for days in (self.media, self.captures, self.submissions))


def retention_settings(section: Section) -> RetentionSettings:
    """The table as read; wrong values are noted as problems."""
    read = [_days(section, f"{name}_days") for name in ("media", "captures", "submissions")]
    section.close()
    return RetentionSettings(*read)


def _days(section: Section, key: str) -> int | None:
    return section.whole(key, 0, at_least=1) if section.has(key) else None
