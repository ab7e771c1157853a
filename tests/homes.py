"""Agencies, accounts and the addresses of stand-ins -> the files of a workspace, as people would write them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

PLEDGE = (
    "Kami aparatur kabupaten menolak suap, gratifikasi dan pungutan liar, melayani masyarakat dengan jujur tanpa "
    "membeda-bedakan, dan melaporkan setiap pelanggaran melalui saluran pengaduan Inspektorat."
)
# A campaign that orders the pledge; its duties follow.
ORDERED = """\
id = "ikrar"
title = "Ikrar"
[[instrument]]
number = "1"
issuer = "Sekretariat"
issued_on = 2024-04-04
[[material]]
id = "ikrar"
title = "Ikrar"
kind = "text"
caption = "{pledge}"
"""


def write(path: Path, text: str) -> None:
    """A file, and its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_registry(home: Path, agencies: Iterable[str], accounts: Iterable[str]) -> None:
    """Lines of `agency_id,name,kind` and of `agency_id,channel,handle,native_id` -> the two tables."""
    for name, head, lines in (
        ("agencies", "agency_id,name,kind", agencies),
        ("accounts", "agency_id,channel,handle,native_id", accounts),
    ):
        write(home / "registry" / f"{name}.csv", "\n".join([head, *lines, ""]))


def beside(hosts: Iterable[str], graph_url: str = "", seconds: int = 10, more: str = "") -> str:
    """tayang.toml for stand-ins on this machine; `more`: lines of [crawl]."""
    allowed = ", ".join(f'"{host}"' for host in hosts)
    text = (
        '[instance]\nname = "Uji"\ntimezone = "Asia/Jakarta"\n[crawl]\ndelay_seconds = 0.0\n'
        f'timeout_seconds = {seconds}\ncontact = "https://uji.example"\nallow_private_hosts = [{allowed}]\n{more}'
    )
    instagram = f'[channels.instagram]\ngraph_url = "{graph_url}"\nig_user_id = "17841400000000000"\n'
    return text + instagram if graph_url else text
