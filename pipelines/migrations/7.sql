-- Version 7: which line of the ledger seals what was said. `kind`: verdicts | signs; `row_count` rows lie in its file;
-- `sha256` is over all verdicts of the instant.
-- The newest line of an instant is the head that a report of that instant prints.
CREATE TABLE IF NOT EXISTS seal_rows (seq BIGINT, hash TEXT, kind TEXT, as_of TIMESTAMPTZ, row_count BIGINT,
  sha256 TEXT);
