"""A workspace -> the timer that runs it twice a day, in the words of systemd, cron or the Windows Task Scheduler.

Each asks every hour `run --if-due`, which looks by itself whether a run is due (`pipelines.due`): what an outage or a
spent budget left undone is caught up within the hour, by the same rule everywhere.
"""

from __future__ import annotations

import math
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from crawler.errors import WrongUse
from crawler.instance import load_instance
from crawler.language import say

MATCHING_HOURS = 1  # what a run does after its last visit: compare, judge, report

SYSTEMD = """\
# ~/.config/systemd/user/tayang.service
[Unit]
Description=Tayang, {title}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={run}
EnvironmentFile=-{environment}
# 1: some source was not observed; 75: another run is at work.
SuccessExitStatus=1 75
TimeoutStartSec={limit}

# ~/.config/systemd/user/tayang.timer      systemctl --user enable --now tayang.timer
[Unit]
Description=Tayang, every hour in which a run is due

[Timer]
OnCalendar=*-*-* *:20:00
RandomizedDelaySec=5m
Persistent=true

[Install]
WantedBy=timers.target
"""
SYSTEMD_NOTIFY = """
# ~/.config/systemd/user/tayang-notify.service
[Unit]
Description=Tayang, reminders, {title}
After=network-online.target

[Service]
Type=oneshot
ExecStart={notify}
EnvironmentFile=-{environment}
SuccessExitStatus=1 75
TimeoutStartSec=30min

# ~/.config/systemd/user/tayang-notify.timer      systemctl --user enable --now tayang-notify.timer
[Unit]
Description=Tayang, reminders every hour

[Timer]
OnCalendar=*-*-* *:50:00
Persistent=true

[Install]
WantedBy=timers.target
"""
CRON = """\
# crontab -e
20 * * * * {run} >> {log} 2>&1
"""
CRON_NOTIFY = "50 * * * * {notify} >> {log} 2>&1\n"
WINDOWS = """\
<?xml version="1.0"?>
<!-- tayang schedule windows > tayang-task.xml
     schtasks /Create /TN Tayang /XML tayang-task.xml /RU "%USERNAME%" /RP * -->
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>Tayang, {title}</Description></RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>2024-01-01T00:20:00</StartBoundary>
      <Repetition><Interval>PT1H</Interval><Duration>P1D</Duration></Repetition>
      <ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author"><LogonType>Password</LogonType><RunLevel>LeastPrivilege</RunLevel></Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable>
    <ExecutionTimeLimit>{limit}</ExecutionTimeLimit>
  </Settings>
  <Actions Context="Author">{actions}
  </Actions>
</Task>
"""
ACTION = "\n    <Exec><Command>{program}</Command><Arguments>{arguments}</Arguments></Exec>"
KINDS = ("systemd", "cron", "windows")


def timer(kind: str, home: Path) -> str:
    """The text to install. `kind`: one of KINDS. Raises: WrongUse where a path cannot be written in one line."""
    if any(not sign.isprintable() for sign in str(home)):
        raise WrongUse(say(f"nama folder berisi tanda kendali: {str(home)!r}",
                           f"the folder's name holds control characters: {str(home)!r}"))  # fmt: skip
    instance, _problems = load_instance(home)
    budget = instance.crawl.budget_minutes if instance else 180.0
    calls = [[*_command(), "run", "--if-due", "--home", str(home)]]
    if instance and instance.notify:
        calls.append([*_command(), "notify", "--home", str(home)])
    # Without a time budget a run may take long; but one that hangs must not stop all later ones.
    hours = math.ceil(budget / 60) + MATCHING_HOURS if budget else 24
    writer = {"systemd": _systemd, "cron": _cron, "windows": _windows}[kind]
    return writer(calls, home, hours)


def _command() -> list[str]:
    found = shutil.which("tayang")
    return [found] if found else [sys.executable, "-m", "tayang"]


def _systemd(calls: Sequence[Sequence[str]], home: Path, hours: int) -> str:
    words = {name: _systemd_line(call) for name, call in zip(("run", "notify"), calls, strict=False)}
    # A file's name stands there as it is, but for the specifiers.
    plain = str(home).replace("%", "%%")
    text = SYSTEMD + (SYSTEMD_NOTIFY if len(calls) > 1 else "")
    return text.format(**words, title=plain, environment=f"{plain}/token.env", limit=f"{hours}h")


def _systemd_line(words: Sequence[str]) -> str:
    """Quoted as systemd.service(5) says; `$` stands for a variable everywhere but in the program's name."""
    program, *rest = [word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") for word in words]
    return " ".join(f'"{word}"' for word in (program, *(word.replace("$", "$$") for word in rest)))


def _cron(calls: Sequence[Sequence[str]], home: Path, hours: int) -> str:
    bounded = [[*_at_most(hours), *call] for call in calls]
    words = {name: _cron_line(call) for name, call in zip(("run", "notify"), bounded, strict=False)}
    text = CRON + (CRON_NOTIFY if len(calls) > 1 else "")
    return text.format(**words, log=_cron_line([str(home / "tayang.log")]))


def _at_most(hours: int) -> list[str]:
    found = shutil.which("timeout")
    return [found, f"{hours}h"] if found else []


def _cron_line(words: Sequence[str]) -> str:
    """Quoted for the shell; cron itself takes a bare `%` for the end of the line, also within quotes."""
    return shlex.join(words).replace("%", "\\%")


def _windows(calls: Sequence[Sequence[str]], home: Path, hours: int) -> str:
    """ASCII only: schtasks takes a file for UTF-16 or for the machine's own code page."""
    actions = "".join(
        ACTION.format(program=_xml(call[0]), arguments=_xml(subprocess.list2cmdline(call[1:]))) for call in calls
    )
    return WINDOWS.format(title=_xml(str(home)), limit=f"PT{hours}H", actions=actions)


def _xml(text: str) -> str:
    return escape(text).encode("ascii", "xmlcharrefreplace").decode()
