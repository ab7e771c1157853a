-- Version 5: what became of posts afterwards. `former_name_rows` (made anew with the registry) names the accounts that
-- the registry knows under another name today: what was seen under the former one is theirs. `status` tells the answers
-- to articles that were asked for once more (kind `again`). `deletion_rows` index what was deleted on purpose.
CREATE TABLE former_name_rows (channel TEXT, handle TEXT, native_id TEXT, agency_id TEXT, now_handle TEXT);
CREATE TABLE deletion_rows (seq BIGINT, sha256 TEXT, rule TEXT, reason TEXT, deleted_by TEXT, deleted_at TIMESTAMPTZ);
ALTER TABLE evidence_rows ADD COLUMN status INTEGER;
CREATE VIEW former_names AS SELECT channel, handle, native_id, agency_id, now_handle FROM former_name_rows;
CREATE VIEW deletions AS SELECT sha256, rule, reason, deleted_by, deleted_at FROM deletion_rows;
CREATE OR REPLACE VIEW evidence AS SELECT e.sha256, e.kind, e.url, e.fetched_at, e.warc_file, e.warc_offset, e.bytes, e.path,
  e.run_id, e.account, e.status, d.deleted_at
  FROM evidence_rows e LEFT JOIN (SELECT sha256, min(deleted_at) AS deleted_at FROM deletion_rows GROUP BY sha256) d USING (sha256);
-- As before, under the name of today.
CREATE OR REPLACE VIEW looks_of_owner AS
  SELECT v.*, a.native_id AS registered_id
  FROM (SELECT v.* REPLACE (coalesce(f.now_handle, v.handle) AS handle)
    FROM visit_rows v LEFT JOIN former_name_rows f ON f.channel = v.channel AND f.handle = v.handle) v
  LEFT JOIN account_rows a USING (channel, handle)
  WHERE a.native_id IS NULL OR v.native_id IS NULL OR v.native_id = a.native_id;
-- When a post is known not to have stood. A list that leaves an article out says nothing while its own address answers
-- with anything but 404 or 410.
CREATE VIEW post_absences AS
  WITH told AS (
    SELECT post_id, arg_max(content_id, seen_at) AS content_id, min(seen_at) AS first_seen_at FROM sighting_rows GROUP BY post_id),
  known AS (
    SELECT p.post_id, p.channel, coalesce(f.now_handle, p.handle) AS handle, p.url, p.published_at, t.first_seen_at
    FROM told t JOIN post_rows p USING (post_id, content_id)
    LEFT JOIN former_name_rows f ON f.channel = p.channel AND f.handle = p.handle WHERE p.origin = 'crawl'),
  asked AS (
    SELECT url, account, fetched_at, status, sha256 FROM evidence_rows WHERE kind = 'again')
  SELECT k.post_id, l.started_at AS absent_at, 'list' AS told_by, l.evidence_sha256 FROM known k
  JOIN looks_of_owner l ON l.channel = k.channel AND l.handle = k.handle AND l.outcome = 'complete'
    AND l.covers_from <= k.published_at AND l.covers_until > k.published_at AND l.started_at > k.first_seen_at
  WHERE NOT EXISTS (FROM sighting_rows s WHERE s.post_id = k.post_id AND s.seen_at BETWEEN l.started_at AND l.finished_at)
    AND NOT EXISTS (FROM asked a WHERE a.url = k.url AND a.account = k.channel || ':' || k.handle
      AND a.fetched_at BETWEEN l.started_at AND l.finished_at AND a.status NOT IN (404, 410))
  UNION ALL
  SELECT k.post_id, a.fetched_at, 'address', a.sha256 FROM known k
  JOIN asked a ON a.url = k.url AND a.account = k.channel || ':' || k.handle AND a.status IN (404, 410)
    AND a.fetched_at > k.first_seen_at;
CREATE OR REPLACE VIEW posts AS
  WITH seen AS (
    SELECT post_id, arg_max(content_id, seen_at) AS content_id, min(seen_at) AS first_seen_at,
      max(seen_at) AS last_seen_at
    FROM sighting_rows GROUP BY post_id),
  said AS (
    SELECT post_id, bool_or(is_changed) AS edited FROM (
      SELECT post_id, count(DISTINCT row(text, published_at, links, [one.media_id FOR one IN media]))
        FILTER (unread IS NULL) > 1 AS is_changed
      FROM post_rows GROUP BY post_id, origin)
    GROUP BY post_id),
  asked AS (SELECT url, account, fetched_at, status FROM evidence_rows WHERE kind = 'again'),
  known AS (
    SELECT p.*, coalesce(f.now_handle, p.handle) AS now_handle, first_seen_at, last_seen_at, edited
    FROM seen JOIN said USING (post_id) JOIN post_rows p USING (post_id, content_id)
    LEFT JOIN former_name_rows f ON f.channel = p.channel AND f.handle = p.handle)
  SELECT post_id, p.channel, p.agency_id, p.handle, p.native_id, p.url, p.published_at, p.published_quality,
    first_seen_at, last_seen_at,
    least((SELECT min(v.started_at) FROM looks_of_owner v WHERE p.origin = 'crawl' AND v.channel = p.channel
        AND v.handle = p.now_handle AND v.outcome = 'complete' AND v.covers_from <= p.published_at
        AND v.covers_until > p.published_at AND v.started_at > last_seen_at
        AND NOT EXISTS (FROM asked a WHERE a.url = p.url AND a.account = p.channel || ':' || p.now_handle
          AND a.fetched_at >= v.started_at AND a.fetched_at <= v.finished_at AND a.status NOT IN (404, 410))),
      (SELECT min(a.fetched_at) FROM asked a WHERE p.origin = 'crawl' AND a.url = p.url
        AND a.account = p.channel || ':' || p.now_handle AND a.status IN (404, 410) AND a.fetched_at > last_seen_at)) AS removed_at,
    -- A complete look over its claimed time that did not list it: it came later than it says (back-dated), at
    -- the latest when first seen.
    CASE WHEN EXISTS (FROM looks_of_owner v WHERE p.origin = 'crawl' AND v.channel = p.channel AND v.handle = p.now_handle
      AND v.outcome = 'complete' AND v.covers_from <= p.published_at AND v.covers_until > p.published_at
      AND v.finished_at < first_seen_at) THEN greatest(p.published_until, first_seen_at)
      ELSE p.published_until END AS possible_until,
    edited, p.text, len(p.media) AS media_count, p.is_pinned, p.origin, p.evidence_sha256,
    content_id, p.published_until, p.links, p.unread, p.media,
    -- Seen last by a look that answered for another account than the registry means.
    p.origin = 'crawl' AND EXISTS (FROM visit_rows v JOIN account_rows a USING (channel, handle)
      WHERE v.channel = p.channel AND v.handle = p.handle AND v.started_at <= last_seen_at
        AND v.finished_at >= last_seen_at AND v.native_id <> a.native_id) AS is_disowned,
    now_handle
  FROM known p;
-- The states of a post, oldest first seen first: nothing is overwritten.
CREATE VIEW post_states AS
  SELECT s.post_id, s.content_id, p.channel, p.handle, p.url, p.published_at, min(s.seen_at) AS first_seen_at,
    max(s.seen_at) AS last_seen_at, count(*) AS sightings, p.text, p.links, p.media, p.unread, p.origin, p.evidence_sha256
  FROM sighting_rows s JOIN post_rows p USING (post_id, content_id) GROUP BY ALL;
