"""A letter's name and a request -> the letters, and the agencies for which there is nothing to write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from crawler.errors import WrongUse
from crawler.items import Agency
from crawler.language import say
from crawler.problems import nearest
from queries.letters import laporan_pelaksanaan as laporan
from queries.letters import nota_dinas as nota
from queries.letters import pengingat as reminder
from queries.letters.request import Letter, LetterRequest

PER_AGENCY: Mapping[str, Callable[[LetterRequest, Agency], Letter | None]] = {
    laporan.NAME: laporan.laporan_pelaksanaan,
    reminder.NAME: reminder.pengingat,
}
NAMES = (nota.NAME, *PER_AGENCY)


def letters_of(name: str, request: LetterRequest, agency_ids: Sequence[str] = ()) -> tuple[list[Letter], list[Agency]]:
    """The letters of that name, for these agencies or for all; and the agencies that get none.

    Raises: WrongUse for an agency that is not in the registry, or where the letter is not one agency's.
    """
    if name == nota.NAME:
        if agency_ids:
            raise WrongUse(say("nota-dinas berbicara tentang semua perangkat daerah; tanpa --agency",
                               "nota-dinas speaks of all agencies; leave out --agency"))  # fmt: skip
        return [nota.nota_dinas(request)], []
    agencies = _wanted(request, agency_ids)
    made = [(agency, PER_AGENCY[name](request, agency)) for agency in agencies]
    return [letter for _, letter in made if letter], [agency for agency, letter in made if not letter]


def _wanted(request: LetterRequest, agency_ids: Sequence[str]) -> list[Agency]:
    known = {agency.agency_id for agency in request.agencies}
    for agency_id in agency_ids:
        if agency_id not in known:
            meant = nearest(agency_id, known)
            raise WrongUse(
                say(f"tidak ada perangkat daerah '{agency_id}'", f"there is no agency '{agency_id}'")
                + (say(f"; maksudnya '{meant}'?", f"; did you mean '{meant}'?") if meant else "")
            )
    return [agency for agency in request.agencies if not agency_ids or agency.agency_id in agency_ids]
