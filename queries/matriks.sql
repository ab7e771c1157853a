-- id: Bagaimana keadaan setiap perangkat daerah untuk setiap kewajiban tayang, satu baris per perangkat daerah?
-- en: How does each agency stand on each duty, one row per agency?
-- alias: matrix
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter day date = : hanya jadwal yang menyentuh tanggal ini (kosong = semua) | only windows touching this local date (empty = all)
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column fulfilled integer : kewajiban yang tayang tepat waktu | duties fulfilled
-- column duties integer : semua kewajiban tayang, tanpa larangan | all duties to show, without bans
-- column cells text : setiap kewajiban: tanggal, materi, status | every duty: date, material, status
WITH chosen AS (
  FROM verdicts
  WHERE $campaign IN ('', campaign_id)
    AND (CAST($day AS DATE) IS NULL OR (
      opens_at < CAST(CAST($day AS DATE) + 1 AS TIMESTAMPTZ) AND closes_at > CAST(CAST($day AS DATE) AS TIMESTAMPTZ)))),
bans AS (
  SELECT agency_id, count(*) AS bans
  FROM chosen SEMI JOIN (FROM duties WHERE rule = 'must_not') USING (campaign_id, material_id, agency_id, opens_at)
  GROUP BY agency_id)
SELECT agency_id, agency_name,
  CAST(count(*) FILTER (status = 'fulfilled') AS INTEGER) AS fulfilled,
  CAST(count(*) - coalesce(any_value(bans), 0) AS INTEGER) AS duties,
  string_agg(strftime(opens_at, '%m-%d') || ' ' || material_id || '=' || status, '  '
    ORDER BY opens_at, campaign_id, material_id) AS cells
FROM chosen LEFT JOIN bans USING (agency_id)
GROUP BY agency_id, agency_name
ORDER BY agency_id
