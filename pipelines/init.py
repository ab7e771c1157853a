"""A folder's name -> a workspace in it: the template with commented examples, ready for `tayang check`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from crawler.errors import WrongUse
from crawler.language import say

TEMPLATE = (
    "tayang.toml",
    "registry/agencies.csv",
    "registry/accounts.csv",
    "registry/outlets.csv",
    "campaigns/contoh/campaign.toml",
)


def create_workspace(directory: Path) -> list[Path]:
    """Write the template into `directory` and return the files written.

    Raises: WrongUse when one of them exists already (then nothing is written) or cannot be written.
    """
    directory = directory.expanduser().resolve()
    taken = [name for name in TEMPLATE if (directory / name).exists()]
    if taken:
        listed = ", ".join(taken)
        raise WrongUse(
            say(
                f"tidak menimpa berkas di {directory}: {listed}",
                f"will not overwrite in {directory}: {listed}",
            )
        )
    try:
        if not directory.exists():
            directory.mkdir(mode=0o700, parents=True)  # its owner may open it to a web server that shows the reports
        return [_write(directory / name, name) for name in TEMPLATE]
    except OSError as trouble:
        reason = f"{trouble.filename}: {trouble.strerror}"
        raise WrongUse(say(f"tidak dapat menulis {reason}", f"cannot write {reason}")) from None


def _write(file: Path, name: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as new:
        new.write((files("pipelines") / "template" / name).read_bytes())
    return file
