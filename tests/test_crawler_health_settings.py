"""[health] of tayang.toml: canaries as people write them, each mistake with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import InvalidWorkspace
from crawler.health_settings import LOG_DAYS
from crawler.instance import load_instance
from pipelines.check import open_workspace
from tests.small_world import SmallWorld, an_account

HEAD = '[instance]\nname = "Uji"\ntimezone = "Asia/Jakarta"\n'


def test_canaries_are_normalised_and_belong_to_nobody(tmp_path: Path) -> None:
    """A profile's address, a name with @, a site: one account each, of no agency; the same one twice counts once."""
    (tmp_path / "tayang.toml").write_text(
        f'{HEAD}[health]\ncanaries = ["instagram:https://www.instagram.com/official.kpk/", "instagram:@Official.KPK", '
        '"news:https://www.kpk.go.id/"]\nconfirmed_runs = ["20260302T171000000000Z"]\n',
        encoding="utf-8",
    )
    instance, problems = load_instance(tmp_path)

    assert (problems, instance is not None) == ([], True)
    assert instance is not None
    assert [one.key for one in instance.health.canaries] == ["instagram:official.kpk", "news:https://www.kpk.go.id"]
    assert {one.agency_id for one in instance.health.canaries} == {""}
    assert (instance.health.confirmed_runs, instance.health.log_days) == (("20260302T171000000000Z",), LOG_DAYS)


@pytest.mark.parametrize(
    ("written", "word"),
    [('"official.kpk"', "instagram:official.kpk"), ('"instagrm:a"', "instagram"), ('"media:detik"', "media"),
     ('"instagram:a b"', ""), ("7", "")],
)  # fmt: skip
def test_a_wrong_canary_is_named_with_its_line(tmp_path: Path, written: str, word: str) -> None:
    """Without channel, unknown channel, no handle, no text: a problem on the line, never a traceback."""
    (tmp_path / "tayang.toml").write_text(f"{HEAD}[health]\ncanaries = [{written}]\n", encoding="utf-8")
    instance, problems = load_instance(tmp_path)

    assert instance is None
    assert [(one.line, word in str(one)) for one in problems] == [(5, True)]


def test_a_canary_is_no_account_of_the_registry(tmp_path: Path) -> None:
    """What is to be measured cannot be the measure: refused before any request, with file and line."""
    world = SmallWorld(tmp_path, [an_account("office")])
    world.write(port=9)
    settings = tmp_path / "tayang.toml"
    settings.write_text(f'{settings.read_text()}[health]\ncanaries = ["instagram:@office"]\n', encoding="utf-8")

    with pytest.raises(InvalidWorkspace, match="instagram:office"):
        open_workspace(tmp_path)
