"""A sentence in both languages -> the one the instance speaks (Indonesian unless set)."""

from __future__ import annotations

from contextvars import ContextVar

LANGUAGES = ("id", "en")
_current: ContextVar[str] = ContextVar("language", default="id")


def speak(language: str) -> None:
    """Choose the language of messages from here on: `id` or `en`."""
    _current.set(language)


def spoken() -> str:
    """The language in force."""
    return _current.get()


def say(indonesian: str, english: str) -> str:
    """The sentence in the language in force; both stand side by side so neither is forgotten."""
    return english if _current.get() == "en" else indonesian
