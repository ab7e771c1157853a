-- id: Unggahan mana yang waktunya tidak pasti dan terletak dekat tepi jadwal?
-- en: Which posts have a time that is not exact and lie near an edge of their window?
-- alias: near-edge
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- parameter minutes integer = 60 : sedekat ini dengan awal atau akhir jadwal | this near to the window's start or end
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column campaign_id text : kampanye | campaign
-- column material_id text : materi | material
-- column opens_at timestamp : awal jadwal tayang | start of the window
-- column closes_at timestamp : akhir jadwal tayang (eksklusif) | end of the window (exclusive)
-- column status text : hasil verifikasi | verdict
-- column published_quality text : declared = hanya dinyatakan sumbernya, derived_lower_bound = paling awal | declared = only claimed, derived_lower_bound = the earliest
-- column published_at timestamp : terbit paling awal pada saat ini | published at this instant at the earliest
-- column published_until timestamp : dan sebelum saat ini | and before this one
-- column minutes_to_edge integer : jarak ke tepi terdekat; 0 bila tepi itu di dalam rentang waktunya | distance to the nearest edge; 0 where the edge lies within the span
-- column post_url text : tautan unggahan | link of the post
WITH inexact AS (SELECT DISTINCT post_id FROM post_rows WHERE published_quality <> 'exact'),
told AS (
  SELECT v.* FROM verdicts v SEMI JOIN inexact USING (post_id)
  WHERE $campaign IN ('', v.campaign_id) AND $agency IN ('', v.agency_id)),
newest AS (
  SELECT post_id, arg_max(content_id, seen_at) AS content_id
  FROM sighting_rows SEMI JOIN told USING (post_id) GROUP BY post_id),
timed AS (
  SELECT t.* EXCLUDE (published_at), p.published_quality, p.published_at,
    greatest(p.published_until, p.published_at) AS published_until
  FROM told t JOIN newest USING (post_id) JOIN post_rows p USING (post_id, content_id)
  WHERE p.published_quality <> 'exact'),
near AS (
  SELECT *, CASE
    WHEN published_at < opens_at AND opens_at < published_until THEN 0
    WHEN published_at < closes_at AND closes_at < published_until THEN 0
    ELSE least(abs(date_diff('minute', opens_at, published_at)), abs(date_diff('minute', opens_at, published_until)),
      abs(date_diff('minute', closes_at, published_at)), abs(date_diff('minute', closes_at, published_until)))
    END AS minutes_to_edge
  FROM timed)
SELECT agency_id, agency_name, campaign_id, material_id, opens_at, closes_at, status, published_quality, published_at,
  published_until, CAST(minutes_to_edge AS INTEGER) AS minutes_to_edge, post_url
FROM near
WHERE minutes_to_edge <= $minutes
ORDER BY near.minutes_to_edge, opens_at, agency_id, campaign_id, material_id
