-- `batch` becomes the newest verdicts, unless a later as_of was already said; one that lies in the future
-- (a mistyped year, a clock once set forward) does not stand in the way.
DELETE FROM newest_verdict_rows
WHERE (SELECT max(as_of) FROM batch) >= (
  SELECT coalesce(max(as_of) FILTER (WHERE as_of <= now()), '-infinity'::TIMESTAMPTZ) FROM newest_verdict_rows);
INSERT INTO newest_verdict_rows BY NAME
SELECT * FROM batch WHERE NOT EXISTS (FROM newest_verdict_rows);
