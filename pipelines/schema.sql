-- Version 1 of the store: append-only facts, refreshed snapshots, and the public views.
-- No primary keys on what grows (facts: they double the file); idempotence is the writer's
-- anti-join. Instants are TIMESTAMPTZ. Views named in docs/sql.md are public: add, never rename.

CREATE TABLE schema_version (version INTEGER, applied_at TIMESTAMPTZ);

-- Snapshots of the registry and campaigns, replaced as a whole by each run.
CREATE TABLE agency_rows (agency_id TEXT, name TEXT, kind TEXT, parent_id TEXT, active_from DATE, active_until DATE);
CREATE TABLE account_rows (agency_id TEXT, channel TEXT, handle TEXT, native_id TEXT, active_from DATE, active_until DATE);
CREATE TABLE campaign_rows (campaign_id TEXT, title TEXT, instruments TEXT);
CREATE TABLE material_rows (campaign_id TEXT, material_id TEXT, title TEXT, kind TEXT, mode TEXT, caption TEXT,
  files TEXT[], links TEXT[], reference_id TEXT);
CREATE TABLE duty_rows (campaign_id TEXT, material_id TEXT, agency_id TEXT, opens_at TIMESTAMPTZ, closes_at TIMESTAMPTZ,
  grace_hours DOUBLE, keep_hours DOUBLE, rule TEXT, accounts TEXT[], exempt_reason TEXT);

-- Facts.
CREATE TABLE run_rows (run_id TEXT, command TEXT, started_at TIMESTAMPTZ, finished_at TIMESTAMPTZ, as_of TIMESTAMPTZ,
  exit_code INTEGER, summary TEXT);
CREATE TABLE visit_rows (run_id TEXT, channel TEXT, agency_id TEXT, handle TEXT, started_at TIMESTAMPTZ,
  finished_at TIMESTAMPTZ, outcome TEXT, covers_from TIMESTAMPTZ, covers_until TIMESTAMPTZ, posts_seen INTEGER,
  cause TEXT, detail TEXT, native_id TEXT, evidence_sha256 TEXT);
-- One row per different state of a post; content_id names the state (text, times, links, media).
CREATE TABLE post_rows (post_id TEXT, content_id TEXT, channel TEXT, agency_id TEXT, handle TEXT, native_id TEXT, url TEXT,
  published_at TIMESTAMPTZ, published_until TIMESTAMPTZ, published_quality TEXT, text TEXT, links TEXT[],
  is_pinned BOOLEAN, origin TEXT, evidence_sha256 TEXT, unread TEXT, seen_at TIMESTAMPTZ,
  media STRUCT(media_id TEXT, kind TEXT, url TEXT, sha256 TEXT, trouble TEXT)[]);
CREATE TABLE sighting_rows (post_id TEXT, content_id TEXT, seen_at TIMESTAMPTZ);
CREATE TABLE evidence_rows (seq BIGINT, sha256 TEXT, kind TEXT, url TEXT, fetched_at TIMESTAMPTZ, warc_file TEXT,
  warc_offset BIGINT, bytes BIGINT, path TEXT, run_id TEXT, account TEXT);
-- How far the ledger was when the store last wrote: an end that was cut off later is told by it.
CREATE TABLE ledger_head_rows (seq BIGINT, hash TEXT);
-- One row per media content and fingerprint version; trouble names why it could not be read.
CREATE TABLE fingerprint_rows (sha256 TEXT, version INTEGER, kind TEXT, data BLOB, trouble TEXT);
-- One row per compared pair, and the signs of those that had any.
CREATE TABLE compared_rows (content_id TEXT, reference_id TEXT);
CREATE TABLE sign_rows (post_id TEXT, content_id TEXT, reference_id TEXT, campaign_id TEXT, material_id TEXT, matcher TEXT,
  score DOUBLE, decision TEXT, explanation TEXT, media_sha256 TEXT, lacking TEXT[], matched_at TIMESTAMPTZ);
CREATE TABLE review_rows (review_id TEXT, post_id TEXT, campaign_id TEXT, material_id TEXT, agency_id TEXT,
  opens_at TIMESTAMPTZ, decision TEXT, reviewer TEXT, reason TEXT, reviewed_at TIMESTAMPTZ);
CREATE TABLE submission_rows (submission_id TEXT, agency_id TEXT, campaign_id TEXT, material_id TEXT, url TEXT,
  claimed_at TIMESTAMPTZ, submitted_at TIMESTAMPTZ, evidence_sha256 TEXT, format TEXT);
CREATE TABLE verdict_rows (campaign_id TEXT, material_id TEXT, agency_id TEXT, opens_at TIMESTAMPTZ, closes_at TIMESTAMPTZ,
  status TEXT, reason TEXT, post_id TEXT, post_url TEXT, published_at TIMESTAMPTZ, minutes_late INTEGER, matcher TEXT,
  score DOUBLE, grade TEXT, decided_by TEXT, as_of TIMESTAMPTZ, said_at TIMESTAMPTZ);
CREATE TABLE newest_verdict_rows AS FROM verdict_rows;  -- refreshed by each verify: asking must not sort history

-- Public views.
CREATE VIEW agencies AS SELECT * FROM agency_rows;
CREATE VIEW accounts AS
  SELECT a.agency_id, a.channel, a.handle, coalesce(a.native_id, v.native_id) AS native_id, a.active_from, a.active_until
  FROM account_rows a LEFT JOIN (
    SELECT channel, handle, arg_min(native_id, started_at) AS native_id FROM visit_rows
    WHERE native_id IS NOT NULL GROUP BY ALL) v USING (channel, handle);
CREATE VIEW campaigns AS SELECT * FROM campaign_rows;
CREATE VIEW materials AS SELECT * FROM material_rows;
CREATE VIEW duties AS SELECT * FROM duty_rows;
CREATE VIEW runs AS SELECT * FROM run_rows;
CREATE VIEW reviews AS SELECT * FROM review_rows;
CREATE VIEW submissions AS SELECT * FROM submission_rows;
CREATE VIEW evidence AS SELECT sha256, kind, url, fetched_at, warc_file, warc_offset, bytes, path, run_id, account FROM evidence_rows;
CREATE VIEW visits AS SELECT run_id, channel, agency_id, handle, started_at, finished_at, outcome, covers_from, covers_until,
  posts_seen, detail, cause, native_id, evidence_sha256 FROM visit_rows;
-- Looks that answered for the account the registry means: what another one showed under the name counts for nothing.
CREATE VIEW looks_of_owner AS
  SELECT v.*, a.native_id AS registered_id FROM visit_rows v LEFT JOIN account_rows a USING (channel, handle)
  WHERE a.native_id IS NULL OR v.native_id IS NULL OR v.native_id = a.native_id;
CREATE VIEW coverage AS
  WITH spans AS (
    SELECT channel, agency_id, handle, covers_from, covers_until,
      max(covers_until) OVER (PARTITION BY channel, handle ORDER BY covers_from, covers_until
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
    FROM looks_of_owner WHERE covers_from IS NOT NULL),
  islands AS (
    SELECT *, sum(CASE WHEN covers_from <= reached THEN 0 ELSE 1 END) OVER (PARTITION BY channel, handle
      ORDER BY covers_from, covers_until ROWS UNBOUNDED PRECEDING) AS island FROM spans)
  SELECT channel, any_value(agency_id) AS agency_id, handle, min(covers_from) AS covers_from, max(covers_until) AS covers_until
  FROM islands GROUP BY channel, handle, island;
-- The newest state of each post; removed_at = the first complete look over its time that no longer listed it
-- (an import is never listed again under its own id, so nothing follows for it).
CREATE VIEW posts AS
  WITH seen AS (
    SELECT post_id, arg_max(content_id, seen_at) AS content_id, min(seen_at) AS first_seen_at,
      max(seen_at) AS last_seen_at
    FROM sighting_rows GROUP BY post_id),
  -- What its author changed; a picture that could not be had at first is no edit.
  said AS (
    SELECT post_id, count(DISTINCT row(text, published_at, links, [one.media_id FOR one IN media])) > 1 AS edited
    FROM post_rows GROUP BY post_id)
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
-- Signs of the newest state of each post against the newest form of each material.
CREATE VIEW matches AS
  SELECT s.post_id, s.campaign_id, s.material_id, s.matcher, s.score, s.decision, s.explanation, s.media_sha256, s.matched_at,
    s.lacking
  FROM sign_rows s
  JOIN material_rows m ON m.campaign_id = s.campaign_id AND m.material_id = s.material_id AND m.reference_id = s.reference_id
  JOIN (SELECT post_id, arg_max(content_id, seen_at) AS content_id FROM sighting_rows GROUP BY post_id) p
    ON p.post_id = s.post_id AND p.content_id = s.content_id;
CREATE VIEW verdict_history AS
  SELECT v.campaign_id, v.material_id, v.agency_id, a.name AS agency_name, a.kind AS agency_kind, v.opens_at, v.closes_at,
    v.status, v.reason, v.post_id, v.post_url, v.published_at, v.minutes_late, v.matcher, v.score, v.grade, v.decided_by, v.as_of
  FROM verdict_rows v LEFT JOIN agency_rows a USING (agency_id);
CREATE VIEW verdicts AS
  SELECT v.campaign_id, v.material_id, v.agency_id, a.name AS agency_name, a.kind AS agency_kind, v.opens_at, v.closes_at,
    v.status, v.reason, v.post_id, v.post_url, v.published_at, v.minutes_late, v.matcher, v.score, v.grade, v.decided_by, v.as_of
  FROM newest_verdict_rows v LEFT JOIN agency_rows a USING (agency_id);
