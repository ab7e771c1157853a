"""A date as people write it, the time of capture and the site's zone -> an instant or a span, or None.

words.py    names of months, weekdays, zones; spelling smoothed
instant.py  what comes out: Instant, with precision, source and confidence
shapes.py   text -> days as written, not yet believed
reckon.py   days as written -> days of the calendar: order, weekday, missing year
clock.py    the clock and zone beside a day -> an instant
relative.py "2 jam lalu", "kemarin pukul 10.15", "2w" -> spans before the capture
line.py     read_date: a date line or a field -> its publication date
running.py  find_dates: a sentence -> every date that is written in it
"""

from crawler.dates.instant import Confidence, Instant, Precision, Source, day_of
from crawler.dates.line import read_date, read_field, tells_change
from crawler.dates.running import Mention, find_dates

__all__ = [
    "Confidence", "Instant", "Mention", "Precision", "Source", "day_of", "find_dates", "read_date", "read_field",
    "tells_change",
]  # fmt: skip
