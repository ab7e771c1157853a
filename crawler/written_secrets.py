"""A TOML file -> a problem for every secret somebody wrote into it; the secret itself is never shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from crawler.language import say
from crawler.problems import Problem
from crawler.toml_lines import Place, TomlDocument

TOKEN_VARIABLE = "TAYANG_INSTAGRAM_TOKEN"  # noqa: S105 - the name of a variable, not a secret
YOUTUBE_KEY_VARIABLE = "TAYANG_YOUTUBE_KEY"
_SECRET_KEY = re.compile(r"(?i)(token|secret|password|passwd|api_?key|^key)$")
_SECRET_VALUE = re.compile(r"^(EAA|IGA|IGQ|AIza)[\w-]{20,}$|access_token=")


def written_secrets(document: TomlDocument) -> Iterator[Problem]:
    """A problem for every secret written in the file. Its value is never shown."""
    for place, value in _leaves(document.values, ()):
        name = str(next(step for step in reversed(place) if isinstance(step, str)))
        is_secret = isinstance(value, str) and (_SECRET_KEY.search(name) or _SECRET_VALUE.search(value))
        if is_secret:
            variable = YOUTUBE_KEY_VARIABLE if "youtube" in place else TOKEN_VARIABLE
            text = say(
                f"rahasia tidak boleh ada di berkas ini; hapus, lalu pakai variabel lingkungan {variable}",
                f"a secret must not be in this file; delete it and use the environment variable {variable}",
            )
            column = ".".join(step for step in place if isinstance(step, str))
            yield Problem(document.name, document.line_of(place), column, text)


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
