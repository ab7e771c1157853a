-- id: Bagaimana riwayat unggahan ini: keadaan, hilang, dan muncul kembali?
-- en: What is the history of a post: its states, its disappearing, its coming back?
-- alias: history
-- parameter post text = : hanya unggahan ini, nomor atau tautannya (kosong = semua yang berubah atau pernah hilang) | only this post, by its id or link (empty = all that changed or were once gone)
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- column post_id text : unggahan | post
-- column agency_id text : perangkat daerah | agency
-- column event text : first_seen, changed, absent, seen_again | first_seen, changed, absent, seen_again
-- column from_at timestamp : saat pertama hal itu terlihat | when that was first observed
-- column until_at timestamp : saat terakhir hal itu terlihat | when that was last observed
-- column handle text : nama akun pada saat itu | the account's name at that time
-- column told_by text : list = daftar lengkap tidak memuatnya, address = alamatnya sendiri menjawab 404 atau 410 | list = a whole list did not hold it, address = its own address answered 404 or 410
-- column text text : teks dalam keadaan itu | the text in that state
-- column media_count integer : banyaknya media dalam keadaan itu | number of media in that state
-- column evidence_sha256 text : bukti | evidence
-- column post_url text : tautan unggahan | link of the post
WITH eventful AS ( -- of a post with one state that was never gone there is but one event
  SELECT post_id FROM state_rows WHERE $post <> '' OR states > 1 UNION SELECT post_id FROM absence_rows),
asked AS (
  SELECT DISTINCT post_id FROM post_rows SEMI JOIN eventful USING (post_id)
  WHERE $agency IN ('', agency_id) AND $post IN ('', post_id, url)),
looks AS (
  SELECT s.post_id, s.seen_at AS looked_at, s.content_id, NULL AS told_by, NULL AS absent_sha256
  FROM sighting_rows s SEMI JOIN asked USING (post_id)
  UNION ALL
  SELECT post_id, absent_at, '', told_by, evidence_sha256 FROM absence_rows SEMI JOIN asked USING (post_id)),
-- One event is a run of looks that told the same.
turned AS (
  SELECT *, CASE WHEN content_id IS DISTINCT FROM lag(content_id) OVER told THEN 1 ELSE 0 END AS turns,
    lag(content_id) OVER told AS before
  FROM looks WINDOW told AS (PARTITION BY post_id ORDER BY looked_at, content_id)),
numbered AS (SELECT *, sum(turns) OVER (PARTITION BY post_id ORDER BY looked_at, content_id) AS number FROM turned),
events AS (
  SELECT post_id, number, content_id, min(looked_at) AS from_at, max(looked_at) AS until_at, arg_min(before, looked_at) AS before,
    arg_min(told_by, looked_at) AS told_by, arg_min(absent_sha256, looked_at) AS absent_sha256
  FROM numbered GROUP BY post_id, number, content_id)
SELECT e.post_id, p.agency_id,
  CASE WHEN e.content_id = '' THEN 'absent' WHEN e.before IS NULL THEN 'first_seen' WHEN e.before = '' THEN 'seen_again'
    ELSE 'changed' END AS event,
  e.from_at, e.until_at, p.handle, e.told_by, CASE WHEN e.content_id <> '' THEN p.text END AS text,
  CAST(CASE WHEN e.content_id <> '' THEN len(p.media) END AS INTEGER) AS media_count,
  coalesce(e.absent_sha256, CASE WHEN e.content_id <> '' THEN p.evidence_sha256 END) AS evidence_sha256, p.url AS post_url
FROM events e
JOIN post_rows p ON p.post_id = e.post_id
  AND p.content_id = CASE WHEN e.content_id <> '' THEN e.content_id ELSE e.before END
WHERE $post <> '' OR e.post_id IN (SELECT post_id FROM events WHERE number > 1)
ORDER BY e.post_id, e.number
