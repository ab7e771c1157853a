"""A workspace folder -> what every page of the desk needs of it: its files read anew when they change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path

from crawler.items import Agency
from crawler.language import speak
from pipelines.check import Workspace, open_workspace
from pipelines.items import Campaign, Duty, Material
from pipelines.reviews import PATIENCE_SECONDS
from pipelines.store import Store, store_at
from queries.explain.facts import read_pairs
from queries.explain.pair import Pair
from queries.reader import Connection, open_store
from queries.review.decisions import Target
from queries.review.wording import DeskWording
from queries.shelf import Kept, Shelf

Stamp = tuple[tuple[str, int, int], ...]


class Known:
    """One reading of the workspace, with its things by name."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        instance = workspace.instance
        self.wording = DeskWording(instance.language, instance.zone)

    @cached_property
    def agencies(self) -> dict[str, Agency]:
        """By id."""
        return {agency.agency_id: agency for agency in self.workspace.registry.agencies}

    @cached_property
    def campaigns(self) -> dict[str, Campaign]:
        """By id."""
        return {campaign.campaign_id: campaign for campaign in self.workspace.campaigns}

    @cached_property
    def materials(self) -> dict[tuple[str, str], Material]:
        """By campaign and id."""
        return {(one.campaign_id, one.material_id): one for one in self._all_materials()}

    @cached_property
    def duties(self) -> dict[object, Duty]:
        """By `Duty.key`."""
        return {duty.key: duty for duty in self.workspace.duties}

    def title_of(self, campaign_id: str, material_id: str) -> str:
        """A material's title; its id when it has left its campaign.toml."""
        material = self.materials.get((campaign_id, material_id))
        return material.title if material else material_id

    def agency_name(self, agency_id: str) -> str:
        """An agency's name; its id when it has left the registry."""
        agency = self.agencies.get(agency_id)
        return agency.name if agency else agency_id

    def _all_materials(self) -> Iterator[Material]:
        for campaign in self.workspace.campaigns:
            yield from campaign.materials


class Room:
    """The workspace a desk stands in. Not for two threads at once: DuckDB wants one kind of opening at a time."""

    def __init__(self, home: Path, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """`patience_seconds`: how long a decision waits for a run, or another desk, to finish."""
        self.home, self.patience_seconds = home, patience_seconds
        self.shelf = Shelf(home)
        self._known: Known | None = None
        self._stamp: Stamp = ()
        self._shown: dict[str, Kept] = {}

    def known(self) -> Known:
        """The workspace as its files stand now. Raises: InvalidWorkspace."""
        stamp = self._stamp_now()
        if self._known is None or stamp != self._stamp:
            self._known, self._stamp = Known(open_workspace(self.home)), stamp
        speak(self._known.workspace.instance.language)
        return self._known

    def store(self) -> Store:
        """The writer."""
        return store_at(self.home, self.known().workspace.instance.store_url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The store, for moments: while it is open here no run can write."""
        with closing(open_store(self.home / self.known().workspace.instance.store_url)) as connection:
            yield connection

    def pair(self, target: Target) -> Pair | None:
        """A post and a material with all that was found between them; None where there is no such pair."""
        key = (target.post_id or "", target.campaign_id, target.material_id)
        with self.reading() as connection:
            return next(iter(read_pairs(connection, self.shelf, self.known().materials.values(), [key])), None)

    def kept(self, connection: Connection, sha256: str | None) -> Kept | None:
        """The file of a digest that the store knows, remembered for when the page asks for its bytes."""
        if sha256 is None:
            return None
        found = self.shelf.find(connection, self.known().materials.values(), sha256)
        if found:
            self._shown[sha256] = found
        return found

    def file_of(self, sha256: str) -> Kept | None:
        """The file of a digest, only while its bytes still have it."""
        before = self._shown.get(sha256)
        if before and self.shelf.digest(before.path) == sha256:
            return before
        with self.reading() as connection:
            return self.kept(connection, sha256)

    def _stamp_now(self) -> Stamp:
        written = [self.home / "tayang.toml", *self.home.glob("registry/*.csv"), *self.home.glob("campaigns/*/*.toml")]
        found = sorted((str(path), path.stat()) for path in written if path.is_file())
        return tuple((name, about.st_size, about.st_mtime_ns) for name, about in found)
