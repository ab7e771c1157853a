"""`tayang match`: stored posts and materials -> signs, or the picture that explains one."""

from __future__ import annotations

import argparse
from pathlib import Path

from crawler.language import say
from pipelines.lock import only_run
from pipelines.recognise import recognise, unread_media
from queries.command_line import DONE, command, option, show, tell
from queries.explain.asked import explain
from queries.workspace import store_of, workspace_of


@command("match", "bandingkan unggahan dengan materi / compare stored posts with materials",
    option("--campaign", metavar="C"),
    option("--all", action="store_true", help="hitung ulang semuanya / compute everything again"),
    option("--explain", nargs=2, metavar=("POST", "MATERIAL"), help="gambar penjelasan / a picture that explains"),
    option("--out", type=Path, metavar="FILE", help="berkas gambar penjelasan / where that picture goes"))  # fmt: skip
def match(arguments: argparse.Namespace) -> int:
    """`match`: compare stored posts with materials, or explain what was found of one in a post."""
    workspace = workspace_of(arguments)
    if arguments.explain:
        post, material = arguments.explain
        explained = explain(workspace, post, material, arguments.out)
        show(arguments, explained.facts, "\n".join([*explained.sentences, str(explained.path)]))
        return DONE
    store = store_of(workspace)
    with only_run(workspace.instance.home):
        store.prepare()
        compared = recognise(workspace, store, campaign=arguments.campaign, again=arguments.all)
        unread = unread_media(store)
    for reason, files in unread.items():
        tell(say(f"tidak terbaca: {files} berkas – {reason}", f"not read: {files} file(s) – {reason}"))
    text = say(f"{compared} pasangan dibandingkan", f"{compared} pairs compared")
    show(arguments, {"compared": compared, "unread": unread}, text)
    return DONE
