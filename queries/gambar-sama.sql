-- id: Gambar, klip atau tautan mana yang dipakai lebih dari satu perangkat daerah?
-- en: Which picture, clip or link was used by more than one agency?
-- alias: same-media
-- parameter agency text = : hanya yang juga dipakai perangkat daerah ini (kosong = semua) | only what this agency used too (empty = all)
-- column agencies integer : berapa perangkat daerah memakainya | how many agencies used it
-- column kind text : image, video, audio, atau link (tautan yang dikirimkan) | image, video, audio, or link (a submitted one)
-- column shown text : SHA-256 berkas yang sama persis, atau tautannya | SHA-256 of the very same file, or the link
-- column material_id text : materi yang dikenali di dalamnya: berkas resmi yang memang dibagikan; kosong = karya sendiri | the material recognised in it: the official file, meant to be shared; empty = an own production
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column uses integer : unggahan atau kiriman perangkat daerah ini yang memuatnya | posts or submissions of this agency that carry it
-- column first_at timestamp : unggahan atau kiriman pertamanya | its first post or submission
-- column post_url text : tautan yang pertama itu | link of that first one
WITH shown AS (
  SELECT post_id, agency_id, channel, handle, seen_at, published_at, url, unnest(media) AS one
  FROM post_rows WHERE len(media) > 0),
shared AS (
  SELECT one.sha256 AS sha256 FROM shown WHERE one.sha256 IS NOT NULL
  GROUP BY ALL HAVING min(agency_id) < max(agency_id)),
-- What another account showed under the agency's name is not the agency's.
strangers AS (
  SELECT v.channel, v.handle, v.started_at, v.finished_at
  FROM visit_rows v JOIN account_rows a USING (channel, handle) WHERE v.native_id <> a.native_id),
uses AS (
  SELECT one.kind AS kind, one.sha256 AS shown, agency_id, post_id AS used, published_at AS used_at, url
  FROM shown s SEMI JOIN shared ON shared.sha256 = s.one.sha256
  ANTI JOIN strangers x ON x.channel = s.channel AND x.handle = s.handle
    AND s.seen_at BETWEEN x.started_at AND x.finished_at
  UNION ALL
  SELECT 'link', url, agency_id, submission_id, coalesce(claimed_at, submitted_at), url FROM submissions),
counted AS (
  SELECT shown, any_value(kind) AS kind, CAST(count(DISTINCT agency_id) AS INTEGER) AS agencies
  FROM uses GROUP BY shown HAVING min(agency_id) < max(agency_id)),
official AS (
  SELECT media_sha256 AS shown, min(material_id) AS material_id FROM sign_rows
  -- Required elements make a production recognised, not official: just that one may have been borrowed.
  WHERE decision = 'match' AND matcher <> 'elements' AND media_sha256 IN (SELECT sha256 FROM shared) GROUP BY ALL)
SELECT c.agencies, c.kind, shown, o.material_id, u.agency_id, any_value(g.name) AS agency_name,
  CAST(count(DISTINCT u.used) AS INTEGER) AS uses, min(u.used_at) AS first_at, arg_min(u.url, (u.used_at, u.url)) AS post_url
FROM counted c JOIN uses u USING (shown) LEFT JOIN official o USING (shown) LEFT JOIN agencies g USING (agency_id)
WHERE $agency = '' OR shown IN (SELECT shown FROM uses WHERE agency_id = $agency)
GROUP BY c.agencies, c.kind, shown, o.material_id, u.agency_id
ORDER BY o.material_id NULLS FIRST, shown, first_at, u.agency_id
