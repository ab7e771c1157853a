-- id: Apa yang diputuskan orang, dengan alasan apa, dan mana yang masih berlaku?
-- en: What did people decide, for which reason, and which of it still stands?
-- alias: decisions
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- parameter reviewer text = : hanya keputusan orang ini (kosong = semua) | only this person's decisions (empty = all)
-- column reviewed_at timestamp : saat diputuskan | when it was decided
-- column reviewer text : siapa yang memutuskan | who decided
-- column decision text : match atau none untuk unggahan, status untuk kewajiban | match or none for a post, a status for a duty
-- column reason text : alasannya | the reason
-- column is_standing boolean : benar bila tidak digantikan keputusan yang lebih baru | true where no newer decision supersedes it
-- column about text : post = satu unggahan, duty = kewajiban itu sendiri | post = one post, duty = the duty itself
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column campaign_id text : kampanye | campaign
-- column material_id text : materi | material
-- column opens_at timestamp : awal jadwal, bila tentang kewajiban | start of the window, when about a duty
-- column post_url text : tautan unggahan, bila tentang unggahan | link of the post, when about a post
WITH told AS (
  SELECT *, lead(review_id) OVER (
    -- A decision on a post holds for it, one on a duty for the agency's duty.
    PARTITION BY post_id, campaign_id, material_id, opens_at, CASE WHEN post_id IS NULL THEN agency_id END
    ORDER BY reviewed_at, review_id) IS NULL AS is_standing
  FROM reviews),
addresses AS (
  SELECT post_id, arg_max(url, seen_at) AS url FROM post_rows
  WHERE post_id IN (SELECT post_id FROM reviews) GROUP BY post_id)
SELECT t.reviewed_at, t.reviewer, t.decision, t.reason, t.is_standing,
  CASE WHEN t.post_id IS NULL THEN 'duty' ELSE 'post' END AS about,
  t.agency_id, g.name AS agency_name, t.campaign_id, t.material_id, t.opens_at, p.url AS post_url
FROM told t LEFT JOIN agencies g USING (agency_id) LEFT JOIN addresses p USING (post_id)
WHERE $campaign IN ('', t.campaign_id) AND $agency IN ('', t.agency_id) AND $reviewer IN ('', t.reviewer)
ORDER BY t.reviewed_at DESC, t.review_id
