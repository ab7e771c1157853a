-- id: Pada hari apa akun suatu kanal sama sekali tidak terbaca?
-- en: On which days were accounts of a channel not read at all?
-- alias: blind-days
-- parameter channel text = : hanya kanal ini (kosong = semua) | only this channel (empty = all)
-- parameter days integer = 7 : berapa hari penuh sebelum penilaian terakhir | how many whole days before the last judging
-- column day date : tanggal setempat | local date
-- column channel text : kanal | channel
-- column accounts integer : akun yang berlaku pada hari itu | accounts in force on that day
-- column blind integer : di antaranya tanpa cakupan sedikit pun, padahal diperlukan | of these without any coverage, though it was wanted
-- column blind_percent number : persen dari akun yang berlaku | percent of the accounts in force
-- column examples text : paling banyak lima di antaranya | five of them at most
WITH judged AS (SELECT CAST(coalesce(max(as_of), now()) AS DATE) AS today FROM newest_verdict_rows),
days AS (
  SELECT CAST(today - back AS DATE) AS day, CAST(today - back AS TIMESTAMPTZ) AS begins,
    CAST(today - back + 1 AS TIMESTAMPTZ) AS ends
  FROM judged, (SELECT CAST(unnest(range(1, $days + 1)) AS INTEGER) AS back)), -- today is not over
read AS (
  SELECT DISTINCT d.day, l.channel, l.handle
  FROM looks_of_owner l JOIN days d ON l.covers_from < d.ends AND l.covers_until > d.begins
  WHERE l.covers_until > (SELECT min(begins) FROM days) AND $channel IN ('', l.channel)
  UNION -- looks that needed to prove nothing, and read all that was wanted of them
  SELECT d.day, l.channel, l.handle FROM looks_of_owner l JOIN days d ON l.started_at >= d.begins AND l.started_at < d.ends
  WHERE l.outcome = 'complete' AND l.covers_from IS NULL AND $channel IN ('', l.channel)),
told AS (
  SELECT d.day, a.channel, a.handle, r.handle IS NULL AS is_blind
  FROM account_rows a JOIN days d ON (a.active_from IS NULL OR a.active_from <= d.day)
    AND (a.active_until IS NULL OR a.active_until > d.day)
  LEFT JOIN read r ON r.day = d.day AND r.channel = a.channel AND r.handle = a.handle
  WHERE $channel IN ('', a.channel))
SELECT day, channel, CAST(count(*) AS INTEGER) AS accounts, CAST(count(*) FILTER (is_blind) AS INTEGER) AS blind,
  round(100.0 * count(*) FILTER (is_blind) / count(*), 1) AS blind_percent,
  array_to_string(list_sort(min(handle, 5) FILTER (is_blind)), ', ') AS examples
FROM told
GROUP BY day, channel
HAVING blind > 0
ORDER BY day DESC, channel
