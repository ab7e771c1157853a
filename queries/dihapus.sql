-- id: Unggahan mana yang mendasari hasil verifikasi tetapi kemudian dihapus?
-- en: Which posts that a verdict rests on were removed afterwards?
-- alias: removed
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column campaign_id text : kampanye | campaign
-- column material_id text : materi | material
-- column opens_at timestamp : awal jadwal tayang | start of the window
-- column status text : hasil verifikasi | verdict
-- column published_at timestamp : waktu unggahan terbit | when the post was published
-- column last_seen_at timestamp : terakhir terlihat masih ada | last seen still standing
-- column removed_at timestamp : kunjungan pertama yang terbukti tidak lagi menemukannya | the first look that provably no longer listed it
-- column keep_until timestamp : harus tetap ada sampai saat ini | it had to stand until then
-- column is_too_soon boolean : benar bila terbukti hilang sebelum waktu itu; menghapus sesudahnya bukan kesalahan | true where it was provably gone before that; removing it later is no fault
-- column post_url text : tautan unggahan | link of the post
WITH removed AS (
  SELECT a.post_id, s.last_seen_at, min(a.absent_at) AS removed_at FROM absence_rows a JOIN state_rows s USING (post_id)
  WHERE s.is_newest AND a.absent_at > s.last_seen_at GROUP BY ALL)
SELECT b.agency_id, g.name AS agency_name, b.campaign_id, b.material_id, b.opens_at, b.status, b.published_at,
  r.last_seen_at, r.removed_at, b.published_at + to_seconds(d.keep_hours * 3600) AS keep_until,
  coalesce(r.removed_at < b.published_at + to_seconds(d.keep_hours * 3600), false) AS is_too_soon, b.post_url
FROM newest_verdict_rows b JOIN removed r USING (post_id)
LEFT JOIN duties d USING (campaign_id, material_id, agency_id, opens_at) LEFT JOIN agencies g USING (agency_id)
WHERE $campaign IN ('', b.campaign_id) AND $agency IN ('', b.agency_id)
ORDER BY is_too_soon DESC, r.removed_at DESC, b.agency_id, b.campaign_id, b.material_id, b.opens_at
