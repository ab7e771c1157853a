"""A workspace opens whole or not at all; init writes one that opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import InvalidWorkspace, WrongUse
from pipelines.check import open_workspace, warnings_of
from pipelines.init import TEMPLATE, create_workspace


def test_a_new_workspace_passes_check_as_it_is(tmp_path: Path) -> None:
    """The template is a complete example with a duty for each of its agencies."""
    written = create_workspace(tmp_path / "kerja")
    workspace = open_workspace(tmp_path / "kerja")

    assert written == [tmp_path / "kerja" / name for name in TEMPLATE]
    assert len(workspace.duties) == len(workspace.registry.agencies) == 3
    assert all(duty.accounts for duty in workspace.duties)


@pytest.mark.parametrize("name", TEMPLATE)
def test_init_never_overwrites(tmp_path: Path, name: str) -> None:
    """One existing file suffices: nothing is written at all."""
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("milik saya")
    with pytest.raises(WrongUse, match=name):
        create_workspace(tmp_path)

    assert [tmp_path / name] == [path for path in tmp_path.rglob("*") if path.is_file()]


def test_init_says_where_it_cannot_write(tmp_path: Path) -> None:
    """A file in the way of the folder is a sentence, not a traceback."""
    (tmp_path / "berkas").touch()
    with pytest.raises(WrongUse, match="berkas"):
        create_workspace(tmp_path / "berkas")


def test_all_problems_of_all_files_come_at_once_and_sorted(tmp_path: Path) -> None:
    """Nobody repairs one file only to hear of the next."""
    create_workspace(tmp_path)
    for name, line in (
        ("tayang.toml", "[crwal]\n"),
        ("registry/agencies.csv", "x,X,opd,nol,,\n"),
        ("registry/accounts.csv", "nol,instagram,@a,,,\ndinkes,instagrm,@b,,,\n"),
        ("campaigns/contoh/campaign.toml", "[[exemption]]\nagency = 'dinkes'\n"),
    ):
        with (tmp_path / name).open("a", encoding="utf-8") as file:
            file.write(line)
    with pytest.raises(InvalidWorkspace) as caught:
        open_workspace(tmp_path)

    assert [(one.file, one.column) for one in caught.value.problems] == [
        ("campaigns/contoh/campaign.toml", "exemption.reason"),
        ("registry/accounts.csv", "agency_id"),
        ("registry/accounts.csv", "channel"),
        ("registry/agencies.csv", "parent_id"),
        ("tayang.toml", "crwal"),
    ]
    assert caught.value.exit_code == 2


def test_an_empty_folder_names_every_missing_file(tmp_path: Path) -> None:
    """Three files make a workspace; campaigns may come later."""
    with pytest.raises(InvalidWorkspace) as caught:
        open_workspace(tmp_path)

    assert [one.file for one in caught.value.problems] == [
        "registry/accounts.csv", "registry/agencies.csv", "tayang.toml",
    ]  # fmt: skip


def test_what_is_no_error_is_said_all_the_same(tmp_path: Path) -> None:
    """Agencies without account, channels without spider, windows for nobody, a silent contact."""
    create_workspace(tmp_path)
    with (tmp_path / "registry/agencies.csv").open("a") as file:
        file.write("bisu,Dinas Bisu,opd,,,\n")
    with (tmp_path / "registry/accounts.csv").open("a") as file:
        file.write("bisu,tiktok,@dinasbisu,,,\n")
    with (tmp_path / "campaigns/contoh/campaign.toml").open("a") as file:
        file.write('[[material]]\nid = "sisa"\ntitle = "S"\nkind = "text"\ncaption = "x"\n')
        file.write('[[duty]]\nmaterial = "ucapan"\nopens = 2027-08-17\ncloses = 2027-08-18\n')
        file.write('agencies = ["setda"]\nexclude = ["setda"]\n')
    found = warnings_of(open_workspace(tmp_path))

    assert found == sorted(found)
    for expected in (
        "bisu tidak punya akun",
        "tiktok: 1 akun",
        "2027-08-17",
        "sisa:",
        "contact",
        "ig_user_id",
    ):
        assert [one for one in found if expected in one], expected


def test_a_token_sent_in_the_open_is_warned_of(tmp_path: Path) -> None:
    """Plain http is fine for a stand-in on this machine, and nowhere else."""
    create_workspace(tmp_path)
    settings = (tmp_path / "tayang.toml").read_text(encoding="utf-8")
    counts = []
    for host in ("127.0.0.1:9001", "graph.example"):
        line = f'[channels.instagram]\ngraph_url = "http://{host}"\n'
        (tmp_path / "tayang.toml").write_text(
            settings.replace("[channels.instagram]\n", line), encoding="utf-8"
        )
        counts.append(sum("graph_url" in one for one in warnings_of(open_workspace(tmp_path))))

    assert counts == [0, 1]
