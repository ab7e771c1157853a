"""A letter's name and an agency's id -> the name of a file, which stays in its folder whatever the id is."""

from __future__ import annotations

import hashlib
import re

LONGEST = 80


def stem_of(name: str, agency_id: str) -> str:
    """`pengingat-dinkes`. An id that is no plain word is spelt out and told apart by its digest."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", agency_id)[:LONGEST]
    if plain == agency_id:
        return f"{name}-{plain}"
    return f"{name}-{plain}-{hashlib.sha256(agency_id.encode('utf-8', 'replace')).hexdigest()[:8]}"
