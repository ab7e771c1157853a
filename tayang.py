"""The front door: one short function per command, from words on the command line to exit codes."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.errors import TayangError, WrongUse
from crawler.imports import formats
from crawler.instance import find_home, load_instance
from crawler.language import say
from crawler.local_time import new_run_id, now_utc
from crawler.probe import probe as ask_address
from crawler.redaction import redact
from crawler.sandbox.server import Sandbox
from crawler.sandbox.workspace import write_workspace
from crawler.sandbox.world import build_world
from crawler.written_secrets import TOKEN_VARIABLE
from pipelines.audit import audit_workspace
from pipelines.check import Workspace, open_workspace, warnings_of
from pipelines.collect import collect
from pipelines.imports import bring, open_files
from pipelines.init import create_workspace
from pipelines.items import Verdict
from pipelines.lock import only_run
from pipelines.lookalikes import warnings_of_materials
from pipelines.media.fingerprint import check_media
from pipelines.plan import Wanted
from pipelines.rebuild import rebuild as rebuild_store
from pipelines.recognise import recognise, unread_media
from pipelines.schedule import timer
from pipelines.sealed import seal_run
from pipelines.store import Store, store_at
from pipelines.verify import judge_all
from pipelines.verify import verify as verify_duties
from queries.ask import ask as answer
from queries.ask import check_names, describe, list_queries
from queries.bundle.asked import bundle_of, selection_of
from queries.command_line import command, option, parse_time, parser, show, tell
from queries.daily import (
    count_statuses,
    report_instant,
    span_days,
    summary_of,
    summary_text,
    tell_unobserved,
    write_daily_report,
)
from queries.explain.asked import explain
from queries.letters.asked import letters_of_workspace, nothing_to_write
from queries.letters.content import NAMES as LETTERS
from queries.letters.request import Order as LetterOrder
from queries.letters.templates import copy_templates
from queries.letters.write import check_formats
from queries.notify import Desk, check_receivers, tell_after_run, tell_all
from queries.probing import probe_text, save_case
from queries.prompt import one_shot, prompt
from queries.reader import open_store, within
from queries.report.scope import LOOK_BACK_DAYS
from queries.review import serve_desk
from queries.site.asked import site_of, told_of
from queries.table import render

DONE, NOT_ALL_OBSERVED, DAMAGED, STOPPED = 0, 1, 3, 130

# While a question is answered no run can write, so it must end.
LIMITS = (
    option("--seconds", type=float, default=60.0, metavar="N", help="paling lama / give up after"),
    option("--memory", default="1GB", metavar="SIZE", help="memori paling banyak / memory at most"),
)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; expected trouble is one clear sentence on stderr and its exit code."""
    arguments = parser().parse_args(words)
    logging.basicConfig(format="%(levelname)s %(message)s")
    logging.getLogger().handlers[0].setLevel(logging.WARNING)  # Scrapy opens the root logger wide
    try:
        return int(arguments.command(arguments))
    except TayangError as error:
        tell(redact(str(error)))
        return error.exit_code
    except OSError as error:  # a full or read-only disk, a folder that is not ours
        tell(redact(f"{error.filename or ''}: {error.strerror}"))
        return DAMAGED
    except KeyboardInterrupt:
        return _stopped()
    except RuntimeError as error:
        if str(error) != "Query interrupted":  # DuckDB's own word for Ctrl-C
            raise
        return _stopped()


def _stopped() -> int:
    tell(say("dihentikan", "stopped"))
    return STOPPED


def workspace_of(arguments: argparse.Namespace) -> Workspace:
    """The checked workspace; its warnings are told."""
    workspace = open_workspace(find_home(arguments.home), check_media)
    for warning in warnings_of(workspace):
        tell(say(f"perhatian: {warning}", f"note: {warning}"))
    return workspace


def store_of(workspace: Workspace) -> Store:
    """The workspace's store."""
    return store_at(workspace.instance.home, workspace.instance.store_url)


@command("init", "buat folder kerja / make a workspace", option("dir", type=Path))
def init(arguments: argparse.Namespace) -> int:
    """`init DIR`: a workspace with commented examples."""
    written = create_workspace(arguments.dir)
    show(arguments, {"written": written}, "\n".join(map(str, written)))
    return DONE


@command("check", "periksa semua berkas / validate everything, contact nothing")
def check(arguments: argparse.Namespace) -> int:
    """`check`: validate everything, contact nothing."""
    workspace = workspace_of(arguments)
    tell(say("materi saling dibandingkan …", "comparing the materials with each other …"))
    for warning in warnings_of_materials(workspace.campaigns):
        tell(say(f"perhatian: {warning}", f"note: {warning}"))
    wrong = check_receivers(workspace.instance.notify) if workspace.instance.notify else []
    if wrong:
        raise WrongUse("\n".join(wrong))
    counts = {
        "agencies": len(workspace.registry.agencies), "accounts": len(workspace.registry.accounts),
        "campaigns": len(workspace.campaigns), "duties": len(workspace.duties),
    }  # fmt: skip
    text = say(
        "Semua berkas benar: {agencies} perangkat daerah, {accounts} akun, {campaigns} kampanye, {duties} kewajiban.",
        "Every file is right: {agencies} agencies, {accounts} accounts, {campaigns} campaigns, {duties} duties.",
    )
    show(arguments, counts, text.format(**counts))
    return DONE


@command("run", "pekerjaan harian / the daily job: crawl, match, verify, report", option("--as-of", metavar="T"))
def run(arguments: argparse.Namespace) -> int:
    """`run`: crawl, match, verify, report. Safe to repeat; one at a time."""
    workspace = workspace_of(arguments)
    store, run_id, asked = store_of(workspace), new_run_id(now_utc()), _as_of(arguments, workspace)
    with only_run(workspace.instance.home):
        store.prepare()
        store.begin_run(run_id, "run", now_utc())
        ended = collect(workspace, store, run_id, Wanted(), tell)
        recognise(workspace, store)
        as_of = asked or now_utc()
        verdicts = verify_duties(store, workspace.duties, as_of)
        written = write_daily_report(workspace, verdicts, as_of)
        unobserved = [ending for ending in ended if not ending.is_observed]
        exit_code = NOT_ALL_OBSERVED if unobserved else DONE
        store.end_run(run_id, as_of, exit_code, json.dumps(count_statuses(verdicts)))
        seal_run(store, workspace.instance.home, run_id)
        if asked is None:  # nobody is reminded of a past or a supposed day
            tell_after_run(workspace, store, verdicts, as_of, tell)
    tell_unobserved(unobserved, tell)
    show(
        arguments,
        summary_of(run_id, ended, verdicts, written),
        summary_text(workspace, ended, verdicts, written),
    )
    return exit_code


@command("crawl", "kunjungi akun / visit accounts",
    option("channel", nargs="*"), option("--agency", nargs="+", default=[], metavar="ID"),
    option("--since", metavar="T"), option("--until", metavar="T"))  # fmt: skip
def crawl(arguments: argparse.Namespace) -> int:
    """`crawl`: visit accounts."""
    workspace = workspace_of(arguments)
    store, run_id, zone = store_of(workspace), new_run_id(now_utc()), workspace.instance.zone
    since, until = (parse_time(text, zone) if text else None for text in (arguments.since, arguments.until))
    wanted = Wanted(tuple(arguments.channel), tuple(arguments.agency), since, until)
    with only_run(workspace.instance.home):
        store.prepare()
        store.begin_run(run_id, "crawl", now_utc())
        ended = collect(workspace, store, run_id, wanted, tell)
        store.end_run(run_id, None, int(any(not one.is_observed for one in ended)), "")
        seal_run(store, workspace.instance.home, run_id)
    unobserved = [ending for ending in ended if not ending.is_observed]
    tell_unobserved(unobserved, tell)
    text = say(f"{len(ended)} kunjungan, {len(unobserved)} akun tidak teramati",
               f"{len(ended)} visits, {len(unobserved)} accounts not observed")  # fmt: skip
    show(arguments, {"visits": len(ended), "unobserved": [ending.account for ending in unobserved]}, text)
    return NOT_ALL_OBSERVED if unobserved else DONE


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


@command("import", "masukkan ekspor atau kiriman / bring in captures and submissions",
    option("format", metavar="FORMAT", help=", ".join(formats())),
    option("file", nargs="+", type=Path, metavar="FILE"),
    option("--column", action="append", default=[], metavar="COLUMN=HEADER", help="url='Link posting'"))  # fmt: skip
def bring_in(arguments: argparse.Namespace) -> int:
    """`import FORMAT FILE…`: operator captures and submissions; contacts nothing."""
    workspace = workspace_of(arguments)
    store, now = store_of(workspace), now_utc()
    columns = {header: ours for ours, _, header in (word.partition("=") for word in arguments.column)}
    with only_run(workspace.instance.home):
        store.prepare()
        opened = open_files(arguments.format, arguments.file, columns, workspace, now)
        done = bring(workspace, store, new_run_id(now), *opened)
    for problem in done.problems:
        tell(str(problem))
    counts = {"posts": done.posts, "submissions": done.submissions, "known": done.known}
    text = say("{posts} unggahan baru, {submissions} kiriman baru, {known} sudah ada",
               "{posts} new posts, {submissions} new submissions, {known} known already")  # fmt: skip
    show(arguments, counts, text.format(**counts))
    return DONE


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


@command("verify", "hitung hasil verifikasi / compute verdicts", option("--as-of", metavar="T"))
def verify(arguments: argparse.Namespace) -> int:
    """`verify`: compute verdicts."""
    workspace = workspace_of(arguments)
    store, asked = store_of(workspace), _as_of(arguments, workspace)
    with only_run(workspace.instance.home):
        store.prepare()
        recognise(workspace, store)  # a post not yet compared must not count as showing nothing
        verdicts = verify_duties(store, workspace.duties, asked or now_utc())
    counts = count_statuses(verdicts)
    show(arguments, counts, "\n".join(f"{status:11} {number}" for status, number in counts.items()))
    return DONE


@command("report", "tulis laporan harian / write the daily report",
    option("day", nargs="?", metavar="DAY"), option("--format", default="html,json"),
    option("--days", type=int, default=LOOK_BACK_DAYS, metavar="N", help="dan N hari sebelumnya / and the N before"),
    option("--out", type=Path, metavar="DIR"))  # fmt: skip
def report(arguments: argparse.Namespace) -> int:
    """`report [DAY]`: write the verification report of today as last verified, or of a past day's end; of a span."""
    workspace = workspace_of(arguments)
    verdicts, as_of = _verdicts_of_day(workspace, arguments.day)
    formats, days = tuple(arguments.format.split(",")), span_days(arguments.days)
    written = write_daily_report(workspace, verdicts, as_of, formats=formats, out=arguments.out, days=days)
    show(arguments, {"written": written}, "\n".join(map(str, written)))
    return DONE


@command("letter", "tulis surat / write letters to be signed",
    option("name", choices=LETTERS), option("--agency", nargs="+", default=[], metavar="ID"),
    option("--day", metavar="DAY"), option("--format", default="pdf,docx"), option("--out", type=Path, metavar="DIR"),
    option("--copy-template", action="store_true", help="salin templat / our template, to change it"))  # fmt: skip
def letter(arguments: argparse.Namespace) -> int:
    """`letter NAME`: letters as PDF and DOCX, or our template of them into the workspace to be changed."""
    formats = tuple(arguments.format.split(","))
    check_formats(formats)
    workspace = workspace_of(arguments)
    if arguments.copy_template:
        files = copy_templates(workspace.instance.home, arguments.name, formats)
    else:
        verdicts, as_of = _verdicts_of_day(workspace, arguments.day)
        order = LetterOrder(arguments.name, formats, tuple(arguments.agency), arguments.out)
        written = letters_of_workspace(workspace, order, verdicts, as_of)
        for sentence in nothing_to_write(arguments.name, written):
            tell(sentence)
        files = written.files
    show(arguments, {"written": files}, "\n".join(map(str, files)))
    return DONE


@command("bundle", "bundel bukti untuk diperiksa pihak lain / a ZIP of evidence that others can check",
    option("--agency", nargs="+", default=[], metavar="ID"), option("--campaign", metavar="C"),
    option("--day", metavar="DAY"), option("--out", type=Path, metavar="FILE.zip"),
    option("--with-submissions", action="store_true", help="dengan kiriman / with submissions"))  # fmt: skip
def bundle(arguments: argparse.Namespace) -> int:
    """`bundle`: verdicts with the evidence they rest on, as one ZIP; contacts nobody."""
    workspace = workspace_of(arguments)
    selection = selection_of(arguments, workspace)
    verdicts, as_of = _verdicts_of_day(workspace, arguments.day)
    written = bundle_of(workspace, verdicts, as_of, selection, arguments.out)
    text = say("{path}\n{documents} dokumen, {with_evidence} dengan bukti; sidik indeks.json untuk surat pengantar: "
               "{index_sha256}",
               "{path}\n{documents} documents, {with_evidence} with evidence; digest of indeks.json for the covering "
               "letter: {index_sha256}")  # fmt: skip
    show(arguments, asdict(written), text.format(**asdict(written)))
    return DONE


@command("site", "situs statis untuk peladen web mana pun / a static site for any web server",
    option("--out", type=Path, metavar="DIR", help="reports/site"))  # fmt: skip
def site(arguments: argparse.Namespace) -> int:
    """`site`: day, campaign, agency and post pages with search, from the newest verdicts; contacts nobody."""
    workspace = workspace_of(arguments)
    store = store_of(workspace)
    with only_run(workspace.instance.home):
        store.prepare()
        recognise(workspace, store)
        as_of = report_instant(workspace, None)
        written = site_of(workspace, judge_all(store, workspace.duties, as_of), as_of, arguments.out)
    show(arguments, asdict(written), told_of(written))
    return DONE


@command("notify", "kirim pemberitahuan / send the summary and the reminders that are due",
    option("--dry-run", action="store_true", help="tampilkan saja / show them, send nothing"))  # fmt: skip
def notify(arguments: argparse.Namespace) -> int:
    """`notify`: send what is due of what is known now, or show it; visits nobody."""
    workspace = workspace_of(arguments)
    store, troubles = store_of(workspace), list[str]()
    with only_run(workspace.instance.home):
        store.prepare()
        recognise(workspace, store)
        as_of = now_utc()
        verdicts = judge_all(store, workspace.duties, as_of)
        outgoing = list(tell_all(Desk(workspace, store, troubles.append), verdicts, as_of, arguments.dry_run))
    for trouble in troubles:
        tell(trouble)
    texts = [f"{one.kind} → {one.receiver}\n{one.message.title}\n\n{one.message.body}\n" for one in outgoing]
    nothing = say("tidak ada yang perlu dikirim", "nothing is due")
    show(arguments, {"messages": [asdict(one) for one in outgoing]}, "\n".join(texts) or nothing)
    return NOT_ALL_OBSERVED if troubles else DONE


@command("ask", "jalankan pertanyaan bernama / run a named query",
    option("name", nargs="?"), option("parameter", nargs="*", metavar="key=value"),
    option("--format", default="table", choices=["table", "csv", "json", "parquet", "xlsx"]), *LIMITS)  # fmt: skip
def ask(arguments: argparse.Namespace) -> int:
    """`ask [NAME [key=value …]]`: run a named query, or list them."""
    if not arguments.name:
        sys.stdout.write("".join(f"{describe(query)}\n" for query in list_queries()))
        return DONE
    written = dict(word.partition("=")[::2] for word in arguments.parameter)
    with closing(_reader(arguments)) as connection, within(connection, arguments.seconds):
        found = answer(connection, arguments.name, written)
        check_names(connection, written)
    sys.stdout.buffer.write(render(found, "json" if arguments.json else arguments.format))
    return DONE


@command("sql", "SQL hanya-baca / a read-only SQL prompt", option("-c", dest="statement", metavar="SQL"), *LIMITS)
def sql(arguments: argparse.Namespace) -> int:
    """`sql`: a read-only prompt on the views, or one statement."""
    if arguments.statement is None:
        prompt(lambda: _reader(arguments), sys.stdin, _write, arguments.seconds)
        return DONE
    with closing(_reader(arguments)) as connection, within(connection, arguments.seconds):
        found = one_shot(connection, arguments.statement)
    sys.stdout.buffer.write(render(found, "json" if arguments.json else "table"))
    return DONE


@command("review", "meja pemeriksaan / the local web desk for doubtful matches and disputes",
    option("--port", type=int, default=0, help="0: mana saja yang bebas / any free one"),
    option("--no-browser", action="store_true", help="jangan buka peramban / open no browser"),
    option("--reviewer", default="", metavar="NAME", help="nama pemeriksa / the reviewer's name"))  # fmt: skip
def review(arguments: argparse.Namespace) -> int:
    """`review`: the local web desk for doubtful matches and disputes, until Ctrl-C."""

    def announce(link: str) -> None:
        show(arguments, {"url": link}, say(f"Meja pemeriksaan (tautan sekali pakai; Ctrl-C untuk berhenti): {link}",
                                           f"Review desk (the link works once; Ctrl-C to stop): {link}"))  # fmt: skip
        sys.stdout.flush()

    home = workspace_of(arguments).instance.home
    serve_desk(home, arguments.port, arguments.reviewer, announce, not arguments.no_browser)
    return DONE


@command("audit", "periksa keutuhan bukti / recompute evidence digests")
def audit(arguments: argparse.Namespace) -> int:
    """`audit`: recompute evidence digests and the ledger's chain."""
    checked, found = audit_workspace(find_home(arguments.home))
    text = say(f"{checked} catatan bukti diperiksa, {len(found)} tidak cocok",
               f"{checked} evidence entries checked, {len(found)} do not hold")  # fmt: skip
    show(arguments, {"checked": checked, "found": found}, "\n".join([*found, text]))
    return DAMAGED if found else DONE


@command("rebuild", "penyimpanan baru dari bukti saja / a new store from evidence alone")
def rebuild(arguments: argparse.Namespace) -> int:
    """`rebuild`: a new store from evidence alone; the old one is kept beside it."""
    workspace = workspace_of(arguments)
    with only_run(workspace.instance.home):
        done = rebuild_store(workspace)
    for post_id in done.changed:
        tell(say(f"{post_id}: terbaca lain daripada dahulu", f"{post_id}: reads otherwise than it did then"))
    counts = {"posts": done.posts, "visits": done.visits, "changed": len(done.changed), "kept_as": done.kept_as}
    text = say("{posts} unggahan dan {visits} kunjungan dipulihkan dari bukti; penyimpanan lama: {kept_as}",
               "{posts} posts and {visits} visits restored from evidence; the old store: {kept_as}")  # fmt: skip
    show(arguments, counts, text.format(**counts))
    return DONE


@command("schedule", "cetak jadwal / print the timer to install",
    option("kind", nargs="?", default="systemd", choices=["systemd", "cron", "windows"]))  # fmt: skip
def schedule(arguments: argparse.Namespace) -> int:
    """`schedule [systemd|cron|windows]`: print the timer to install."""
    sys.stdout.write(timer(arguments.kind, find_home(arguments.home)))
    return DONE


@command("demo", "dunia contoh lengkap di mesin ini / a complete small world on this machine",
    option("--dir", type=Path, help="tempat dunia contoh / where to build it"),
    option("--keep", action="store_true", help="biarkan layanan hidup / keep the stand-ins running"))  # fmt: skip
def demo(arguments: argparse.Namespace) -> int:
    """`demo`: a complete small world on this machine: workspace, stand-ins, run, report."""
    home = arguments.dir or Path("demo")
    tell(say("membangun dunia contoh …", "building the world of the demo …"))
    world = build_world(now_utc())
    with Sandbox(world.graph, world.all_sites) as sandbox:
        write_workspace(world, sandbox, home)
        os.environ[TOKEN_VARIABLE] = world.graph.token
        exit_code = run(argparse.Namespace(home=home, as_of=None, json=arguments.json))
        if arguments.keep:
            tell(say("layanan tiruan hidup; Ctrl-C untuk berhenti", "the stand-ins are alive; Ctrl-C to stop"))
            signal.pause()
    if exit_code == NOT_ALL_OBSERVED:
        tell(say("Beberapa sumber di dunia contoh ini sengaja dirusak; itulah sebab `unknown`.",
                 "Some sources of this world are broken on purpose; hence the `unknown`."))  # fmt: skip
        return DONE
    return exit_code


def _verdicts_of_day(workspace: Workspace, day: str | None) -> tuple[list[Verdict], datetime]:
    """The verdicts as last verified, or as of a past day's end; new posts are compared first."""
    store = store_of(workspace)
    with only_run(workspace.instance.home):
        store.prepare()
        recognise(workspace, store)
    as_of = report_instant(workspace, day)
    return judge_all(store, workspace.duties, as_of), as_of


def _write(text: str) -> None:
    sys.stdout.write(text)


def _reader(arguments: argparse.Namespace) -> Any:
    workspace = open_workspace(find_home(arguments.home))
    instance = workspace.instance
    return open_store(instance.home / instance.store_url, instance.zone.key, arguments.memory)


def _as_of(arguments: argparse.Namespace, workspace: Workspace) -> datetime | None:
    return parse_time(arguments.as_of, workspace.instance.zone) if arguments.as_of else None


if __name__ == "__main__":
    sys.exit(main())
