-- id: Siapa terbukti belum tayang tetapi masih dalam tenggang, dan berapa jam lagi sisanya?
-- en: Who is proved missing but still within the grace, and how many hours are left?
-- alias: still-time
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- parameter at instant = : dihitung pada saat ini (kosong = saat penilaian terakhir) | counted at this instant (empty = the last judging)
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column campaign_id text : kampanye | campaign
-- column material_id text : materi | material
-- column opens_at timestamp : awal jadwal tayang | start of the window
-- column closes_at timestamp : akhir jadwal tayang (eksklusif) | end of the window (exclusive)
-- column grace_until timestamp : akhir tenggang (eksklusif); sesudahnya tayangan tidak dihitung lagi | end of the grace (exclusive); a showing after it no longer counts
-- column hours_left number : sisa jam sampai akhir tenggang | hours left until the grace ends
WITH missing AS (
  SELECT v.*, v.closes_at + to_seconds(d.grace_hours * 3600) AS grace_until,
    coalesce(CAST(nullif($at, '') AS TIMESTAMPTZ), v.as_of) AS counted_at
  FROM verdicts v JOIN duties d USING (campaign_id, material_id, agency_id, opens_at)
  WHERE v.status = 'missing' AND $campaign IN ('', v.campaign_id) AND $agency IN ('', v.agency_id))
SELECT agency_id, agency_name, campaign_id, material_id, opens_at, closes_at, grace_until,
  round(date_diff('second', counted_at, grace_until) / 3600.0, 1) AS hours_left
FROM missing
WHERE counted_at < grace_until
ORDER BY grace_until, agency_id, campaign_id, material_id, opens_at
