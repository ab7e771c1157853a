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
wanted AS (
  SELECT DISTINCT agency_id, unnest(accounts) AS account, opens_at, closes_at FROM duties WHERE exempt_reason IS NULL),
edges AS (
  SELECT w.*, greatest(c.covers_from, w.opens_at) AS starts, least(c.covers_until, w.closes_at) AS ends
  FROM wanted w JOIN coverage c ON c.channel || ':' || c.handle = w.account
    AND c.covers_from < w.closes_at AND c.covers_until > w.opens_at
  UNION ALL SELECT w.*, least(w.closes_at, j.at), w.closes_at FROM wanted w, judged j),
gaps AS (
  SELECT *, coalesce(max(ends) OVER (PARTITION BY agency_id, account, opens_at, closes_at ORDER BY starts, ends
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), opens_at) AS gap_from FROM edges)
SELECT agency_id, account, opens_at, closes_at, gap_from, starts AS gap_until,
  CAST(date_diff('minute', gap_from, starts) AS INTEGER) AS gap_minutes
FROM gaps
WHERE starts > gap_from AND date_diff('minute', gap_from, starts) >= $minutes AND $agency IN ('', agency_id)
ORDER BY agency_id, account, opens_at, closes_at, gap_from
