-- Version 8: the signs that a verdict can rest on, with the answer that they stood in. A post whose newest state no
-- longer bears a material is told by the last state that did: bytes that show it, not those that no longer do.
CREATE OR REPLACE VIEW shown_signs AS
  WITH stood AS (SELECT post_id, content_id, max(seen_at) AS last_seen_at FROM sighting_rows GROUP BY ALL),
  borne AS (
    SELECT s.*, last_seen_at FROM sign_rows s JOIN material_rows USING (campaign_id, material_id, reference_id)
    JOIN stood USING (post_id, content_id) WHERE s.decision <> 'none'),
  chosen AS (
    SELECT post_id, campaign_id, material_id, arg_max(content_id, row(decision = 'match', last_seen_at)) AS content_id
    FROM borne GROUP BY ALL)
  SELECT b.post_id, b.campaign_id, b.material_id, b.matcher, b.score, b.decision, b.explanation, b.media_sha256,
    b.lacking, b.content_id, p.evidence_sha256 AS page_sha256
  FROM borne b JOIN chosen USING (post_id, campaign_id, material_id, content_id)
  JOIN post_rows p USING (post_id, content_id);
