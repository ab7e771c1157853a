-- id: Siapa hanya memuat teks, tagar atau tautan, sedangkan gambar, klip atau suara materinya tidak dikenali?
-- en: Who carried only text, hashtags or a link, while the material's picture, clip or sound was not recognised?
-- alias: text-only
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column campaign_id text : kampanye | campaign
-- column material_id text : materi | material
-- column kind text : jenis materi; materi berupa teks tidak ikut, teks memang yang diminta | kind of material; texts are left out, text is what was asked for
-- column opens_at timestamp : awal jadwal tayang | start of the window
-- column status text : fulfilled atau incomplete | fulfilled or incomplete
-- column matcher text : cara pengenalan | way of recognising
-- column decided_by text : tayang, atau orang yang memeriksanya | tayang, or the person who reviewed it
-- column media_count integer : gambar dan klip pada unggahan, semuanya terbaca | pictures and clips of the post, all of them read
-- column post_url text : tautan unggahan | link of the post
WITH older AS (SELECT post_id, content_id FROM state_rows WHERE NOT is_newest),
signs AS (
  SELECT s.post_id, s.campaign_id, s.material_id
  FROM sign_rows s ANTI JOIN older USING (post_id, content_id)
  WHERE s.media_sha256 IS NOT NULL AND s.decision <> 'none'),
told AS MATERIALIZED (
  SELECT v.agency_id, v.campaign_id, v.material_id, m.kind, v.opens_at, v.status, v.matcher, v.decided_by, v.post_id, v.post_url
  FROM newest_verdict_rows v JOIN materials m USING (campaign_id, material_id) ANTI JOIN signs s
    ON s.post_id = v.post_id AND s.campaign_id = v.campaign_id AND s.material_id = v.material_id
  WHERE v.status IN ('fulfilled', 'incomplete') AND m.kind <> 'text' AND v.post_id IS NOT NULL
    AND v.matcher NOT IN ('same_bytes', 'image', 'video', 'audio')
    AND $campaign IN ('', v.campaign_id) AND $agency IN ('', v.agency_id)),
-- A picture that could not be read may be the very material.
dark AS (
  SELECT sha256 FROM fingerprint_rows
  WHERE trouble IS NOT NULL AND version = (SELECT max(version) FROM fingerprint_rows)),
states AS MATERIALIZED (
  SELECT p.post_id, p.unread, p.media FROM post_rows p SEMI JOIN told USING (post_id)
  ANTI JOIN older USING (post_id, content_id)),
unseen AS (
  SELECT post_id FROM states WHERE unread IS NOT NULL
  UNION ALL
  SELECT post_id FROM (SELECT post_id, unnest(media) AS one FROM states) s LEFT JOIN dark ON dark.sha256 = s.one.sha256
  WHERE one.trouble IS NOT NULL OR one.sha256 IS NULL OR dark.sha256 IS NOT NULL)
SELECT t.agency_id, g.name AS agency_name, t.campaign_id, t.material_id, t.kind, t.opens_at, t.status, t.matcher, t.decided_by,
  CAST(coalesce(len(s.media), 0) AS INTEGER) AS media_count, t.post_url
FROM told t JOIN states s USING (post_id) ANTI JOIN unseen USING (post_id) LEFT JOIN agencies g USING (agency_id)
ORDER BY t.opens_at, t.agency_id, t.campaign_id, t.material_id
