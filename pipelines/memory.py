"""Evidence of the last days -> what an account was last answered, so that it need not be told again.

Nothing is stored for this: the answers lie in the WARC files with the heads they came with, and the store
knows where. A file that is no longer there, or not as it was, is merely not remembered.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from crawler.errors import StoreDamaged
from crawler.items import Capture
from crawler.redaction import redact
from pipelines.reread import Archive
from pipelines.store import Store

# Beyond this everything is asked anew: a server that says "unchanged" for ever is found out, and a way that
# a site has opened since is found.
KEPT_DAYS = 7

# The answers with a body, oldest first; 304s have none, but say that a robots.txt still stands. `first_*`: where that
# body was written whole, later records of it refer there.
ANSWERS_SQL = f"""
    WITH recent AS (
      FROM evidence_rows
      WHERE kind IN ('robots', 'listing', 'feed', 'sitemap', 'wordpress') AND bytes > 0 AND warc_file IS NOT NULL
        AND fetched_at > now() - INTERVAL {KEPT_DAYS} DAY),
    first AS (
      SELECT sha256, arg_min(warc_file, seq) AS first_file, arg_min(warc_offset, seq) AS first_offset
      FROM evidence_rows WHERE bytes > 0 AND warc_file IS NOT NULL AND sha256 IN (SELECT sha256 FROM recent)
      GROUP BY sha256),
    confirmed AS (
      SELECT account, url, sha256, max(fetched_at) AS confirmed_at FROM evidence_rows
      WHERE kind = 'robots' AND bytes = 0 AND fetched_at > now() - INTERVAL {KEPT_DAYS} DAY GROUP BY ALL)
    SELECT account, kind, url, seq, sha256, fetched_at, warc_file, warc_offset, first_file, first_offset, confirmed_at
    FROM recent JOIN first USING (sha256) LEFT JOIN confirmed USING (account, url, sha256) ORDER BY seq
"""  # noqa: S608 - a number of ours


class Memory:
    """What the accounts of a workspace answered in the last days, read from evidence when asked for."""

    def __init__(self, store: Store, home: Path) -> None:
        self._archive = Archive(home)
        self._rows = {(row["account"], _question(row["url"])): row for row in store.rows(ANSWERS_SQL)}
        for row in self._rows.values():
            self._archive.learn({**row, "warc_file": row["first_file"], "warc_offset": row["first_offset"]})

    def recall(self, account: str, url: str) -> Capture | None:
        """The newest answer with a body to the same question, as it arrived; None when none is known."""
        row = self._rows.get((account, _question(redact(url))))
        try:
            return replace(self._archive.capture(row), confirmed_at=row["confirmed_at"]) if row else None
        except StoreDamaged:
            return None  # `tayang audit` is where that is told; here it only costs a body once more


def _question(url: str) -> str:
    """What is asked, whatever the days: a list of WordPress is asked for other days each time."""
    parts = urlsplit(url)
    kept = (word for word in parts.query.split("&") if not word.startswith(("after=", "before=")))
    return parts._replace(query="&".join(kept)).geturl()
