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
WITH judged AS (SELECT coalesce(max(as_of), now()) AS at FROM verdicts),
owed AS (
  SELECT DISTINCT agency_id, unnest(accounts) AS account, opens_at, closes_at FROM duties
  WHERE exempt_reason IS NULL AND $agency IN ('', agency_id)),
wanted AS ( -- of a window only the time in which the account was the agency's
  SELECT row_number() OVER () AS id, o.*, a.channel, a.handle,
    greatest(opens_at, CAST(a.active_from AS TIMESTAMPTZ)) AS since,
    least(closes_at, CAST(a.active_until AS TIMESTAMPTZ), j.at) AS until
  FROM owed o CROSS JOIN judged j LEFT JOIN accounts a ON o.account = a.channel || ':' || a.handle AND o.agency_id = a.agency_id),
edges AS (
  SELECT id, greatest(c.covers_from, since) AS starts, c.covers_until AS ends
  FROM wanted w JOIN coverage c ON c.channel = w.channel AND c.handle = w.handle
    AND c.covers_from < w.until AND c.covers_until > w.since
  UNION ALL SELECT id, until, until FROM wanted WHERE until > since),
gaps AS (
  SELECT id, starts, max(ends) OVER (PARTITION BY id ORDER BY starts, ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    AS reached FROM edges)
SELECT agency_id, account, opens_at, closes_at, coalesce(reached, since) AS gap_from, starts AS gap_until,
  CAST(date_diff('minute', gap_from, starts) AS INTEGER) AS gap_minutes
FROM gaps JOIN wanted USING (id)
WHERE starts > coalesce(reached, since) AND date_diff('minute', coalesce(reached, since), starts) >= $minutes
ORDER BY agency_id, account, opens_at, closes_at, gap_from
