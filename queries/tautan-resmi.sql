-- id: Unggahan mana yang menautkan atau menyematkan unggahan resmi?
-- en: Which posts link to or embed the official post?
-- alias: official-links
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column campaign_id text : kampanye | campaign
-- column material_id text : materi | material
-- column channel text : kanal | channel
-- column published_at timestamp : waktu unggahan terbit | when the post was published
-- column duties integer : kewajiban yang hasilnya bertumpu pada unggahan ini; 0 = di luar jadwal atau ada yang lebih baik | duties whose verdict rests on this post; 0 = outside the windows, or a better one is there
-- column is_only_link boolean : benar bila materinya dikenali hanya dari tautan itu | true where nothing but the link tells the material
-- column post_url text : tautan unggahan | link of the post
WITH linking AS MATERIALIZED (SELECT DISTINCT post_id FROM sign_rows WHERE matcher = 'link' AND decision = 'match'),
older AS (SELECT post_id, content_id FROM state_rows WHERE NOT is_newest),
signed AS (
  SELECT s.post_id, s.content_id, s.campaign_id, s.material_id, bool_and(s.matcher = 'link') AS is_only_link
  FROM sign_rows s SEMI JOIN linking USING (post_id) SEMI JOIN materials m USING (campaign_id, material_id, reference_id)
  WHERE s.decision = 'match' GROUP BY ALL HAVING bool_or(s.matcher = 'link')),
signs AS (FROM signed ANTI JOIN older USING (post_id, content_id)),
resting AS (
  SELECT post_id, campaign_id, material_id, count(*) AS duties FROM newest_verdict_rows SEMI JOIN linking USING (post_id)
  GROUP BY ALL)
SELECT p.agency_id, g.name AS agency_name, s.campaign_id, s.material_id, p.channel, p.published_at,
  CAST(coalesce(r.duties, 0) AS INTEGER) AS duties, s.is_only_link, p.url AS post_url
FROM signs s JOIN post_rows p USING (post_id, content_id)
LEFT JOIN agencies g USING (agency_id) LEFT JOIN resting r USING (post_id, campaign_id, material_id)
WHERE $campaign IN ('', s.campaign_id) AND $agency IN ('', p.agency_id)
ORDER BY p.published_at DESC, p.agency_id, p.url, s.campaign_id, s.material_id
