"""The packages as installed -> whether they are the tested versions, under licences we may use, without known faults.

    make audit-deps

Versions and licences are checked offline. Known faults are asked of the service behind pip-audit; where it cannot be
reached, that is said, and nothing is called sound. Exit 0: nothing found; 1: something; 2: not all could be checked.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

CONSTRAINTS = Path(__file__).parents[1] / "constraints.txt"
EXTRAS = ("dev", "bench", "pdf", "timestamps")
# All permissive, or weak copyleft of single files (MPL) that we do not change. No GPL, LGPL or AGPL.
ALLOWED = frozenset({
    "0BSD", "2-clause BSD License", "3-Clause BSD License", "Apache Software License", "Apache-2.0", "BSD License",
    "BSD-2-Clause",
    "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC", "MIT", "MIT License", "MIT-0", "MIT-CMU", "MPL-1.1", "MPL-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)", "PSF-2.0", "Python Software Foundation License", "Unlicense", "ZPL-2.1",
    "Zlib",
})  # fmt: skip


def needed(name: str = "tayang", extras: tuple[str, ...] = EXTRAS) -> dict[str, Distribution]:
    """Every installed package that Tayang asks for, and what these ask for, by normal name."""
    found: dict[str, Distribution] = {}
    waiting, seen = [(name, extras)], set()
    while waiting:
        name, extras = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if (key, extras) in seen:
            continue
        seen.add((key, extras))
        try:
            found[key] = distribution(name)
        except PackageNotFoundError:  # an extra that is not installed
            continue
        waiting += _asked(found[key], extras)
    return found


def _asked(package: Distribution, extras: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for text in package.requires or ():
        one = Requirement(text)
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield one.name, tuple(sorted(one.extras))


def licence_of(package: Distribution) -> str:
    """Its SPDX expression, else its classifiers, each of which will do, as `A OR B`, else its file's first line."""
    told = package.metadata.json
    classifiers = [one.rpartition(" :: ")[2] for one in told.get("classifier", ()) if one.startswith("License ::")]
    named = told.get("license_expression") or " OR ".join(classifiers) or told.get("license", "")[:80]
    return str(named or _title_of_file(package))


def _title_of_file(package: Distribution) -> str:
    texts = (package.read_text(f"licenses/{name}") for name in package.metadata.get_all("License-File", ()))
    return next((text.strip().partition("\n")[0] for text in texts if text), "")


def is_allowed(licence: str) -> bool:
    """Of every `AND` one `OR` that we may use."""
    each = [re.split(r"\s+OR\s+", part) for part in re.split(r"\s+AND\s+", licence)]
    return all(any(one.strip() in ALLOWED for one in part) for part in each)


def tested_versions() -> Mapping[str, str]:
    """Name -> version of constraints.txt."""
    lines = CONSTRAINTS.read_text("utf-8").splitlines()
    pairs = [line.partition("==") for line in lines if "==" in line and not line.startswith("#")]
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, _, version in pairs}


def troubles() -> Iterator[str]:
    """What the installed packages are that they should not be."""
    versions, installed = tested_versions(), needed()
    if not installed:
        yield "tayang is not installed in this environment"
    for name, package in sorted(installed.items()):
        if name != "tayang" and name not in versions:
            yield f"{name} {package.version}: not in constraints.txt"
        elif name != "tayang" and versions[name] != package.version:
            yield f"{name} {package.version}: tested was {versions[name]}"
        if not is_allowed(licence_of(package)):
            yield f"{name}: licence '{licence_of(package)}' is not in the list of {Path(__file__).name}"


def known_faults() -> tuple[int, list[str]]:
    """(exit code, what to say) of pip-audit over constraints.txt."""
    asked = ["pip_audit", "-r", str(CONSTRAINTS), "--no-deps", "--disable-pip", "--format", "json"]
    done = subprocess.run([sys.executable, "-m", *asked], capture_output=True, text=True, check=False)
    try:
        return judged(json.loads(done.stdout)["dependencies"])
    except ValueError:
        why = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        return 2, [f"known faults were NOT checked, pip-audit or its service is out of reach: {why[:200]}"]


def judged(packages: Sequence[Mapping[str, Any]]) -> tuple[int, list[str]]:
    """Of pip-audit's answer. What it skips it calls sound by its exit code: an unreachable service looks like that."""
    skipped = [one["name"] for one in packages if "skip_reason" in one]
    found = [f"{one['name']} {one['version']}: {fault['id']}" for one in packages for fault in one.get("vulns", ())]
    unasked = f"known faults of {len(skipped)} packages were NOT checked, the service has no answer about them"
    code = 1 if found else 2 if skipped else 0
    return code, [*found, *([unasked] if skipped else [])] or ["no known faults"]


def main() -> int:
    """All three, told line by line."""
    found = list(troubles())
    code, said = known_faults()
    print("\n".join([*found, *([] if found else ["versions and licences hold"]), *said]))
    return max(int(bool(found)), code)


if __name__ == "__main__":
    sys.exit(main())
