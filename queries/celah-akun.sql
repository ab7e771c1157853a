-- id: Kapan saja setiap akun tidak terbukti terbaca dalam suatu rentang waktu?
-- en: When was each account not provably read within a span of time?
-- alias: account-gaps
-- parameter since instant = : awal rentang (kosong = tujuh hari sebelum akhirnya) | start of the span (empty = seven days before its end)
-- parameter until instant = : akhir rentang (kosong, atau paling jauh = penilaian terakhir) | end of the span (empty, or at most = the last judging)
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- parameter minutes integer = 60 : abaikan celah yang lebih pendek dari ini | ignore gaps shorter than this
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column channel text : kanal | channel
-- column handle text : akun | account
-- column gap_from timestamp : awal celah | start of the gap
-- column gap_until timestamp : akhir celah | end of the gap
-- column gap_minutes integer : panjang celah | length of the gap
-- column is_whole_span boolean : benar bila tidak sedikit pun dari rentang ini terbaca | true where nothing of the span was read
WITH judged AS (SELECT coalesce(max(as_of), now()) AS said_at FROM newest_verdict_rows),
ended AS (SELECT least(coalesce(CAST(nullif($until, '') AS TIMESTAMPTZ), said_at), said_at) AS until FROM judged),
span AS (SELECT coalesce(CAST(nullif($since, '') AS TIMESTAMPTZ), until - INTERVAL 7 DAY) AS since, until FROM ended),
wanted AS (
  SELECT a.agency_id, a.channel, a.handle, greatest(s.since, CAST(a.active_from AS TIMESTAMPTZ)) AS since,
    least(s.until, CAST(a.active_until AS TIMESTAMPTZ)) AS until
  FROM account_rows a, span s WHERE $agency IN ('', a.agency_id)),
edges AS (
  SELECT w.*, l.covers_from AS starts, l.covers_until AS ends
  FROM wanted w JOIN looks_of_owner l ON l.channel = w.channel AND l.handle = w.handle
    AND l.covers_from < w.until AND l.covers_until > w.since
  UNION ALL SELECT *, until, until FROM wanted WHERE since < until),
gaps AS (
  SELECT *, greatest(since, coalesce(max(ends) OVER (PARTITION BY agency_id, channel, handle ORDER BY starts, ends
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), since)) AS gap_from FROM edges)
SELECT g.agency_id, n.name AS agency_name, g.channel, g.handle, g.gap_from, g.starts AS gap_until,
  CAST(date_diff('minute', g.gap_from, g.starts) AS INTEGER) AS gap_minutes,
  g.gap_from = g.since AND g.starts = g.until AS is_whole_span
FROM gaps g LEFT JOIN agencies n USING (agency_id)
WHERE g.starts > g.gap_from AND date_diff('minute', g.gap_from, g.starts) >= $minutes
ORDER BY g.agency_id, g.channel, g.handle, g.gap_from
