"""The front door: words on the command line -> one command of `queries/commands/`, and its exit code."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

from crawler.errors import TayangError
from crawler.language import say
from crawler.redaction import redact
from queries.command_line import DAMAGED, STOPPED, parser, tell


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; expected trouble is one clear sentence on stderr and its exit code."""
    words = sys.argv[1:] if words is None else words
    arguments = parser(words).parse_args(words)
    logging.basicConfig(format="%(levelname)s %(message)s")
    logging.getLogger().handlers[0].setLevel(logging.WARNING)  # Scrapy opens the root logger wide
    try:
        return int(arguments.command(arguments))
    except TayangError as error:
        tell(redact(str(error)))
        return error.exit_code
    except OSError as error:  # a full or read-only disk, a folder that is not ours
        tell(redact(": ".join(str(one) for one in (error.filename, error.strerror) if one) or str(error)))
        return DAMAGED
    except KeyboardInterrupt:
        return _stopped()
    except RuntimeError as error:
        if str(error) != "Query interrupted":  # DuckDB's own word for Ctrl-C
            raise
        return _stopped()


def _stopped() -> int:
    tell(say("dihentikan", "stopped"))
    return STOPPED


if __name__ == "__main__":
    sys.exit(main())
