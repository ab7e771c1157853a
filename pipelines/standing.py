"""Rows that were just written -> what they tell of posts, in `state_rows` and `absence_rows`, in the same transaction.

Both tables are derived, and spare the questions over a whole country to look after every post ever seen: when each
state of a post was seen, and when a post is known not to have stood. So every writer of what they rest on ends here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.store_reading import script

Row = Mapping[str, Any]
POSTS = ("post_rows", "sighting_rows")
# Whose account an answer tells of, under which name, and which answers prove nothing: a change may concern every post.
GROUNDS = ("account_rows", "former_name_rows", "alarm_rows")
AGAIN = "again"

_IS_THERE_SQL = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'absence_rows'"
_CONCERNED_SQL = """
    CREATE OR REPLACE TEMP TABLE concerned_posts AS
    WITH names AS (
      SELECT coalesce(f.channel || ':' || f.now_handle, t.account) AS account
      FROM (SELECT unnest(?::TEXT[]) AS account) t
      LEFT JOIN former_name_rows f ON t.account = f.channel || ':' || f.handle)
    SELECT post_id FROM touched_posts UNION
    SELECT p.post_id FROM post_rows p LEFT JOIN former_name_rows f ON f.channel = p.channel AND f.handle = p.handle
    WHERE p.channel || ':' || coalesce(f.now_handle, p.handle) IN (SELECT account FROM names)
"""
_EVERY_SQL = """
    CREATE OR REPLACE TEMP TABLE touched_posts AS SELECT DISTINCT post_id FROM sighting_rows;
    CREATE OR REPLACE TEMP TABLE concerned_posts AS FROM touched_posts;
"""


def renew_after(connection: Any, batches: Mapping[str, Sequence[Row]]) -> None:
    """Make anew what the rows of these tables, already written, may have changed; older stores have none of it yet."""
    if connection.execute(_IS_THERE_SQL).fetchall() == [(0,)]:
        return
    if any(batches.get(table) for table in GROUNDS):
        renew_all(connection)
        return
    posts = sorted({str(row["post_id"]) for table in POSTS for row in batches.get(table, ())})
    accounts = sorted(_accounts_of(batches))
    if posts or accounts:
        connection.execute("CREATE OR REPLACE TEMP TABLE touched_posts AS SELECT unnest(?::TEXT[]) AS post_id", [posts])
        connection.execute(_CONCERNED_SQL, [accounts])
        connection.execute(script("standing.sql"))


def _accounts_of(batches: Mapping[str, Sequence[Row]]) -> set[str]:
    """Accounts that were looked at, or of which a post's own address was asked."""
    asked = {str(row["account"]) for row in batches.get("evidence_rows", ()) if row.get("kind") == AGAIN}
    return asked | {f"{row['channel']}:{row['handle']}" for row in batches.get("visit_rows", ())}


def renew_all(connection: Any) -> None:
    """Make all of it anew."""
    connection.execute(_EVERY_SQL)
    connection.execute(script("standing.sql"))
