"""A `debug_token` answer (bytes) -> what a token may do, and until when. Reading never asks the network."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.errors import Unreadable

NEEDED = frozenset({"instagram_basic", "instagram_manage_insights", "pages_read_engagement"})


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """`ends_at`: when it, or its access to data, ends first; None = never."""

    is_valid: bool
    scopes: frozenset[str]
    issued_at: datetime | None
    ends_at: datetime | None


def read_token(body: bytes) -> TokenFacts:
    """Read it. Raises: Unreadable, with the service's own words where it refuses."""
    try:
        answer = json.loads(body)
        if "error" in answer:
            raise Unreadable(str(answer["error"].get("message", "error")))
        told = answer["data"]
        ends = [one for key in ("expires_at", "data_access_expires_at") if (one := _instant(told.get(key)))]
        scopes = frozenset(map(str, told.get("scopes") or ()))
        return TokenFacts(told["is_valid"] is True, scopes, _instant(told.get("issued_at")), min(ends, default=None))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError, RecursionError) as error:
        raise Unreadable(f"debug_token: {type(error).__name__}") from error


def _instant(seconds: object) -> datetime | None:
    """Unix seconds; 0 and what is no number mean that there is none."""
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and seconds > 0 else None
