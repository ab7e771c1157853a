"""A run during which a window closes, under a clock that was shifted there -> when it began and ended, what it said.

`python -m tests.faults.midnight FOLDER SECONDS`: stand-ins and run share the process tree's clock. It waits until so
many seconds before the next local midnight.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from pipelines.store import Store
from tests.faults import world

TODAY = """
[[duty]]
material = "ikrar"
opens = {opens}
closes = {closes}
kinds = ["opd"]
"""


def main(folder: Path, seconds: float) -> None:
    """Print one JSON object: `began`, `ended`, `code`, and `said` as [agency, opening day, status]."""
    drawn = world.drawn()
    closes = drawn.at(-1, 0)
    with world.sandbox_of(drawn) as sandbox:
        home = world.write_home(drawn, sandbox, folder / "home")
        with (home / "campaigns" / "ikrar" / "campaign.toml").open("a") as stream:
            stream.write(TODAY.format(opens=drawn.today, closes=drawn.today + timedelta(days=1)))
        time.sleep(max(0.0, (closes - datetime.now(world.ZONE)).total_seconds() - seconds))
        began = datetime.now(world.ZONE)
        done = subprocess.run(
            [sys.executable, "-m", "tayang", "run", "--home", str(home)], stdout=subprocess.DEVNULL, check=False,
            env={**os.environ, "TAYANG_INSTAGRAM_TOKEN": world.TOKEN},
        )  # fmt: skip
        rows = Store(home / "tayang.duckdb").rows("FROM verdicts WHERE material_id = 'ikrar'")
    said = [(row["agency_id"], f"{row['opens_at'].astimezone(world.ZONE):%Y-%m-%d}", row["status"]) for row in rows]
    ended = datetime.now(world.ZONE)
    told = {"began": began.isoformat(), "ended": ended.isoformat(), "code": done.returncode, "said": said}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
