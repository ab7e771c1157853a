-- id: Apa rentetan tayang terpanjang dan rentetan gagal terpanjang setiap perangkat daerah?
-- en: What are each agency's longest run of fulfilled duties and longest run of failed ones?
-- alias: streaks
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column judged integer : kewajiban yang dihitung, menurut akhir jadwalnya; yang jadwalnya belum berakhir, tidak teramati, dikecualikan, perlu diperiksa atau diragukan dilewati, larangan tidak ikut | duties counted, in the order of their windows' ends; those of an open window, not observed, exempt, to review or in doubt are skipped, bans left out
-- column best_streak integer : kewajiban berturut-turut yang tayang tepat waktu dan lengkap | duties in a row shown in time and complete
-- column best_from timestamp : awal jadwal pertama rentetan itu (yang terbaru bila sama panjang) | start of its first window (the latest of equals)
-- column best_until timestamp : akhir jadwal terakhir rentetan itu | end of its last window
-- column worst_streak integer : kewajiban berturut-turut yang belum tayang, di luar jadwal atau tidak lengkap | duties in a row missing, off time or incomplete
-- column worst_from timestamp : awal jadwal pertama rentetan gagal itu | start of that run's first window
-- column worst_until timestamp : akhir jadwal terakhir rentetan gagal itu | end of that run's last window
WITH judged AS (
  SELECT agency_id, opens_at, closes_at, status = 'fulfilled' AS is_good,
    count(*) FILTER (status = 'fulfilled') OVER told AS good, row_number() OVER told AS place
  FROM newest_verdict_rows
  -- Where better may stand unseen, the duty neither ends a good streak nor prolongs a bad one.
  WHERE status IN ('fulfilled', 'incomplete', 'late', 'early', 'missing') AND closes_at <= as_of
    AND (status = 'fulfilled' OR NOT list_has_any(string_split(reason, '; '), ['window_not_observed', 'on_time_sign']))
    AND $campaign IN ('', campaign_id) AND $agency IN ('', agency_id)
  WINDOW told AS (PARTITION BY agency_id ORDER BY closes_at, opens_at, campaign_id, material_id
    ROWS UNBOUNDED PRECEDING)),
streaks AS (
  -- As many of the other kind stand before each of one streak.
  SELECT agency_id, is_good, count(*) AS length, min(opens_at) AS begins, max(closes_at) AS ends
  FROM judged GROUP BY agency_id, is_good, CASE WHEN is_good THEN place - good ELSE good END),
longest AS (
  SELECT agency_id, sum(length) AS judged,
    max(row(length, ends, begins)) FILTER (is_good) AS best, max(row(length, ends, begins)) FILTER (NOT is_good) AS worst
  FROM streaks GROUP BY agency_id)
SELECT agency_id, g.name AS agency_name, CAST(judged AS INTEGER) AS judged,
  CAST(coalesce(best[1], 0) AS INTEGER) AS best_streak, best[3] AS best_from, best[2] AS best_until,
  CAST(coalesce(worst[1], 0) AS INTEGER) AS worst_streak, worst[3] AS worst_from, worst[2] AS worst_until
FROM longest LEFT JOIN agencies g USING (agency_id)
ORDER BY worst_streak DESC, best_streak, agency_id
