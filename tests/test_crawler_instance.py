"""tayang.toml becomes an Instance, or problems that name the line of each wrong key."""

from __future__ import annotations

import contextvars
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import WrongUse
from crawler.instance import Instance, find_home, instagram_token, load_instance
from crawler.language import speak
from crawler.redaction import redact
from crawler.toml_lines import lines_of, parse_toml

MINIMAL = '[instance]\nname = "Pemerintah Kabupaten Klaten"\ntimezone = "Asia/Jakarta"\n'
TOKEN = "EAAB" + "x1" * 20


@pytest.fixture(autouse=True)
def _indonesian() -> Iterator[None]:
    """Loading an instance chooses the language; the next test begins in Indonesian again."""
    yield
    speak("id")


def load(home: Path, text: str) -> tuple[Instance | None, list[str]]:
    """The instance of a written file and its problems as lines of text."""
    (home / "tayang.toml").write_text(text, encoding="utf-8")
    instance, problems = load_instance(home)
    return instance, [str(problem) for problem in problems]


def loaded(home: Path, text: str) -> Instance:
    """The instance of a file without problems."""
    instance, problems = load(home, text)
    assert instance is not None, problems
    return instance


def test_a_short_file_has_the_contract_s_defaults(tmp_path: Path) -> None:
    """Name and time zone suffice; everything else is as the contract says."""
    instance = loaded(tmp_path, MINIMAL)

    assert instance.zone == ZoneInfo("Asia/Jakarta")
    assert (
        instance.language, instance.letterhead, instance.logo, instance.signatory, instance.store_url,
    ) == ("id", (), None, None, "tayang.duckdb")  # fmt: skip
    rules = instance.crawl
    assert (
        rules.delay_seconds, rules.concurrency, rules.timeout_seconds, rules.max_media_bytes,
        rules.lookback_days, rules.allow_private_hosts,
    ) == (1.0, 8, 30, 200_000_000, 3, ())  # fmt: skip
    assert rules.user_agent.startswith("Tayang/")
    assert "https://" in rules.user_agent
    assert (
        instance.instagram.graph_url, instance.instagram.api_version, instance.instagram.ig_user_id,
        instance.instagram.token_file,
    ) == ("https://graph.facebook.com", "v26.0", "", None)  # fmt: skip


def test_everything_can_be_set(tmp_path: Path) -> None:
    """Each key of the contract arrives where the code looks for it."""
    (tmp_path / "logo.png").write_bytes(b"x")
    (tmp_path / "token").write_text("x")
    instance = loaded(
        tmp_path,
        MINIMAL
        + """
language = "en"
letterhead = ["PEMERINTAH", "INSPEKTORAT"]
logo = "logo.png"
signatory = { name = "A", title = "B", nip = "C" }
[store]
url = "ducklake:postgres://db?data_path=s3://x"
[crawl]
contact = "humas@klatenkab.go.id"
delay_seconds = 0
concurrency = 2
timeout_seconds = 1.5
max_media_bytes = 10
lookback_days = 1
allow_private_hosts = ["127.0.0.1:9001", "[::1]:9"]
[channels.instagram]
graph_url = "http://127.0.0.1:9001/graph/"
api_version = "v27.0"
ig_user_id = "1784"
token_file = "token"
[channels.telegram]
url = "http://127.0.0.1:9001/tg/"
[channels.news]
""",
    )

    assert instance.language == "en"
    assert instance.letterhead == ("PEMERINTAH", "INSPEKTORAT")
    assert instance.logo == tmp_path / "logo.png"
    assert instance.signatory
    assert instance.signatory.nip == "C"
    assert instance.crawl.user_agent.endswith("(+humas@klatenkab.go.id)")
    assert (
        instance.crawl.delay_seconds, instance.crawl.concurrency, instance.crawl.timeout_seconds,
        instance.crawl.max_media_bytes, instance.crawl.lookback_days,
    ) == (0, 2, 1.5, 10, 1)  # fmt: skip
    assert instance.crawl.allow_private_hosts == ("127.0.0.1:9001", "[::1]:9")
    assert instance.instagram.graph_url == "http://127.0.0.1:9001/graph"
    assert instance.instagram.token_file == tmp_path / "token"
    assert dict(instance.channels["telegram"]) == {"url": "http://127.0.0.1:9001/tg"}


@pytest.mark.parametrize(("text", "expected"), [
    ('[instance]\ntimezone = "Asia/Jakarta"', "1: instance.name: belum diisi"),
    ('[instance]\nname = "X"', "1: instance.timezone: belum diisi"),
    (MINIMAL + 'languag = "id"', "4: instance.languag: 'languag' tidak dikenal; maksudnya 'language'?"),
    (MINIMAL + "[crwal]\nx = 1", "4: crwal: 'crwal' tidak dikenal; maksudnya 'crawl'?"),
    (MINIMAL + 'language = "jv"', "4: instance.language: 'jv' tidak dikenal; pilihannya: id, en"),
    (MINIMAL.replace("Jakarta", "Jakata"),
     "3: instance.timezone: 'Asia/Jakata' tidak dikenal; maksudnya 'Asia/Jakarta'?"),
    (MINIMAL.replace("Asia/Jakarta", "WITA"),
     "3: instance.timezone: 'WITA' tidak dikenal; tulis 'Asia/Makassar'"),
    (MINIMAL.replace("Asia/Jakarta", "../../etc/passwd"), "3: instance.timezone: "),
    (MINIMAL.replace("Asia/Jakarta", "/etc/localtime"), "3: instance.timezone: "),
    (MINIMAL.replace('"Asia/Jakarta"', "7"),
     "3: instance.timezone: harus teks dalam tanda kutip, bukan angka"),
    (MINIMAL + 'letterhead = "X"', "4: instance.letterhead: harus daftar teks, bukan teks"),
    (MINIMAL + 'letterhead = [\n"A",\n1]', "6: instance.letterhead: harus daftar teks, bukan angka"),
    (MINIMAL + 'logo = "nol.png"', "4: instance.logo: berkas 'nol.png' tidak ada"),
    (MINIMAL + 'logo = "../logo.png"', "4: instance.logo: harus berada di dalam ruang kerja"),
    (MINIMAL + 'signatory = { nam = "A", name = "B" }',
     "4: instance.signatory.nam: 'nam' tidak dikenal; maksudnya 'name'?"),
    (MINIMAL + 'name = "Lagi"', "4: bukan TOML yang benar"),
    (MINIMAL + "x = [", "4: bukan TOML yang benar"),
    (MINIMAL + "[crawl]\ndelay_seconds = -1", "5: crawl.delay_seconds: harus angka dari 0"),
    (MINIMAL + "[crawl]\ndelay_seconds = nan", "5: crawl.delay_seconds: harus angka dari 0"),
    (MINIMAL + "[crawl]\nlookback_days = 1e300", "5: crawl.lookback_days: harus angka dari 0"),
    (MINIMAL + "[crawl]\ntimeout_seconds = 0", "5: crawl.timeout_seconds: harus lebih dari 0"),
    (MINIMAL + "[crawl]\nconcurrency = 0", "5: crawl.concurrency: paling sedikit 1"),
    (MINIMAL + "[crawl]\nconcurrency = true", "5: crawl.concurrency: harus bilangan bulat, bukan true/false"),
    (MINIMAL + '[crawl]\nuser_agent = "a\\nX-Evil: 1"', "5: crawl.user_agent: hanya huruf"),
    (MINIMAL + '[crawl]\ncontact = "a\\u0000"', "5: crawl.contact: berisi karakter kendali"),
    (MINIMAL + '[crawl]\nallow_private_hosts = ["http://x"]',
     "5: crawl.allow_private_hosts: 'http://x': tulis host"),
    (MINIMAL + '[store]\nurl = "postgres://x"', "5: store.url: tulis nama berkas"),
    (MINIMAL + '[store]\nurl = "../x.duckdb"', "5: store.url: harus berada di dalam ruang kerja"),
    (MINIMAL + "[channels.instgram]",
     "4: channels.instgram: 'instgram' tidak dikenal; maksudnya 'instagram'?"),
    (MINIMAL + "[channels]\ninstagram = 1", "5: channels.instagram: harus tabel, bukan angka"),
    (MINIMAL + '[channels.instagram]\ngraph_url = "graph.facebook.com"',
     "5: channels.instagram.graph_url: tulis lengkap"),
    (MINIMAL + '[channels.instagram]\ngraph_url = "ftp://x.id"', "5: channels.instagram.graph_url: ftp://"),
    (MINIMAL + '[channels.telegram]\nurl = "https://u:p@t.me"',
     "5: channels.telegram.url: alamat tidak boleh"),
    (MINIMAL + '[channels.instagram]\napi_version = "26"',
     "5: channels.instagram.api_version: tulis seperti"),
    (MINIMAL + '[channels.instagram]\nig_user_id = "@dinkes"',
     "5: channels.instagram.ig_user_id: hanya angka"),
    (MINIMAL + '[channels.instagram]\nig_user_id = 1784', "5: channels.instagram.ig_user_id: harus teks"),
    (MINIMAL + '[channels.instagram]\ntoken_file = "nol"',
     "5: channels.instagram.token_file: berkas 'nol' tidak ada"),
    (MINIMAL + '[channels.news]\nfoo = 1', "5: channels.news.foo: 'foo' tidak dikenal"),
])  # fmt: skip
def test_a_wrong_setting_is_named_with_its_line(tmp_path: Path, text: str, expected: str) -> None:
    """Each mistake gives one problem on its own line, and no instance."""
    instance, problems = load(tmp_path, text)

    assert instance is None
    assert len(problems) == 1, problems
    assert problems[0].startswith(f"tayang.toml:{expected}")


@pytest.mark.parametrize(("line", "variable"), [
    (f'[channels.instagram]\ntoken = "{TOKEN}"', "TAYANG_INSTAGRAM_TOKEN"),
    ('[channels.instagram]\naccess_token = "short"', "TAYANG_INSTAGRAM_TOKEN"),
    (f'[channels.instagram]\nig_user_id = "{TOKEN}"', "TAYANG_INSTAGRAM_TOKEN"),
    (f'[channels.instagram]\ngraph_url = "https://x.id?access_token={TOKEN}"', "TAYANG_INSTAGRAM_TOKEN"),
    ('[channels.youtube]\nkey = "short"', "TAYANG_YOUTUBE_KEY"),
    (f'# token = "{TOKEN}"', "TAYANG_INSTAGRAM_TOKEN"),
    (f"[channels.news] # lama: {TOKEN}", "TAYANG_INSTAGRAM_TOKEN"),
])  # fmt: skip
def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path, line: str, variable: str) -> None:
    """The problem names the environment variable to use and never shows the secret."""
    instance, problems = load(tmp_path, f"{MINIMAL}{line}\n")

    assert instance is None
    assert len(problems) == 1, problems
    assert variable in problems[0]
    assert TOKEN not in problems[0]


def test_all_problems_come_at_once_in_the_instance_s_language(tmp_path: Path) -> None:
    """An English instance hears English, about every mistake."""
    _, problems = load(tmp_path, '[instance]\nlanguage = "en"\n[crawl]\nconcurrency = 0\n')

    assert sorted(problems) == [
        'tayang.toml:1: instance.name: is missing; write name = "Pemerintah Kabupaten …"',
        'tayang.toml:1: instance.timezone: is missing; write timezone = "Asia/Jakarta"',
        "tayang.toml:4: crawl.concurrency: must be at least 1",
    ]


def test_a_missing_or_foreign_file_is_a_problem(tmp_path: Path) -> None:
    """No file, and a file that is not UTF-8, are said as such."""
    _, missing = load_instance(tmp_path)
    (tmp_path / "tayang.toml").write_bytes(b'[instance]\nname = "\xff"\n')
    _, foreign = load_instance(tmp_path)

    assert "tidak dapat dibaca" in str(missing[0])
    assert str(foreign[0]).startswith("tayang.toml:2: bukan UTF-8")


def test_the_workspace_is_named_or_found_upwards(tmp_path: Path) -> None:
    """--home wins over TAYANG_HOME, which wins over the nearest folder upwards."""
    for name in ("a", "b", "c/d/e"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("a", "b", "c"):
        (tmp_path / name / "tayang.toml").touch()
    environ = {"TAYANG_HOME": str(tmp_path / "b")}

    assert tmp_path / "a" == find_home(tmp_path / "a", environ, tmp_path / "c/d/e")
    assert tmp_path / "b" == find_home(None, environ, tmp_path / "c/d/e")
    assert tmp_path / "c" == find_home(None, {}, tmp_path / "c/d/e")
    with pytest.raises(WrongUse, match="tayang init"):
        find_home(tmp_path / "c/d", {})
    with pytest.raises(WrongUse, match="--home"):
        find_home(None, {}, tmp_path / "x")


def test_the_token_comes_from_environment_or_a_private_file(tmp_path: Path) -> None:
    """Either way it is cut out of everything that is written from then on."""
    (tmp_path / "secret").write_text(f"{TOKEN}file\n")
    (tmp_path / "secret").chmod(0o600)
    instance = loaded(tmp_path, MINIMAL + '[channels.instagram]\ntoken_file = "secret"')

    assert instagram_token(loaded(tmp_path, MINIMAL), {}) is None
    assert f"{TOKEN}env" == instagram_token(instance, {"TAYANG_INSTAGRAM_TOKEN": f" {TOKEN}env\n"})
    assert f"{TOKEN}file" == instagram_token(instance, {"TAYANG_INSTAGRAM_TOKEN": ""})
    assert TOKEN not in redact(f"x {TOKEN}file y {TOKEN}env")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such permissions")
def test_a_token_file_open_to_others_is_refused(tmp_path: Path) -> None:
    """The sentence says which command closes it; broken tokens are refused too."""
    (tmp_path / "secret").write_text("ab cd")
    (tmp_path / "secret").chmod(0o640)
    instance = loaded(tmp_path, MINIMAL + '[channels.instagram]\ntoken_file = "secret"')
    with pytest.raises(WrongUse, match="chmod 600"):
        instagram_token(instance, {})
    (tmp_path / "secret").chmod(0o600)
    with pytest.raises(WrongUse, match="spasi"):
        instagram_token(instance, {})


def test_lines_are_found_in_every_form_of_toml() -> None:
    """Multi-line texts and lists, comments, dotted and quoted keys, tables within repeated tables."""
    text = (
        'a = """\n# no comment\n"""  # one\nb.c = { d = [1, { e = 2 }] }\n'
        "\"k \\u0061\".x = '''\n]'''''\n"
        "[[t]]\nf = [ # [\n 'g',\n\n 2024-01-01 07:00:00,\n]\n[t.u]\nv = 1\n[[t.w]]\n[[ t ]]\n[t.u]\nv = 2\n"
    )
    lines = lines_of(text, tomllib.loads(text))

    assert {("a",): 1, ("b", "c", "d", 1, "e"): 4, ("k a", "x"): 5, ("t",): 7, ("t", 0): 7,
            ("t", 0, "f"): 8, ("t", 0, "f", 0): 9, ("t", 0, "f", 1): 11, ("t", 0, "u"): 13,
            ("t", 0, "u", "v"): 14, ("t", 0, "w", 0): 15,
            ("t", 1): 16, ("t", 1, "u", "v"): 18}.items() <= lines.items()  # fmt: skip


KEYS = st.from_regex(r"[A-Za-z0-9_-]{1,4}", fullmatch=True)
SCALARS = st.sampled_from(
    ["1", "-2.5e3", "true", '"x # ]"', "'[{,'", '"""a\n"" b"""', "2024-01-01T00:00:00Z", "'''\n'''"]
)
LISTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3).map(
        lambda values: "[\n" + "".join(f" {value}, # c ]\n" for value in values) + "]"
    ),
    max_leaves=6,
)


@given(st.lists(st.tuples(KEYS, st.dictionaries(KEYS, LISTS, max_size=4)), max_size=4))
def test_every_key_is_found_on_the_line_where_it_was_written(
    tables: list[tuple[str, dict[str, str]]],
) -> None:
    """Whatever stands around it: the scan agrees with how the text was made."""
    text, expected, counts = "", {}, dict[str, int]()
    for name, pairs in tables:
        place = (name, counts.setdefault(name, 0))
        counts[name] += 1
        expected[place] = text.count("\n") + 1
        text += f"[[{name}]]\n"
        for key, value in pairs.items():
            expected[(*place, key)] = text.count("\n") + 1
            text += f"{key} = {value}\n"
    document, problems = parse_toml("x", text)

    assert problems == []
    assert document
    assert {place: document.line_of(place) for place in expected} == expected
    assert set(_places(document.values)) <= document.lines.keys() | {()}


def _places(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield place
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from _places(inner, (*place, step))


@given(st.text(alphabet="ab=.[]{}\"'\\\n ,#1", max_size=30))
def test_any_text_is_toml_or_a_problem(text: str) -> None:
    """Reading never raises, and never hangs."""
    document, problems = contextvars.copy_context().run(parse_toml, "x.toml", text)

    assert (document is None) == bool(problems)
