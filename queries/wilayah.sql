-- id: Bagaimana setiap daerah menunaikan kewajiban tayangnya, semua perangkat daerahnya bersama-sama?
-- en: How does each region carry out its duties, all its agencies together?
-- alias: regions
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- column region_id text : induk teratas perangkat daerah (dirinya sendiri bila tanpa induk) | topmost parent of the agencies (itself where it has none)
-- column region_name text : namanya | its name
-- column agencies integer : perangkat daerah yang berkewajiban | agencies with duties
-- column duties integer : semua kewajiban tayang, tanpa larangan | all duties to show, without bans
-- column judged integer : yang sudah dapat dinilai: jadwalnya berakhir, dan tayang, terlambat, lebih awal, tidak lengkap atau belum tayang | those that can be judged: their window has closed, and they are fulfilled, late, early, incomplete or missing
-- column fulfilled integer : di antaranya yang terpenuhi | those of them fulfilled
-- column percent number : fulfilled dari judged, 0–100 (kosong bila belum ada yang dapat dinilai) | fulfilled of judged, 0–100 (empty where none can be judged)
-- column missing integer : terbukti belum tayang | proved missing
-- column unknown integer : tidak teramati, bukan kesalahan siapa pun | not observed, nobody's failing
-- column review integer : menunggu pemeriksaan orang | waiting for a person
-- column violated integer : larangan dilanggar | bans violated
WITH RECURSIVE above AS (
  SELECT agency_id, agency_id AS region_id, parent_id, 0 AS steps FROM agencies
  UNION ALL
  SELECT a.agency_id, g.agency_id, g.parent_id, a.steps + 1
  FROM above a JOIN agencies g ON g.agency_id = a.parent_id WHERE a.steps < 20),
regions AS (SELECT agency_id, arg_max(region_id, steps) AS region_id FROM above GROUP BY agency_id),
counted AS (
  SELECT agency_id,
    count(*) FILTER (status NOT IN ('clear', 'violated')) AS shown, -- a ban that is open or unseen is taken off below
    count(*) FILTER (status IN ('fulfilled', 'incomplete', 'late', 'early', 'missing') AND closes_at <= as_of) AS judged,
    count(*) FILTER (status = 'fulfilled' AND closes_at <= as_of) AS fulfilled, count(*) FILTER (status = 'missing') AS missing,
    count(*) FILTER (status = 'unknown') AS unknown, count(*) FILTER (status = 'review') AS review,
    count(*) FILTER (status = 'violated') AS violated
  FROM verdicts WHERE $campaign IN ('', campaign_id) GROUP BY agency_id),
bans AS (
  SELECT agency_id, count(*) AS open, count(*) FILTER (status = 'unknown') AS unknown,
    count(*) FILTER (status = 'review') AS review
  FROM verdicts SEMI JOIN (FROM duties WHERE rule = 'must_not') USING (campaign_id, material_id, agency_id, opens_at)
  WHERE $campaign IN ('', campaign_id) AND status NOT IN ('clear', 'violated') GROUP BY agency_id)
SELECT region_id, coalesce(any_value(g.name), region_id) AS region_name,
  CAST(count(*) AS INTEGER) AS agencies,
  CAST(sum(c.shown - coalesce(b.open, 0)) AS INTEGER) AS duties,
  CAST(sum(c.judged) AS INTEGER) AS judged,
  CAST(sum(c.fulfilled) AS INTEGER) AS fulfilled,
  round(100 * sum(c.fulfilled) / nullif(sum(c.judged), 0), 1) AS percent,
  CAST(sum(c.missing) AS INTEGER) AS missing,
  CAST(sum(c.unknown - coalesce(b.unknown, 0)) AS INTEGER) AS unknown,
  CAST(sum(c.review - coalesce(b.review, 0)) AS INTEGER) AS review,
  CAST(sum(c.violated) AS INTEGER) AS violated
FROM counted c LEFT JOIN bans b USING (agency_id)
LEFT JOIN regions USING (agency_id) LEFT JOIN agencies g ON g.agency_id = region_id
GROUP BY region_id
ORDER BY percent DESC NULLS LAST, region_id
