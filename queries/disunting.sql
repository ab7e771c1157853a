-- id: Unggahan mana yang mendasari hasil verifikasi dan berubah isinya setelah jadwal berakhir?
-- en: Which posts that a verdict rests on changed after the window had closed?
-- alias: edited-after
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column campaign_id text : kampanye | campaign
-- column material_id text : materi | material
-- column closes_at timestamp : akhir jadwal tayang (eksklusif) | end of the window (exclusive)
-- column status text : hasil verifikasi | verdict
-- column changed text : yang berubah: text, media, links, time | what changed: text, media, links, time
-- column before_seen_at timestamp : terakhir terlihat dalam keadaan lama | last seen in the old state
-- column seen_at timestamp : pertama terlihat dalam keadaan baru | first seen in the new state
-- column is_surely_after boolean : benar bila keadaan lama masih terlihat setelah jadwal berakhir; selain itu perubahan mungkin terjadi sebelumnya | true where the old state was still seen after the window closed; else the change may have come before
-- column text_before text : teks lama | the old text
-- column text_after text : teks baru | the new text
-- column post_url text : tautan unggahan | link of the post
WITH several AS (SELECT post_id FROM post_rows GROUP BY post_id HAVING count(*) > 1),
behind AS (
  SELECT v.* FROM verdicts v SEMI JOIN several USING (post_id)
  WHERE $campaign IN ('', v.campaign_id) AND $agency IN ('', v.agency_id)),
-- A state that could not be read, or that somebody brought, says nothing of what the author changed.
states AS (
  SELECT s.seen_at, p.post_id, p.content_id, p.text, p.links, p.published_at, [one.media_id FOR one IN p.media] AS media
  FROM sighting_rows s JOIN post_rows p USING (post_id, content_id)
  WHERE p.origin = 'crawl' AND p.unread IS NULL AND p.post_id IN (SELECT post_id FROM behind)),
changes AS (
  SELECT *, lag(seen_at) OVER looks AS before_seen_at, lag(text) OVER looks AS text_before,
    lag(links) OVER looks AS links_before, lag(published_at) OVER looks AS time_before,
    lag(media) OVER looks AS media_before
  FROM states WINDOW looks AS (PARTITION BY post_id ORDER BY seen_at, content_id)),
named AS (
  SELECT *, concat_ws(', ', CASE WHEN text IS DISTINCT FROM text_before THEN 'text' END,
    CASE WHEN media IS DISTINCT FROM media_before THEN 'media' END,
    CASE WHEN links IS DISTINCT FROM links_before THEN 'links' END,
    CASE WHEN published_at <> time_before THEN 'time' END) AS changed
  FROM changes WHERE before_seen_at IS NOT NULL)
SELECT b.agency_id, b.agency_name, b.campaign_id, b.material_id, b.closes_at, b.status, n.changed,
  n.before_seen_at, n.seen_at, n.before_seen_at >= b.closes_at AS is_surely_after, n.text_before, n.text AS text_after,
  b.post_url
FROM behind b JOIN named n ON n.post_id = b.post_id AND n.changed <> '' AND n.seen_at >= b.closes_at
ORDER BY is_surely_after DESC, n.seen_at DESC, b.agency_id, b.campaign_id, b.material_id, b.closes_at
