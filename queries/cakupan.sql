-- id: Bagian jadwal tayang mana yang tidak terbukti terbaca, per akun?
-- en: Which parts of the windows were not provably read, per account?
-- alias: coverage-gaps
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- parameter minutes integer = 1 : abaikan celah yang lebih pendek dari ini | ignore gaps shorter than this
-- column agency_id text : perangkat daerah | agency
-- column account text : kanal:akun | channel:handle
-- column opens_at timestamp : awal jadwal tayang | start of the window
-- column closes_at timestamp : akhir jadwal tayang | end of the window
-- column gap_from timestamp : awal celah | start of the gap
-- column gap_until timestamp : akhir celah (paling jauh saat penilaian terakhir) | end of the gap (at most the last judging)
-- column gap_minutes integer : panjang celah | length of the gap
WITH judged AS (SELECT coalesce(max(as_of), now()) AS at FROM newest_verdict_rows),
asked AS (
  SELECT min(opens_at) AS since, max(closes_at) AS until FROM duties
  WHERE exempt_reason IS NULL AND $agency IN ('', agency_id)),
-- The view `coverage` joins every look ever made: here only looks at the time asked about, and what lies between them.
-- Of an account's spans, the n-th end lies before the next start just where all that have begun have ended.
read AS (
  SELECT channel, handle, list_sort(list(covers_from)) AS starts, list_sort(list(covers_until)) AS ends
  FROM looks_of_owner
  WHERE covers_until > (SELECT since FROM asked) AND covers_from < (SELECT until FROM asked)
    AND ($agency = '' OR handle IN (SELECT handle FROM account_rows WHERE agency_id = $agency))
  GROUP BY channel, handle),
holes AS ( -- most lie before and after the time asked about
  SELECT channel, handle, starts, ends FROM (
    SELECT channel, handle, unnest([TIMESTAMPTZ '-infinity'] || ends) AS starts,
      unnest(starts || [TIMESTAMPTZ 'infinity']) AS ends FROM read)
  WHERE ends > starts AND ends > (SELECT since FROM asked) AND starts < (SELECT until FROM asked)),
owned AS (
  SELECT a.*, a.channel || ':' || a.handle AS account, e.handle IS NULL AS is_unread
  FROM account_rows a LEFT JOIN read e USING (channel, handle)),
calm AS (FROM owned ANTI JOIN holes USING (channel, handle) WHERE NOT is_unread),
owed AS (
  SELECT agency_id, account, opens_at, closes_at FROM (
    SELECT agency_id, unnest(accounts) AS account, opens_at, closes_at FROM duties
    WHERE exempt_reason IS NULL AND $agency IN ('', agency_id))
  ANTI JOIN calm USING (account, agency_id)),
wanted AS ( -- of a window only the time in which the account was the agency's
  SELECT o.*, a.channel, a.handle, coalesce(a.is_unread, true) AS is_unread,
    greatest(opens_at, CAST(a.active_from AS TIMESTAMPTZ)) AS since,
    least(closes_at, CAST(a.active_until AS TIMESTAMPTZ), j.at) AS until
  FROM owed o CROSS JOIN judged j LEFT JOIN owned a USING (account, agency_id)),
gaps AS (
  SELECT w.*, greatest(w.since, h.starts) AS gap_from, least(w.until, h.ends) AS gap_until
  FROM wanted w LEFT JOIN holes h USING (channel, handle) WHERE w.is_unread OR h.handle IS NOT NULL)
SELECT DISTINCT agency_id, account, opens_at, closes_at, gap_from, gap_until, -- several materials may have one window
  CAST(date_diff('minute', gap_from, gap_until) AS INTEGER) AS gap_minutes
FROM gaps
WHERE gap_until > gap_from AND date_diff('minute', gap_from, gap_until) >= $minutes
ORDER BY agency_id, account, opens_at, closes_at, gap_from
