-- `batch` (verdicts of one as_of) -> those that differ from what was said last before them.
CREATE OR REPLACE TEMP TABLE changed_verdicts AS
SELECT new.* FROM batch new
LEFT JOIN (
  SELECT campaign_id, material_id, agency_id, opens_at, arg_max(v, row(v.as_of, v.said_at)) AS said
  FROM verdict_rows v WHERE v.as_of <= (SELECT max(as_of) FROM batch)
  GROUP BY ALL) old USING (campaign_id, material_id, agency_id, opens_at)
WHERE old.said IS NULL OR row(new.status, new.reason, new.post_id, new.published_at, new.closes_at, new.grade, new.decided_by)
  IS DISTINCT FROM row(old.said.status, old.said.reason, old.said.post_id, old.said.published_at, old.said.closes_at,
    old.said.grade, old.said.decided_by);
