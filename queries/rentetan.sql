-- id: Apa rentetan tayang terpanjang dan rentetan gagal terpanjang setiap perangkat daerah?
-- en: What are each agency's longest run of fulfilled duties and longest run of failed ones?
-- alias: streaks
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column judged integer : kewajiban yang dihitung, menurut akhir jadwalnya; yang tidak teramati, menunggu, dikecualikan, perlu diperiksa atau diragukan dilewati, larangan tidak ikut | duties counted, in the order of their windows' ends; those not observed, pending, exempt, to review or in doubt are skipped, bans left out
-- column best_streak integer : kewajiban berturut-turut yang tayang tepat waktu dan lengkap | duties in a row shown in time and complete
-- column best_from timestamp : awal jadwal pertama rentetan itu (yang terbaru bila sama panjang) | start of its first window (the latest of equals)
-- column best_until timestamp : akhir jadwal terakhir rentetan itu | end of its last window
-- column worst_streak integer : kewajiban berturut-turut yang belum tayang, di luar jadwal atau tidak lengkap | duties in a row missing, off time or incomplete
-- column worst_from timestamp : awal jadwal pertama rentetan gagal itu | start of that run's first window
-- column worst_until timestamp : akhir jadwal terakhir rentetan gagal itu | end of that run's last window
WITH judged AS (
  SELECT agency_id, agency_name, opens_at, closes_at, status = 'fulfilled' AS is_good,
    row_number() OVER (PARTITION BY agency_id ORDER BY closes_at, opens_at, campaign_id, material_id) AS place
  FROM verdicts
  -- Where better may stand unseen, the duty neither ends a good streak nor prolongs a bad one.
  WHERE (status = 'fulfilled' OR status IN ('incomplete', 'late', 'early', 'missing')
      AND NOT list_has_any(string_split(reason, '; '), ['window_not_observed', 'on_time_sign']))
    AND $campaign IN ('', campaign_id) AND $agency IN ('', agency_id)),
numbered AS (
  SELECT *, place - row_number() OVER (PARTITION BY agency_id, is_good ORDER BY place) AS streak FROM judged),
streaks AS (
  SELECT agency_id, agency_name, is_good, count(*) AS length, min(opens_at) AS begins, max(closes_at) AS ends
  FROM numbered GROUP BY agency_id, agency_name, is_good, streak)
SELECT agency_id, agency_name, CAST(sum(length) AS INTEGER) AS judged,
  CAST(coalesce(max(length) FILTER (is_good), 0) AS INTEGER) AS best_streak,
  arg_max(begins, (length, ends)) FILTER (is_good) AS best_from,
  arg_max(ends, (length, ends)) FILTER (is_good) AS best_until,
  CAST(coalesce(max(length) FILTER (NOT is_good), 0) AS INTEGER) AS worst_streak,
  arg_max(begins, (length, ends)) FILTER (NOT is_good) AS worst_from,
  arg_max(ends, (length, ends)) FILTER (NOT is_good) AS worst_until
FROM streaks
GROUP BY agency_id, agency_name
ORDER BY worst_streak DESC, best_streak, agency_id
