-- Version 10: what the questions over a whole country ask again and again is told once, when it is written
-- (pipelines/standing.py): `state_rows` is what `told_states` tells, `absence_rows` what `post_absences` does. The tables are
-- derived and private; the audit holds them against these views.
CREATE OR REPLACE VIEW told_states AS
  WITH stood AS (
    SELECT post_id, content_id, min(seen_at) AS first_seen_at, max(seen_at) AS last_seen_at FROM sighting_rows GROUP BY ALL),
  newest AS (
    SELECT post_id, arg_max(content_id, seen_at) AS newest_id, CAST(count(DISTINCT content_id) AS INTEGER) AS states
    FROM sighting_rows GROUP BY post_id)
  SELECT post_id, content_id, first_seen_at, last_seen_at, content_id = newest_id AS is_newest, states
  FROM stood JOIN newest USING (post_id);
CREATE OR REPLACE TABLE state_rows AS FROM told_states;
CREATE OR REPLACE TABLE absence_rows AS FROM post_absences;
-- Of posts with several states: the one that tells a material, the last that bore it. Of all others it is the only one.
CREATE OR REPLACE VIEW shown_states AS
  SELECT post_id, campaign_id, material_id, arg_max(content_id, row(decision = 'match', last_seen_at)) AS content_id
  FROM sign_rows JOIN (FROM state_rows WHERE states > 1) USING (post_id, content_id)
  SEMI JOIN material_rows USING (campaign_id, material_id, reference_id)
  WHERE decision <> 'none' GROUP BY ALL;
CREATE OR REPLACE VIEW shown_signs AS
  SELECT s.post_id, s.campaign_id, s.material_id, s.matcher, s.score, s.decision, s.explanation, s.media_sha256,
    s.lacking, s.content_id, p.evidence_sha256 AS page_sha256
  FROM sign_rows s SEMI JOIN material_rows USING (campaign_id, material_id, reference_id)
  JOIN state_rows t USING (post_id, content_id) LEFT JOIN shown_states b USING (post_id, campaign_id, material_id)
  JOIN post_rows p ON p.post_id = s.post_id AND p.content_id = s.content_id
  WHERE s.decision <> 'none' AND s.content_id = coalesce(b.content_id, s.content_id);
