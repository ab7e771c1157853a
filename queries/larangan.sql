-- id: Larangan mana yang dilanggar, dan mana yang belum dapat dipastikan?
-- en: Which bans were broken, and which cannot be settled yet?
-- alias: bans
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- column status text : violated = dilanggar, review = perlu diperiksa, unknown = tidak teramati, bukan tuduhan | violated = broken, review = a person must look, unknown = not observed, no accusation
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column campaign_id text : kampanye | campaign
-- column material_id text : materi | material
-- column opens_at timestamp : awal jadwal tayang | start of the window
-- column closes_at timestamp : akhir jadwal tayang (eksklusif) | end of the window (exclusive)
-- column published_at timestamp : waktu unggahan terbit | when the post was published
-- column reason text : sebab tidak teramati, atau alasan pemeriksa | why it was not observed, or the reviewer's reason
-- column grade text : mutu bukti A–D | grade of the evidence A–D
-- column decided_by text : tayang, atau orang yang memeriksanya | tayang, or the person who reviewed it
-- column post_url text : tautan unggahan | link of the post
SELECT status, agency_id, agency_name, campaign_id, material_id, opens_at, closes_at, published_at, reason, grade,
  decided_by, post_url
FROM verdicts SEMI JOIN (FROM duties WHERE rule = 'must_not') USING (campaign_id, material_id, agency_id, opens_at)
WHERE status IN ('violated', 'review', 'unknown') AND $campaign IN ('', campaign_id) AND $agency IN ('', agency_id)
ORDER BY list_position(['violated', 'review', 'unknown'], status), opens_at, agency_id, campaign_id, material_id
