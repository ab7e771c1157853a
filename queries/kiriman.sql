-- id: Kiriman mana yang tidak dibenarkan oleh pengamatan kami sendiri?
-- en: Which submissions are not confirmed by our own observation?
-- alias: unconfirmed
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column campaign_id text : kampanye, bila disebut | campaign, where named
-- column material_id text : materi, bila disebut | material, where named
-- column url text : tautan yang dikirimkan | the submitted link
-- column claimed_at timestamp : waktu tayang menurut pengirim | when it was shown, as claimed
-- column submitted_at timestamp : saat dikirimkan | when it was submitted
-- column seen_as text : not_seen = tidak pernah terlihat, other_agency = terlihat pada akun perangkat daerah lain | not_seen = never seen, other_agency = seen on another agency's account
-- column was_observed boolean : benar bila semua akunnya di kanal itu terbukti terbaca pada waktu yang dinyatakan, jadi seharusnya terlihat; salah atau kosong = tidak dapat dikatakan | true where all its accounts on that channel were provably read at the claimed time, so it should have been seen; false or empty = nothing can be said
-- One post has many addresses: Instagram's are the same by their code, others without scheme, www and last slash.
WITH links AS (
  SELECT *, CASE WHEN regexp_matches(url, '^https?://(www[.])?instagram[.]com/') THEN 'instagram' ELSE 'news' END AS channel
  FROM submissions WHERE $campaign IN ('', coalesce(campaign_id, '')) AND $agency IN ('', agency_id)),
asked AS (
  SELECT *, CASE channel WHEN 'instagram' THEN nullif(regexp_extract(url, '/(?:p|reel|reels|tv)/([\w-]+)', 1), '')
    ELSE regexp_replace(rtrim(url, '/'), '^https?://(www[.])?', '') END AS address
  FROM links),
shown AS ( -- whoever showed it
  SELECT p.agency_id, p.channel, p.handle, p.seen_at,
    CASE p.channel WHEN 'instagram' THEN regexp_extract(p.url, '/(?:p|reel|reels|tv)/([\w-]+)', 1)
      ELSE regexp_replace(rtrim(p.url, '/'), '^https?://(www[.])?', '') END AS address
  FROM post_rows p
  WHERE p.origin = 'crawl' AND p.url IS NOT NULL AND address IN (SELECT address FROM asked)),
strangers AS (
  SELECT v.channel, v.handle, v.started_at, v.finished_at
  FROM visit_rows v SEMI JOIN shown USING (channel, handle) JOIN account_rows a USING (channel, handle)
  WHERE v.native_id <> a.native_id),
seen AS (
  FROM shown p ANTI JOIN strangers x ON x.channel = p.channel AND x.handle = p.handle
    AND p.seen_at BETWEEN x.started_at AND x.finished_at),
open AS (FROM asked ANTI JOIN seen USING (agency_id, address)),
read AS (
  SELECT DISTINCT o.submission_id, l.handle FROM open o JOIN account_rows a USING (agency_id, channel)
  JOIN looks_of_owner l ON l.channel = a.channel AND l.handle = a.handle
    AND l.covers_from <= o.claimed_at AND l.covers_until > o.claimed_at),
unread AS (
  SELECT DISTINCT o.submission_id FROM open o JOIN account_rows a USING (agency_id, channel)
  ANTI JOIN read r ON r.submission_id = o.submission_id AND r.handle = a.handle)
SELECT o.agency_id, g.name AS agency_name, o.campaign_id, o.material_id, o.url, o.claimed_at, o.submitted_at,
  CASE WHEN o.address IN (SELECT address FROM seen) THEN 'other_agency' ELSE 'not_seen' END AS seen_as,
  CASE WHEN o.claimed_at IS NOT NULL THEN o.submission_id IN (SELECT submission_id FROM read)
    AND o.submission_id NOT IN (SELECT submission_id FROM unread) END AS was_observed
FROM open o LEFT JOIN agencies g USING (agency_id)
ORDER BY o.submitted_at DESC, o.agency_id, o.url
