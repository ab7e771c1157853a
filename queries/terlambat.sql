-- id: Siapa menayangkan di luar jadwal – terlambat atau lebih awal – dan berapa lama selisihnya?
-- en: Who showed outside the window – late or early – and by how long?
-- alias: late
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- column status text : late atau early | late or early
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column campaign_id text : kampanye | campaign
-- column material_id text : materi | material
-- column opens_at timestamp : awal jadwal tayang | start of the window
-- column closes_at timestamp : akhir jadwal tayang (eksklusif) | end of the window (exclusive)
-- column published_at timestamp : waktu unggahan terbit | when the post was published
-- column minutes_late integer : menit setelah jadwal berakhir (kosong bila lebih awal) | minutes after the window closed (empty when early)
-- column reason text : di mana yang lebih baik mungkin ada tetapi tidak terlihat | where better may stand unseen
-- column post_url text : tautan unggahan | link of the post
SELECT status, agency_id, agency_name, campaign_id, material_id, opens_at, closes_at, published_at, minutes_late, reason, post_url
FROM verdicts
WHERE status IN ('late', 'early')
  AND $campaign IN ('', campaign_id)
  AND $agency IN ('', agency_id)
ORDER BY minutes_late DESC NULLS LAST, published_at, agency_id, campaign_id, material_id
