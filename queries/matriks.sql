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
  SELECT campaign_id, material_id, agency_id, opens_at, status FROM newest_verdict_rows
  WHERE $campaign IN ('', campaign_id)
    AND (CAST($day AS DATE) IS NULL OR (
      opens_at < CAST(CAST($day AS DATE) + 1 AS TIMESTAMPTZ) AND closes_at > CAST(CAST($day AS DATE) AS TIMESTAMPTZ)))),
banned AS (FROM duties WHERE rule = 'must_not'),
worded AS ( -- the few windows are put into words and order once, and a cell is a number until the end
  SELECT *, strftime(opens_at, '%m-%d') || ' ' || material_id || '=' || status AS cell,
    row_number() OVER (ORDER BY opens_at, campaign_id, material_id, status) AS place,
    (campaign_id, material_id) IN (SELECT (campaign_id, material_id) FROM banned) AS may_be_ban
  FROM (SELECT DISTINCT campaign_id, material_id, opens_at, status FROM chosen)),
told AS (SELECT * FROM chosen JOIN worded USING (campaign_id, material_id, opens_at, status)),
bans AS (
  SELECT agency_id, count(*) AS bans
  FROM (FROM told WHERE may_be_ban) SEMI JOIN banned USING (campaign_id, material_id, agency_id, opens_at) GROUP BY agency_id),
counted AS (
  SELECT agency_id, count(*) FILTER (status = 'fulfilled') AS fulfilled, count(*) AS duties, list_sort(list(place)) AS places
  FROM told GROUP BY agency_id)
SELECT agency_id, g.name AS agency_name, CAST(fulfilled AS INTEGER) AS fulfilled,
  CAST(duties - coalesce(bans, 0) AS INTEGER) AS duties,
  array_to_string(list_transform(places, lambda place: w.cells[place]), '  ') AS cells
FROM counted JOIN (SELECT list(cell ORDER BY place) AS cells FROM worded) w ON true
LEFT JOIN bans USING (agency_id) LEFT JOIN agencies g USING (agency_id)
ORDER BY agency_id
