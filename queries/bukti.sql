-- id: Bukti apa yang tersimpan di balik setiap hasil verifikasi sebuah perangkat daerah?
-- en: What evidence is kept behind each verdict of an agency?
-- alias: evidence-of
-- parameter agency text = : perangkat daerah (kosong = semua) | the agency (empty = all)
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- column agency_id text : perangkat daerah | agency
-- column campaign_id text : kampanye | campaign
-- column material_id text : materi | material
-- column opens_at timestamp : awal jadwal tayang | start of the window
-- column status text : hasil verifikasi | verdict
-- column grade text : mutu bukti A–D | grade of the evidence A–D
-- column post_url text : tautan unggahan | link of the post
-- column role text : halaman (jawaban sumber) atau media | page (the source's answer) or media
-- column sha256 text : SHA-256 bukti | SHA-256 of the evidence
-- column fetched_at timestamp : saat diambil | when it was fetched
-- column warc_file text : berkas WARC | WARC file
-- column warc_offset integer : letak di dalam berkas WARC | place within the WARC file
-- column path text : berkas media, relatif terhadap ruang kerja | media file, relative to the workspace
WITH kept AS (
  SELECT sha256, min(fetched_at) AS fetched_at, arg_min(warc_file, fetched_at) AS warc_file,
    arg_min(warc_offset, fetched_at) AS warc_offset, arg_min(path, fetched_at) AS path
  FROM evidence GROUP BY sha256),
newest AS ( -- the view `posts` tells much more, and takes its time for it
  SELECT post_id, arg_max(content_id, seen_at) AS content_id
  FROM sighting_rows SEMI JOIN verdicts USING (post_id) GROUP BY post_id),
named AS (
  SELECT post_id, NULL AS campaign_id, NULL AS material_id, 'page' AS role, evidence_sha256 AS sha256
  FROM newest JOIN post_rows USING (post_id, content_id)
  UNION ALL
  SELECT DISTINCT post_id, campaign_id, material_id, 'media', media_sha256 FROM matches WHERE media_sha256 IS NOT NULL)
SELECT v.agency_id, v.campaign_id, v.material_id, v.opens_at, v.status, v.grade, v.post_url,
  n.role, n.sha256, k.fetched_at, k.warc_file, k.warc_offset, k.path
FROM verdicts v
JOIN named n ON n.post_id = v.post_id AND coalesce(n.campaign_id, v.campaign_id) = v.campaign_id
  AND coalesce(n.material_id, v.material_id) = v.material_id
LEFT JOIN kept k USING (sha256)
WHERE $agency IN ('', v.agency_id) AND $campaign IN ('', v.campaign_id)
ORDER BY v.agency_id, v.opens_at, v.campaign_id, v.material_id, n.role DESC, n.sha256
