-- id: Unggahan di balik hasil `fulfilled` mana yang terbukti masih tayang, dan mana yang belum dilihat lagi?
-- en: Which posts behind `fulfilled` provably still stood afterwards, and which were not looked at again yet?
-- alias: still-standing
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- parameter days integer = 1 : dilihat lagi sekian hari sesudah terbit; bila wajib tayang lebih lama, sampai waktu itu | looked at again so many days after it was published; where it had to stand longer, until then
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column campaign_id text : kampanye | campaign
-- column material_id text : materi | material
-- column opens_at timestamp : awal jadwal tayang | start of the window
-- column standing text : stands = terlihat masih ada sesudah due_at, removed = terbukti hilang, not_due = belum waktunya, not_looked_again = sudah waktunya tetapi belum dilihat lagi: jangan katakan masih tayang | stands = seen after due_at, removed = provably gone, not_due = not yet time, not_looked_again = due but not looked at again: do not say that it still stands
-- column published_at timestamp : waktu unggahan terbit | when the post was published
-- column due_at timestamp : saat sesudah mana ia harus dilihat lagi | the instant after which it is to be looked at again
-- column last_seen_at timestamp : terakhir terlihat masih ada | last seen still standing
-- column removed_at timestamp : saat pertama terbukti hilang | when it was first provably gone
-- column post_url text : tautan unggahan | link of the post
WITH behind AS (
  SELECT v.*, v.published_at + to_seconds(greatest(coalesce(d.keep_hours, 0) * 3600, $days * 86400)) AS due_at
  FROM verdicts v LEFT JOIN (SELECT campaign_id, material_id, agency_id, opens_at, max(keep_hours) AS keep_hours FROM duties
    WHERE keep_hours * 3600 > $days * 86400 GROUP BY ALL) d -- only these stand longer
    USING (campaign_id, material_id, agency_id, opens_at)
  WHERE v.status = 'fulfilled' AND v.post_id IS NOT NULL
    AND $campaign IN ('', v.campaign_id) AND $agency IN ('', v.agency_id)),
removed AS (
  SELECT a.post_id, min(a.absent_at) AS removed_at FROM absence_rows a JOIN state_rows s USING (post_id)
  WHERE s.is_newest AND a.absent_at > s.last_seen_at GROUP BY a.post_id)
SELECT b.agency_id, b.agency_name, b.campaign_id, b.material_id, b.opens_at,
  CASE WHEN r.removed_at IS NOT NULL THEN 'removed' WHEN s.last_seen_at >= b.due_at THEN 'stands'
    WHEN b.due_at > b.as_of THEN 'not_due' ELSE 'not_looked_again' END AS standing,
  b.published_at, b.due_at, s.last_seen_at, r.removed_at, b.post_url
FROM behind b JOIN (FROM state_rows WHERE is_newest) s USING (post_id) LEFT JOIN removed r USING (post_id)
ORDER BY list_position(['not_due', 'not_looked_again', 'removed', 'stands'], standing), -- as by its name, in less time
  b.due_at, b.agency_id, b.campaign_id, b.material_id, b.opens_at
