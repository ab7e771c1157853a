"""campaigns/<id>/campaign.toml -> Campaign, and every problem in the file and the files it names."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from crawler.handles import normalise_handle, web_address_problem
from crawler.language import say
from crawler.problems import Problem, nearest
from crawler.registry import Registry
from crawler.sections import Section, unknown
from crawler.toml_lines import read_toml
from pipelines.duties import duties_of
from pipelines.duty_rules import read_rules
from pipelines.items import MINIMUM_SHARE, Campaign, Exemption, Instrument, Material, Require

__all__ = ["OpenCheck", "duties_of", "load_campaigns"]

FOLDER = "campaigns"
KINDS = ("video", "image", "audio", "text")
MODES = ("same", "derivative")
MIN_WORD = 4  # letters and digits of a word that news media are searched for
_ID = re.compile(r"[\w][\w.-]*")

# Why a file cannot be opened as video, image or audio, or None.
OpenCheck = Callable[[Path, str], str | None]


@dataclass(frozen=True, slots=True)
class _Setting:
    """What a campaign is read against: one value through all steps of one file."""

    folder: Path
    zone: ZoneInfo
    registry: Registry
    open_check: OpenCheck | None


def load_campaigns(
    home: Path, zone: ZoneInfo, registry: Registry, open_check: OpenCheck | None = None
) -> tuple[tuple[Campaign, ...], list[Problem]]:
    """All campaigns of the workspace `home` as far as they can be read, and everything wrong in them.

    Without `open_check` media files need only exist and not be empty.
    """
    campaigns: list[Campaign] = []
    problems: list[Problem] = []
    for folder in _campaign_folders(home):
        document, wrong = read_toml(home, f"{FOLDER}/{folder.name}/campaign.toml")
        problems += wrong
        if document is not None:
            root = Section(document, problems)
            campaigns.append(_campaign(root, _Setting(folder, zone, registry, open_check)))
    return tuple(campaigns), problems


def _campaign_folders(home: Path) -> list[Path]:
    found = (home / FOLDER).iterdir() if (home / FOLDER).is_dir() else iter(())
    return sorted(path for path in found if path.is_dir() and not path.name.startswith((".", "_")))


def _campaign(root: Section, setting: _Setting) -> Campaign:
    root.require("title", '"…"')
    materials = tuple(_material(one, setting) for one in _with_new_ids(root.tables("material")))
    known = {material.material_id for material in materials} - {""}
    rules = read_rules(root.tables("duty"), known, setting.registry, setting.zone)
    campaign = Campaign(
        campaign_id=_campaign_id(root, setting.folder.name), title=root.text("title"),
        instruments=tuple(_instrument(one, setting) for one in root.tables("instrument")),
        materials=materials, rules=rules,
        exemptions=tuple(_exemption(one, setting, known) for one in root.tables("exemption")),
        words=_words(root),
    )  # fmt: skip
    root.close()
    return campaign


def _words(root: Section) -> tuple[str, ...]:
    """What news media are searched for; a word too short would be found in everything."""
    words = root.texts("words")
    for index, word in enumerate(words):
        if sum(map(str.isalnum, word)) < MIN_WORD:
            root.wrong("words", say(f"'{word}' terlalu pendek; tulis frasa yang khas",
                                    f"'{word}' is too short; write a phrase of its own"), index)  # fmt: skip
    return words


def _campaign_id(root: Section, folder_name: str) -> str:
    root.require("id", f'"{folder_name}"')
    written = root.text("id", folder_name)
    if written != folder_name:
        root.wrong(
            "id",
            say(
                f'harus sama dengan nama foldernya: "{folder_name}"',
                f'must be the name of its folder: "{folder_name}"',
            ),
        )
    elif not _ID.fullmatch(written):
        root.wrong("id", _bad_id())
    return folder_name


def _bad_id() -> str:
    return say(
        "hanya huruf, angka, titik, garis bawah dan tanda hubung; ganti juga nama foldernya bila perlu",
        "only letters, digits, dots, underscores and hyphens; rename its folder too if there is one",
    )


def _instrument(section: Section, setting: _Setting) -> Instrument:
    section.require("number", '"B/700/127/11"')
    section.require("issuer", '"…"')
    section.require("issued_on", "2024-04-04")
    instrument = Instrument(
        section.text("number"), section.text("issuer"), section.day("issued_on") or date.min,
        _one_file(section, setting),
    )  # fmt: skip
    section.close()
    return instrument


# -- materials ------------------------------------------------------------------------------


def _with_new_ids(sections: list[Section]) -> list[Section]:
    """The same sections, after noting each id that is malformed or taken by an earlier one."""
    lines: dict[str, int] = {}
    for section in sections:
        section.require("id", '"…"')
        written = section.text("id")
        if written and not _ID.fullmatch(written):
            section.wrong("id", _bad_id())
        elif written in lines:
            line = lines[written]
            section.wrong(
                "id", say(f"'{written}' sudah ada di baris {line}", f"'{written}' is already on line {line}")
            )
        elif written:
            lines[written] = section.line("id")
    return sections


def _material(section: Section, setting: _Setting) -> Material:
    section.require("title", '"…"')
    section.require("kind", '"video"')
    kind = section.choice("kind", KINDS, "video")
    material = Material(
        campaign_id=setting.folder.name, material_id=section.text("id"), title=section.text("title"),
        kind=kind, files=_files(section, "files", setting, kind), caption=section.text("caption"),
        links=_links(section), mode=section.choice("mode", MODES, "same"),
        require=_require(section.table("require"), setting),
        minimum_share=section.share("minimum_share", MINIMUM_SHARE),
    )  # fmt: skip
    _note_unrecognisable(section, material)
    section.close()
    return material


def _note_unrecognisable(section: Section, material: Material) -> None:
    """A material that no post could ever be compared with."""
    if material.kind == "text":
        if not material.caption:
            section.wrong(
                "caption",
                say(
                    'kind = "text" memerlukan caption: teks acuannya',
                    'kind = "text" needs a caption: the text to look for',
                ),
            )
    elif material.mode == "same":
        if not section.values.get("files") and not section.values.get("links"):
            section.wrong(
                "files",
                say(
                    'tulis files = ["…"] atau links = ["https://…"]',
                    'write files = ["…"] or links = ["https://…"]',
                ),
            )
    elif material.require == Require() and not (material.files or material.links or material.caption):
        section.wrong(
            "require",
            say(
                'mode = "derivative" memerlukan [material.require]: unsur yang wajib tampak',
                'mode = "derivative" needs [material.require]: the elements to be carried',
            ),
        )


def _links(section: Section) -> tuple[str, ...]:
    links = section.texts("links")
    for index, link in enumerate(links):
        problem = web_address_problem(link)
        if problem:
            section.wrong("links", problem, index)
    return tuple(link.strip() for link in links)


def _require(section: Section, setting: _Setting) -> Require:
    require = Require(
        hashtags=_hashtags(section), mentions=_mentions(section), phrases=section.texts("phrases"),
        logos=_files(section, "logos", setting, "image"),
    )  # fmt: skip
    section.close()
    return require


def _hashtags(section: Section) -> tuple[str, ...]:
    hashtags = section.texts("hashtags")
    for index, hashtag in enumerate(hashtags):
        if not re.fullmatch(r"#[^\s#]+", hashtag):
            word = re.sub(r"[\s#]+", "", hashtag) or "…"
            section.wrong("hashtags", say(f'tulis "#{word}"', f'write "#{word}"'), index)
    return hashtags


def _mentions(section: Section) -> tuple[str, ...]:
    names: list[str] = []
    for index, mention in enumerate(section.texts("mentions")):
        try:
            names.append(normalise_handle("instagram", mention))
        except ValueError as wrong:
            section.wrong("mentions", str(wrong), index)
    return tuple(names)


def _exemption(section: Section, setting: _Setting, materials: set[str]) -> Exemption:
    """One [[exemption]]; without `material` it holds for the whole campaign."""
    section.require("agency", '"…"')
    section.require("reason", '"…"')
    ids = {one.agency_id for one in setting.registry.agencies}
    agency_id, material_id = section.text("agency"), section.text("material")
    if agency_id and ids and agency_id not in ids:
        section.wrong("agency", unknown(agency_id, sorted(ids)))
    if material_id and material_id not in materials:
        section.wrong("material", unknown(material_id, sorted(materials)))
    exemption = Exemption(
        agency_id, material_id or None, section.text("reason"),
        _one_file(section, setting),
    )  # fmt: skip
    section.close()
    return exemption


# -- files ----------------------------------------------------------------------------------


def _one_file(section: Section, setting: _Setting) -> Path | None:
    written = section.text("file")
    if not written:
        return None
    problem = file_problem(setting.folder, written)
    if problem:
        section.wrong("file", problem)
    return setting.folder / written


def _files(section: Section, key: str, setting: _Setting, kind: str) -> tuple[Path, ...]:
    names = section.texts(key)
    for index, written in enumerate(names):
        problem = file_problem(setting.folder, written)
        if problem is None and setting.open_check is not None and kind != "text":
            problem = setting.open_check(setting.folder / written, kind)
        if problem:
            section.wrong(key, problem, index)
        elif written in names[:index]:
            section.wrong(key, say(f"'{written}' tertulis dua kali", f"'{written}' is written twice"), index)
    return tuple(setting.folder / written for written in names)


def file_problem(folder: Path, written: str) -> str | None:
    """Why `written` names no readable, non-empty file inside `folder`, or None."""
    if "\\" in written:
        return say("tulis alamat berkas dengan '/', bukan '\\'", "write the path with '/', not '\\'")
    file = (folder / written).resolve()
    if not file.is_relative_to(folder.resolve()):
        return say(
            f"'{written}' berada di luar folder kampanye; salin ke dalamnya",
            f"'{written}' lies outside the campaign's folder; copy it there",
        )
    if file.is_file():
        return (
            None
            if file.stat().st_size
            else say(f"berkas '{written}' kosong", f"the file '{written}' is empty")
        )
    siblings = [path.name for path in file.parent.iterdir() if path.is_file()] if file.parent.is_dir() else []
    meant = nearest(file.name, siblings)
    hint = say(f"; maksudnya '{meant}'?", f"; did you mean '{meant}'?") if meant else ""
    return say(f"berkas '{written}' tidak ada{hint}", f"there is no file '{written}'{hint}")
