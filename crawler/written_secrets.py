"""A TOML file -> a problem for every secret somebody wrote into it; the secret itself is never shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from typing import Any

from crawler.language import say
from crawler.problems import Problem
from crawler.toml_lines import Place, TomlDocument

TOKEN_VARIABLE = "TAYANG_INSTAGRAM_TOKEN"  # noqa: S105 - the name of a variable, not a secret
YOUTUBE_KEY_VARIABLE = "TAYANG_YOUTUBE_KEY"
NOTIFY_VARIABLE = "TAYANG_NOTIFY_URLS"
_SECRET_KEY = re.compile(r"(?i)(token|secret|password|passwd|api_?key|^key)$")
# In comments, and within longer values: a file is mailed and backed up with all that is in it.
_TOKEN = re.compile(r"(?<![\w-])(EAA|IGA|IGQ|AIza)[\w-]{20,}")
# Addresses of receivers carry passwords and tokens.
_RECEIVER = re.compile(r"(?i)\b(?:mailtos?|jsons?|forms?|xmls?|tgram)://[\w%]")
_SECRET_VALUE = re.compile(r"^(EAA|IGA|IGQ|AIza)[\w-]{20,}$|access_token=")


def written_secrets(document: TomlDocument) -> Iterator[Problem]:
    """A problem for every secret written in the file, comments included. Its value is never shown."""
    told: set[int] = set()
    for place, value in _leaves(document.values, ()):
        name = str(next(step for step in reversed(place) if isinstance(step, str)))
        signs = (_SECRET_VALUE, _RECEIVER)
        if isinstance(value, str) and (_SECRET_KEY.search(name) or any(sign.search(value) for sign in signs)):
            variable = _variable_for(place, value)
            column = ".".join(step for step in place if isinstance(step, str))
            told.add(document.line_of(place))
            yield Problem(document.name, document.line_of(place), column, _refusal(variable))
    yield from _tokens_elsewhere(document, told)


def _tokens_elsewhere(document: TomlDocument, told: Set[int]) -> Iterator[Problem]:
    """What looks like a token on any line that was not told of yet."""
    for line, text in enumerate(document.text.split("\n"), 1):
        found = _TOKEN.search(text)
        if line not in told and _RECEIVER.search(text):
            yield Problem(document.name, line, "", _refusal(NOTIFY_VARIABLE))
        elif found and line not in told:
            variable = YOUTUBE_KEY_VARIABLE if found[1] == "AIza" else TOKEN_VARIABLE
            yield Problem(document.name, line, "", _refusal(variable))


def _variable_for(place: Place, value: str) -> str:
    """Where the secret belongs that was written at `place`."""
    if "notify" in place or _RECEIVER.search(value):
        return NOTIFY_VARIABLE
    return YOUTUBE_KEY_VARIABLE if "youtube" in place else TOKEN_VARIABLE


def _refusal(variable: str) -> str:
    return say(
        f"rahasia tidak boleh ada di berkas ini; hapus, lalu pakai variabel lingkungan {variable}",
        f"a secret must not be in this file; delete it and use the environment variable {variable}",
    )


def _leaves(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, (*place, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*place, index))
    else:
        yield place, value


def without_echoes(problems: list[Problem], secrets: list[Problem]) -> list[Problem]:
    """Each problem once, and for a secret only the warning: other sentences might show it."""
    places = {(secret.line, secret.column) for secret in secrets}
    kept = [one for one in problems if one in secrets or (one.line, one.column) not in places]
    return list(dict.fromkeys(kept))
