-- Version 4: the history of verdicts tells when each was said (a review changes what is said of the same instant), and
-- a post counts as edited only where two readings of it differ that came the same way: one that could not be read at
-- first, or was handed in before it was crawled, was changed by nobody.
CREATE OR REPLACE VIEW verdict_history AS
  SELECT v.campaign_id, v.material_id, v.agency_id, a.name AS agency_name, a.kind AS agency_kind, v.opens_at, v.closes_at,
    v.status, v.reason, v.post_id, v.post_url, v.published_at, v.minutes_late, v.matcher, v.score, v.grade, v.decided_by, v.as_of,
    v.said_at
  FROM verdict_rows v LEFT JOIN agency_rows a USING (agency_id);
CREATE OR REPLACE VIEW posts AS
  WITH seen AS (
    SELECT post_id, arg_max(content_id, seen_at) AS content_id, min(seen_at) AS first_seen_at,
      max(seen_at) AS last_seen_at
    FROM sighting_rows GROUP BY post_id),
  -- What its author changed; a picture that could not be had at first is no edit.
  said AS (
    SELECT post_id, bool_or(is_changed) AS edited FROM (
      SELECT post_id, count(DISTINCT row(text, published_at, links, [one.media_id FOR one IN media]))
        FILTER (unread IS NULL) > 1 AS is_changed
      FROM post_rows GROUP BY post_id, origin)
    GROUP BY post_id)
  SELECT post_id, p.channel, p.agency_id, p.handle, p.native_id, p.url, p.published_at, p.published_quality,
    first_seen_at, last_seen_at,
    (SELECT min(v.started_at) FROM looks_of_owner v WHERE p.origin = 'crawl' AND v.channel = p.channel AND v.handle = p.handle
      AND v.outcome = 'complete' AND v.covers_from <= p.published_at AND v.covers_until > p.published_at
      AND v.started_at > last_seen_at) AS removed_at,
    -- A complete look over its claimed time that did not list it: it came later than it says (back-dated), at
    -- the latest when first seen.
    CASE WHEN EXISTS (FROM looks_of_owner v WHERE p.origin = 'crawl' AND v.channel = p.channel AND v.handle = p.handle
      AND v.outcome = 'complete' AND v.covers_from <= p.published_at AND v.covers_until > p.published_at
      AND v.finished_at < first_seen_at) THEN greatest(p.published_until, first_seen_at)
      ELSE p.published_until END AS possible_until,
    edited, p.text, len(p.media) AS media_count, p.is_pinned, p.origin, p.evidence_sha256,
    content_id, p.published_until, p.links, p.unread, p.media,
    -- Seen last by a look that answered for another account than the registry means.
    p.origin = 'crawl' AND EXISTS (FROM visit_rows v JOIN account_rows a USING (channel, handle)
      WHERE v.channel = p.channel AND v.handle = p.handle AND v.started_at <= last_seen_at
        AND v.finished_at >= last_seen_at AND v.native_id <> a.native_id) AS is_disowned
  FROM seen JOIN said USING (post_id) JOIN post_rows p USING (post_id, content_id);
