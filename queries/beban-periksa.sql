-- id: Berapa pemeriksaan yang masih terbuka, dan sejak kapan yang tertua menunggu?
-- en: How many reviews are open, and since when has the oldest been waiting?
-- alias: review-load
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- column campaign_id text : kampanye | campaign
-- column material_id text : materi | material
-- column day date : tanggal setempat awal jadwal | local date on which the window opens
-- column rule text : must = wajib tayang, must_not = larangan | must = to be shown, must_not = a ban
-- column open_reviews integer : kewajiban yang menunggu pemeriksaan | duties waiting for a person
-- column agencies integer : perangkat daerah yang menunggu | agencies waiting
-- column waiting_since timestamp : saat yang tertua pertama kali dinilai perlu diperiksa | when the oldest was first said to need a look
-- column oldest_hours number : jam sejak itu sampai penilaian terakhir | hours from then to the last judging
WITH open AS (FROM verdicts WHERE status = 'review' AND $campaign IN ('', campaign_id)),
since AS (
  SELECT campaign_id, material_id, agency_id, opens_at, min(as_of) AS said_at
  FROM verdict_history WHERE status = 'review' GROUP BY ALL)
SELECT o.campaign_id, o.material_id, CAST(o.opens_at AS DATE) AS day, coalesce(d.rule, 'must') AS rule,
  CAST(count(*) AS INTEGER) AS open_reviews, CAST(count(DISTINCT o.agency_id) AS INTEGER) AS agencies,
  min(least(s.said_at, o.as_of)) AS waiting_since,
  round(date_diff('second', min(least(s.said_at, o.as_of)), max(o.as_of)) / 3600.0, 1) AS oldest_hours
FROM open o LEFT JOIN since s USING (campaign_id, material_id, agency_id, opens_at)
LEFT JOIN duties d USING (campaign_id, material_id, agency_id, opens_at)
GROUP BY ALL
ORDER BY waiting_since, o.campaign_id, o.material_id, day, rule
