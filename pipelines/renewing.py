"""A decision that was just recorded -> every duty judged again, at the instant of which verdicts were last said."""

from __future__ import annotations

from pathlib import Path

from pipelines.check import open_workspace
from pipelines.items import Verdict
from pipelines.recognise import recognise
from pipelines.reviews import turn
from pipelines.store import Store
from pipelines.verify import verify

_SAID_SQL = "SELECT max(as_of) AS as_of FROM verdicts"


def renew_verdicts(store: Store, home: Path) -> list[Verdict] | None:
    """The verdicts anew; None when nothing was ever said.

    Stored posts are compared first, as `tayang verify` does: what was not yet looked at proves nothing.
    Raises: StoreBusy while a run is at work, InvalidWorkspace.
    """
    workspace = open_workspace(home)
    with turn(home):
        as_of = store.rows(_SAID_SQL)[0]["as_of"]
        if as_of is None:
            return None
        recognise(workspace, store)
        return verify(store, workspace.duties, as_of)
