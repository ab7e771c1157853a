-- id: Gambar, klip atau artikel mana yang tidak dapat dibaca, dan mengapa?
-- en: Which pictures, clips or articles could not be read, and why?
-- alias: unread
-- parameter channel text = : hanya kanal ini (kosong = semua) | only this channel (empty = all)
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column channel text : kanal | channel
-- column handle text : akun | account
-- column published_at timestamp : waktu unggahan terbit | when the post was published
-- column what text : post = isi artikel, image, video atau audio | post = the article itself, image, video or audio
-- column media_id text : gambar atau klip yang mana | which picture or clip
-- column trouble text : sebabnya; kosong = belum diambil | why; empty = not fetched yet
-- column origin text : crawl, atau import:FORMAT | crawl, or import:FORMAT
-- column post_url text : tautan unggahan | link of the post
WITH dark AS (
  SELECT sha256, any_value(trouble) AS trouble FROM fingerprint_rows
  WHERE trouble IS NOT NULL AND version = (SELECT max(version) FROM fingerprint_rows) GROUP BY sha256),
troubled AS (
  SELECT *, 'post' AS what, NULL AS media_id, unread AS trouble FROM post_rows WHERE unread IS NOT NULL
  UNION ALL
  SELECT p.* EXCLUDE (one), one.kind, one.media_id, coalesce(one.trouble, d.trouble)
  FROM (SELECT *, unnest(media) AS one FROM post_rows WHERE len(media) > 0) p LEFT JOIN dark d ON d.sha256 = p.one.sha256
  WHERE one.trouble IS NOT NULL OR one.sha256 IS NULL OR d.sha256 IS NOT NULL),
-- Only the newest state: what was read at a second look is no longer dark.
newest AS (
  SELECT post_id, arg_max(content_id, seen_at) AS content_id
  FROM sighting_rows SEMI JOIN troubled USING (post_id) GROUP BY post_id)
SELECT t.agency_id, g.name AS agency_name, t.channel, t.handle, t.published_at, t.what, t.media_id, t.trouble,
  t.origin, t.url AS post_url
FROM troubled t SEMI JOIN newest USING (post_id, content_id) LEFT JOIN agencies g USING (agency_id)
WHERE $channel IN ('', t.channel) AND $agency IN ('', t.agency_id)
ORDER BY t.published_at DESC, t.agency_id, t.url, t.media_id NULLS FIRST
