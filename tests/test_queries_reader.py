"""The reader: locked down, patient with writers, plain about what is wrong; and the prompt on it."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from test_queries_world import World, connection, world

from crawler.errors import StoreBusy, StoreDamaged, WrongUse
from queries.prompt import one_shot, prompt
from queries.reader import Connection, open_store, rows, within

__all__ = ["connection", "world"]  # fixtures

FORBIDDEN = [
    "FROM read_csv('{file}')",
    "FROM '{file}'",
    "SELECT * FROM read_text('{file}')",
    "FROM glob('/*')",
    "ATTACH '{file}' AS other",
    "COPY runs TO '{file}'",
    "EXPORT DATABASE '{file}'",
    "INSTALL httpfs",
    "SET enable_external_access = true",
    "SET TimeZone = 'UTC'",
    "RESET lock_configuration",
    "INSERT INTO run_rows VALUES ('r', 'x', now(), now(), now(), 0, '')",
    "DROP VIEW runs",
    "SELECT getenv('HOME')",
]


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_sql_user_reaches_nothing_but_the_store(connection: Connection, tmp_path: Path, sql: str) -> None:
    """No statement reads or writes another file, attaches, or changes the configuration."""
    file = tmp_path / "secret.csv"
    file.write_text("a,b\n1,2\n")

    with pytest.raises(WrongUse):
        rows(connection, sql.format(file=file))
    assert [file] == list(tmp_path.iterdir())
    assert file.read_text() == "a,b\n1,2\n"


ENDLESS = "SELECT count(*) FROM range(10_000_000_000) a, range(10_000_000_000) b"


def test_a_question_without_end_is_given_up(connection: Connection) -> None:
    """It keeps every run out while it lasts; the connection serves the next question."""
    with pytest.raises(WrongUse, match=r"0\.2 detik"), within(connection, 0.2):
        rows(connection, ENDLESS)

    assert rows(connection, "SELECT 1 AS one") == [{"one": 1}]


def test_time_that_ends_before_the_question_has_begun_ends_it_too(connection: Connection) -> None:
    """On a busy machine a statement may be longer on its way to the engine than it is allowed to take."""

    def ask_late() -> None:
        time.sleep(0.5)
        rows(connection, "SELECT count(*) FROM range(1_000_000) a, range(100_000) b")

    with pytest.raises(WrongUse, match=r"0\.01 detik"), within(connection, 0.01):
        ask_late()

    assert rows(connection, "SELECT 1 AS one") == [{"one": 1}]


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("seconds", [1e12, float("inf"), float("nan")])
def test_a_limit_longer_than_a_machine_can_wait_is_none(connection: Connection, seconds: float) -> None:
    """It ended in a fault beside the answer."""
    with within(connection, seconds):
        assert rows(connection, "SELECT 1 AS one") == [{"one": 1}]


def test_in_time_nothing_is_given_up_and_other_mistakes_are_told_as_they_are(connection: Connection) -> None:
    """The limit adds nothing to what is wrong with a statement."""
    with within(connection, 30):
        assert rows(connection, "SELECT 1 AS one") == [{"one": 1}]
    with pytest.raises(WrongUse, match="tidak_ada"), within(connection, 30):
        rows(connection, "FROM tidak_ada")


def test_the_prompt_goes_on_after_a_question_without_end(world: World) -> None:
    """One statement's limit is not the next one's."""
    said: list[str] = []
    prompt(lambda: open_store(world.store), [f"{ENDLESS};", "SELECT 41 + 1 AS answer;"], said.append, 0.2)

    assert ["0.2 detik" in one for one in said] == [False, True, False]
    assert "42" in said[-1]


def test_memory_is_bounded(world: World) -> None:
    """A question that needs more is refused in words, not by the machine's end."""
    with closing(open_store(world.store, memory="20MB")) as small, pytest.raises(WrongUse):
        rows(small, "SELECT list(i ORDER BY hash(i)) FROM range(30_000_000) r(i)")
    with pytest.raises(WrongUse, match="500MB"):
        open_store(world.store, memory="banyak")


def test_python_variables_are_no_tables(connection: Connection) -> None:
    """SQL cannot name what stands in the program's memory."""
    secret = rows(connection, "FROM runs")

    assert secret
    with pytest.raises(WrongUse):
        rows(connection, "FROM secret")


def test_instants_come_in_the_instance_zone(connection: Connection) -> None:
    """Instants are aware and local, without the pytz package."""
    [run] = rows(connection, "FROM runs")

    assert timedelta(hours=7) == run["as_of"].utcoffset()
    assert rows(connection, "SELECT as_of::DATE::TEXT AS d FROM runs") == [{"d": "2024-04-25"}]


def test_parameters_are_bound_by_name(connection: Connection) -> None:
    """`$name` takes the value of `name`."""
    assert rows(connection, "SELECT $x AS x", {"x": "'"}) == [{"x": "'"}]


def test_absent_store_says_what_to_run(tmp_path: Path) -> None:
    """Without a store the sentence names the command that makes one."""
    with pytest.raises(WrongUse, match="tayang run"):
        open_store(tmp_path / "tayang.duckdb")


def test_damaged_store_is_not_called_busy(tmp_path: Path) -> None:
    """A file that is no store is damage, at once."""
    file = tmp_path / "tayang.duckdb"
    file.write_bytes(b"no store" * 1000)

    with pytest.raises(StoreDamaged, match="pulihkan dari cadangan, atau jalankan `tayang rebuild`"):
        open_store(file)


def test_writer_of_this_process_is_waited_for_then_named(tmp_path: Path) -> None:
    """While a writer holds the file the reader waits, then says so."""
    file = tmp_path / "tayang.duckdb"
    with closing(duckdb.connect(file)), pytest.raises(StoreBusy, match="ditulis"):
        open_store(file, patience_seconds=0.2)


def test_writer_of_another_process_is_waited_for(tmp_path: Path) -> None:
    """A writer that lets go in time costs the reader only the wait."""
    file = tmp_path / "tayang.duckdb"
    hold = f"import duckdb, time; c = duckdb.connect({str(file)!r})"
    hold += "; print('held', flush=True); time.sleep(.5); c.close()"
    with subprocess.Popen([sys.executable, "-c", hold], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"held\n"
        with pytest.raises(StoreBusy):
            open_store(file, patience_seconds=0.0)
        open_store(file, patience_seconds=10.0).close()


def test_prompt_answers_and_survives_errors(connection: Connection) -> None:
    """A wrong statement costs only itself; statements span lines until a semicolon."""
    said: list[str] = []

    prompt(
        connection,
        ["SELEC 1;\n", "SELECT 40 +\n", " 2 AS answer;\n", ".tables\n", "keluar\n", "SELECT 7;\n"],
        said.append,
    )

    assert "SELEC" in said[1]
    assert "42" in said[2]
    assert "verdicts" in said[3]
    assert len(said) == 4


def test_prompt_lets_writers_in_between(world: World, tmp_path: Path) -> None:
    """Given an opener, the prompt holds the store only while a statement runs."""
    opened: list[Connection] = []

    def opener() -> Connection:
        opened.append(open_store(world.store))
        return opened[-1]

    prompt(opener, ["FROM runs;", "FROM runs;"], lambda _: None)

    assert len(opened) == 2
    with pytest.raises(duckdb.ConnectionException):
        opened[0].execute("SELECT 1")


@pytest.mark.parametrize("empty", ["", " ; ", "\n"])
def test_one_shot_needs_a_statement(connection: Connection, empty: str) -> None:
    """Nothing to run is said plainly."""
    with pytest.raises(WrongUse, match="FROM verdicts"):
        one_shot(connection, empty)


def test_one_shot_keeps_columns_of_one_name(connection: Connection) -> None:
    """Two columns of one name are two columns."""
    assert one_shot(connection, "SELECT 1 AS a, 2 AS a").rows == [(1, 2)]
