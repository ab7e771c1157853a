-- Version 2: what news media wrote of a campaign. Outlets are a snapshot, mentions are derived; both can be made anew.
CREATE TABLE outlet_rows (outlet_id TEXT, name TEXT, feed TEXT, search TEXT, confirmed_on DATE);
CREATE TABLE mention_rows (post_id TEXT, campaign_id TEXT, words TEXT[]);
-- `is_read`: its own page was read; else only a list's title is known.
CREATE VIEW media_coverage AS
  WITH seen AS (
    SELECT post_id, arg_max(content_id, seen_at) AS content_id, min(seen_at) AS first_seen_at
    FROM sighting_rows SEMI JOIN mention_rows USING (post_id) GROUP BY post_id)
  SELECT m.campaign_id, p.handle AS outlet_id, coalesce(o.name, p.handle) AS outlet_name, p.url,
    split_part(p.text, chr(10), 1) AS title, p.published_at, p.published_quality, m.words, s.first_seen_at,
    EXISTS (FROM evidence_rows e WHERE e.sha256 = p.evidence_sha256 AND e.kind = 'article') AS is_read,
    p.evidence_sha256, p.post_id
  FROM mention_rows m JOIN seen s USING (post_id) JOIN post_rows p USING (post_id, content_id)
  LEFT JOIN outlet_rows o ON o.outlet_id = p.handle;
