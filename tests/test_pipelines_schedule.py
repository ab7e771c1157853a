"""A workspace under any name -> timers that systemd, a shell and Windows read back as what was meant."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from crawler.errors import WrongUse
from pipelines.schedule import KINDS, timer

NAMES = ["tayang", "folder kerja 100% \"kita\"", "it's $HOME\\n %h", "kantor – ünïcode & <b>"]
INSTANCE = '[instance]\nname = "Uji"\ntimezone = "Asia/Jakarta"\n'
SPACE = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
FIELD = r"(?:\*|\d+(?:,\d+)*)"


def home_at(folder: Path, name: str, more: str = "") -> Path:
    home = folder / name
    home.mkdir()
    (home / "tayang.toml").write_text(INSTANCE + more, encoding="utf-8")
    return home


def systemd_words(line: str) -> list[str]:
    """What systemd.service(5) makes of a quoted line: specifiers, C escapes, then variables but for the program."""
    words = [re.sub(r"\\(.)", r"\1", word.replace("%%", "%")) for word in re.findall(r'"((?:[^"\\]|\\.)*)"', line)]
    return [words[0], *(word.replace("$$", "$") for word in words[1:])]


@pytest.mark.parametrize("name", NAMES)
def test_every_timer_names_the_folder_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    """Read back by each one's own rules: spaces, quotes, percent and dollar signs."""
    home = home_at(tmp_path, name)
    meant = ["run", "--if-due", "--home", str(home)]
    [service] = re.findall(r"^ExecStart=(.*)$", timer("systemd", home), re.MULTILINE)
    [line] = [one for one in timer("cron", home).splitlines() if not one.startswith("#")]
    task = ElementTree.fromstring(timer("windows", home))
    [command] = re.findall(r"^20 \* \* \* \* (.*)$", line)
    assert "%" not in command.replace("\\%", "")
    shell = shlex.split(command.replace("\\%", "%"))

    assert systemd_words(service)[-4:] == meant
    assert shell[shell.index("run") : shell.index(">>")] == meant
    assert shell[-2:] == [str(home / "tayang.log"), "2>&1"]
    assert subprocess.list2cmdline(meant) in str(task.findtext(".//t:Arguments", "", SPACE))
    assert timer("windows", home).isascii()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize("name", NAMES[:3])
def test_systemd_accepts_its_units(tmp_path: Path, name: str) -> None:
    """`systemd-analyze verify` has nothing to say, with reminders too."""
    home = home_at(tmp_path, name, "[notify]\n")
    units = re.split(r"^# ~/\.config/systemd/user/(\S+).*$", timer("systemd", home), flags=re.MULTILINE)[1:]
    files = [tmp_path / unit for unit in units[::2]]
    for file, text in zip(files, units[1::2], strict=True):
        file.write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", *map(str, files)], capture_output=True, text=True, check=False,
        env={"XDG_RUNTIME_DIR": str(tmp_path), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )  # fmt: skip
    named = [line for line in done.stderr.splitlines() if "tayang" in line]

    assert len(files) == 4
    assert named == []


def test_cron_lines_are_cron_lines(tmp_path: Path) -> None:
    """Five fields and a command; the reminders have their own minute."""
    lines = timer("cron", home_at(tmp_path, "rumah", "[notify]\n")).splitlines()[1:]

    assert [re.match(rf"{FIELD} {FIELD} {FIELD} {FIELD} {FIELD} /", line) is not None for line in lines] == [True] * 2
    assert " run --if-due " in lines[0]
    assert " notify --home " in lines[1]


def test_windows_catches_up_and_never_runs_twice(tmp_path: Path) -> None:
    """StartWhenAvailable, IgnoreNew and a limit; run and reminders one after the other."""
    task = ElementTree.fromstring(timer("windows", home_at(tmp_path, "rumah", "[notify]\n")))
    told = {name: task.findtext(f".//t:{name}", "", SPACE) for name in
            ("StartWhenAvailable", "MultipleInstancesPolicy", "ExecutionTimeLimit", "Interval")}  # fmt: skip

    assert told == {"StartWhenAvailable": "true", "MultipleInstancesPolicy": "IgnoreNew", "ExecutionTimeLimit": "PT4H",
                    "Interval": "PT1H"}  # fmt: skip
    assert [str(one.text).split()[-3] for one in task.findall(".//t:Arguments", SPACE)] == ["--if-due", "notify"]


@pytest.mark.parametrize(("minutes", "hours"), [(None, 4), (30, 2), (600, 11), (0, 24)])
def test_the_limit_leaves_room_for_the_budget(tmp_path: Path, minutes: int | None, hours: int) -> None:
    """The time budget and an hour for what follows; without one a day."""
    home = home_at(tmp_path, "rumah", "" if minutes is None else f"[crawl]\nbudget_minutes = {minutes}\n")

    assert f"TimeoutStartSec={hours}h" in timer("systemd", home)
    assert f"PT{hours}H" in timer("windows", home)


@pytest.mark.parametrize("kind", KINDS)
def test_without_receivers_nobody_is_reminded(tmp_path: Path, kind: str) -> None:
    """And a name that cannot stand in a line is refused."""
    assert "notify" not in timer(kind, home_at(tmp_path, "rumah"))
    with pytest.raises(WrongUse, match="tanda kendali"):
        timer(kind, Path("/tmp/a\nb"))


def test_without_an_installed_command_python_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m tayang`, by its whole path."""
    monkeypatch.setenv("PATH", str(tmp_path))

    assert f"20 * * * * {sys.executable} -m tayang run" in timer("cron", home_at(tmp_path, "rumah"))
