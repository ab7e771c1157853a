-- id: Siapa dikecualikan dari apa, dan dengan alasan apa?
-- en: Who is exempt from what, and on what grounds?
-- alias: exempted
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column campaign_id text : kampanye | campaign
-- column materials text : materi yang dikecualikan | materials exempted
-- column duties integer : berapa kewajiban | how many duties
-- column first_opens_at timestamp : awal jadwal pertama | start of the first window
-- column last_closes_at timestamp : akhir jadwal terakhir | end of the last window
-- column reason text : alasannya | the grounds
-- column decided_by text : tayang = tertulis dalam campaign.toml; selain itu orang yang memutuskan | tayang = written in campaign.toml; else the person who decided
SELECT agency_id, agency_name, campaign_id, string_agg(DISTINCT material_id, ', ' ORDER BY material_id) AS materials,
  CAST(count(*) AS INTEGER) AS duties, min(opens_at) AS first_opens_at, max(closes_at) AS last_closes_at,
  reason, decided_by
FROM verdicts
WHERE status = 'exempt' AND $campaign IN ('', campaign_id) AND $agency IN ('', agency_id)
GROUP BY agency_id, agency_name, campaign_id, reason, decided_by
ORDER BY duties DESC, agency_id, campaign_id, reason, decided_by
