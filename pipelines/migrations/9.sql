-- Version 9: which lines of the ledger were stamped by outside authorities. `seq`: of the line that says so; `path`: the
-- authority's answer, `roots`: its certificates as they were believed, both under evidence/.
CREATE TABLE IF NOT EXISTS timestamp_rows (seq BIGINT, stamped_seq BIGINT, stamped_hash TEXT, authority TEXT,
  stamped_at TIMESTAMPTZ, path TEXT, roots TEXT);
CREATE OR REPLACE VIEW timestamps AS
  SELECT authority, stamped_at, stamped_seq, stamped_hash, path, roots, seq FROM timestamp_rows;
