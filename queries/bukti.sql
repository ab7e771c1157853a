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
WITH asked AS (
  SELECT agency_id, campaign_id, material_id, opens_at, status, grade, post_id, post_url FROM newest_verdict_rows
  WHERE post_id IS NOT NULL AND $agency IN ('', agency_id) AND $campaign IN ('', campaign_id)),
older AS (SELECT post_id, content_id FROM state_rows WHERE NOT is_newest),
borne AS ( -- few: of a post that bears the material no more, the last page that did
  SELECT b.post_id, b.campaign_id, b.material_id, p.evidence_sha256
  FROM shown_states b SEMI JOIN older USING (post_id, content_id) JOIN post_rows p USING (post_id, content_id)),
media AS (
  SELECT DISTINCT s.post_id, s.campaign_id, s.material_id, s.media_sha256 AS sha256
  FROM sign_rows s SEMI JOIN materials USING (campaign_id, material_id, reference_id)
  LEFT JOIN shown_states b USING (post_id, campaign_id, material_id)
  WHERE s.decision <> 'none' AND s.media_sha256 IS NOT NULL AND s.content_id = coalesce(b.content_id, s.content_id)),
named AS (
  SELECT v.* EXCLUDE (post_id), 'page' AS role, coalesce(b.evidence_sha256, p.evidence_sha256) AS sha256
  FROM asked v JOIN (FROM post_rows ANTI JOIN older USING (post_id, content_id)) p USING (post_id)
  LEFT JOIN borne b USING (post_id, campaign_id, material_id)
  UNION ALL
  SELECT v.* EXCLUDE (post_id), 'media', m.sha256 FROM asked v JOIN media m USING (post_id, campaign_id, material_id)),
kept AS (
  SELECT sha256, min(fetched_at) AS fetched_at, arg_min(warc_file, fetched_at) AS warc_file,
    arg_min(warc_offset, fetched_at) AS warc_offset, arg_min(path, fetched_at) AS path
  FROM evidence_rows WHERE sha256 IN (
    SELECT evidence_sha256 FROM post_rows SEMI JOIN asked USING (post_id)
    UNION ALL SELECT media_sha256 FROM sign_rows SEMI JOIN asked USING (post_id))
  GROUP BY sha256)
SELECT n.agency_id, n.campaign_id, n.material_id, n.opens_at, n.status, n.grade, n.post_url,
  n.role, n.sha256, k.fetched_at, k.warc_file, k.warc_offset, k.path
FROM named n LEFT JOIN kept k USING (sha256)
ORDER BY n.agency_id, n.opens_at, n.campaign_id, n.material_id, n.role DESC, n.sha256
