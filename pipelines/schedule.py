"""A workspace -> the timer that runs it every night, in the words of systemd, cron or Windows."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

# After midnight, when the day's windows have closed and settled; a missed run is caught up.
SYSTEMD = """\
# ~/.config/systemd/user/tayang.service
[Unit]
Description=Tayang, {home}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={command} run --home {home}
EnvironmentFile=-{home}/token.env
SuccessExitStatus=1
TimeoutStartSec=4h

# ~/.config/systemd/user/tayang.timer      systemctl --user enable --now tayang.timer
[Unit]
Description=Tayang every night and every noon

[Timer]
OnCalendar=*-*-* 00:20:00
OnCalendar=*-*-* 12:20:00
RandomizedDelaySec=10m
Persistent=true

[Install]
WantedBy=timers.target
"""
CRON = """\
# crontab -e
20 0,12 * * * {command} run --home {home} >> {home}/tayang.log 2>&1
"""
WINDOWS = """\
schtasks /Create /TN Tayang /SC DAILY /ST 00:20 /TR "'{command}' run --home '{home}'"
"""
TIMERS = {"systemd": SYSTEMD, "cron": CRON, "windows": WINDOWS}


def timer(kind: str, home: Path) -> str:
    """The text to install. `kind`: systemd | cron | windows."""
    command = shutil.which("tayang") or f"{sys.executable} -m tayang"
    return TIMERS[kind].format(command=command, home=home)
