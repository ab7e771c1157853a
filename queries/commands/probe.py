"""`tayang probe URL`: an address -> how Tayang reads it, step by step."""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from crawler.errors import WrongUse
from crawler.instance import find_home, load_instance
from crawler.language import say
from crawler.local_time import now_utc
from crawler.probe import probe as ask_address
from pipelines.check import open_workspace
from queries.command_line import DONE, NOT_ALL_OBSERVED, command, option, show, tell
from queries.probing import probe_text, save_case


@command("probe", "bagaimana situs atau artikel dibaca / how a site or an article is read, step by step",
    option("url", metavar="URL"), option("--site", action="store_true", help="baca sebagai situs / read as a site"),
    option("--render", action="store_true", help="seperti tampak di peramban / as a browser shows it"),
    option("--days", type=int, default=14, metavar="N", help="sejauh ini ke belakang / how far back"),
    option("--save", type=Path, metavar="DIR", help="simpan sebagai kasus uji / keep as a test case"))  # fmt: skip
def probe(arguments: argparse.Namespace) -> int:
    """`probe URL`: how a news site or an article is read, step by step; nothing is stored."""
    home = find_home(arguments.home)
    # The registry may be as unfinished as it likes: only the manners count here.
    instance = load_instance(home)[0] or open_workspace(home).instance
    if urlsplit(arguments.url).scheme not in ("http", "https"):
        raise WrongUse(say(f"'{arguments.url}' bukan alamat web; tulis https://…",
                           f"'{arguments.url}' is no web address; write https://…"))  # fmt: skip
    since = now_utc() - timedelta(days=arguments.days)
    finding = ask_address(instance, arguments.url, since, as_site=arguments.site, in_browser=arguments.render)
    show(arguments, finding.as_json(), probe_text(finding))
    if arguments.save and not finding.article:
        raise WrongUse(say("tidak ada artikel yang dapat disimpan", "there is no article to keep"))
    if arguments.save:
        tell(str(save_case(finding, arguments.save)))
    is_read = finding.article or (finding.site and finding.site["covers"])
    return DONE if is_read else NOT_ALL_OBSERVED
