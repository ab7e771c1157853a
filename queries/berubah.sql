-- id: Hasil verifikasi mana yang berubah dari waktu ke waktu, dan oleh siapa?
-- en: Which verdicts changed over time, and by whom?
-- alias: changed
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column campaign_id text : kampanye | campaign
-- column material_id text : materi | material
-- column opens_at timestamp : awal jadwal tayang | start of the window
-- column before text : hasil sebelumnya; menunggu lalu dinilai bukan perubahan | the verdict before; pending and then judged is no change
-- column after text : hasil sesudahnya | the verdict after
-- column changed_at timestamp : saat yang dinilai oleh hasil sesudahnya | the instant that the verdict after speaks of
-- column decided_by text : tayang, atau orang yang memeriksanya | tayang, or the person who reviewed it
-- column reason text : alasan hasil sesudahnya | reason of the verdict after
-- column post_url text : tautan unggahan | link of the post
-- The history itself: the public view does not tell in which order one instant was spoken of.
WITH otherwise AS ( -- duties of which something else was once said than now: only their history is sorted
  SELECT DISTINCT h.campaign_id, h.material_id, h.agency_id, h.opens_at
  FROM verdict_rows h LEFT JOIN newest_verdict_rows n USING (campaign_id, material_id, agency_id, opens_at)
  WHERE h.status <> 'pending' AND h.status IS DISTINCT FROM n.status
    AND $campaign IN ('', h.campaign_id) AND $agency IN ('', h.agency_id)),
told AS (
  SELECT *, lag(status) OVER (
    PARTITION BY campaign_id, material_id, agency_id, opens_at ORDER BY as_of, said_at) AS before
  FROM verdict_rows SEMI JOIN otherwise USING (campaign_id, material_id, agency_id, opens_at)
  WHERE status <> 'pending')
SELECT t.agency_id, g.name AS agency_name, t.campaign_id, t.material_id, t.opens_at, t.before, t.status AS after,
  t.as_of AS changed_at, t.decided_by, t.reason, t.post_url
FROM told t LEFT JOIN agencies g USING (agency_id)
WHERE t.before <> t.status
ORDER BY t.as_of DESC, t.said_at DESC, t.agency_id, t.campaign_id, t.material_id, t.opens_at
