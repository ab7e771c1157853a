-- `touched_posts` (of which a state or a sighting was just written) and `concerned_posts` (these, and all of accounts of
-- which something was written that tells whether a post stands) -> their rows in state_rows and absence_rows.
DELETE FROM state_rows WHERE post_id IN (FROM touched_posts);
INSERT INTO state_rows BY NAME FROM told_states SEMI JOIN touched_posts USING (post_id);
DELETE FROM absence_rows WHERE post_id IN (FROM concerned_posts);
-- As the view `post_absences` says, but from the looks at the accounts of these posts, of the posts' own time: asked for
-- them alone, the view still goes over a country's looks (0.4 s a batch, where this takes 0.1).
INSERT INTO absence_rows BY NAME
  WITH states AS (
    SELECT post_id, min(first_seen_at) AS first_seen_at, any_value(content_id) FILTER (is_newest) AS content_id
    FROM state_rows SEMI JOIN concerned_posts USING (post_id) GROUP BY post_id),
  known AS MATERIALIZED (
    SELECT post_id, p.channel, coalesce(f.now_handle, p.handle) AS handle, p.url, p.published_at, s.first_seen_at
    FROM states s JOIN post_rows p USING (post_id, content_id)
    LEFT JOIN former_name_rows f ON f.channel = p.channel AND f.handle = p.handle WHERE p.origin = 'crawl'),
  times AS MATERIALIZED (
    SELECT channel, handle, min(first_seen_at) AS first_seen_at, min(published_at) AS earliest, max(published_at) AS latest
    FROM known GROUP BY channel, handle),
  looks AS (
    SELECT channel, handle, l.started_at, l.finished_at, l.covers_from, l.covers_until, l.evidence_sha256
    FROM looks_of_owner l JOIN times t USING (channel, handle)
    WHERE l.outcome = 'complete' AND l.started_at > (SELECT min(first_seen_at) FROM times)
      AND l.covers_from <= (SELECT max(latest) FROM times) AND l.covers_until > (SELECT min(earliest) FROM times)
      AND l.started_at > t.first_seen_at AND l.covers_from <= t.latest AND l.covers_until > t.earliest),
  again AS (SELECT url, account, fetched_at, status, sha256 FROM evidence_rows WHERE kind = 'again'),
  looked AS (
    SELECT k.post_id, k.url, channel || ':' || handle AS account, l.started_at, l.finished_at, l.evidence_sha256
    FROM known k JOIN looks l USING (channel, handle)
    WHERE l.covers_from <= k.published_at AND l.covers_until > k.published_at AND l.started_at > k.first_seen_at)
  SELECT l.post_id, l.started_at AS absent_at, 'list' AS told_by, l.evidence_sha256 FROM looked l
  ANTI JOIN sighting_rows s ON s.post_id = l.post_id AND s.seen_at BETWEEN l.started_at AND l.finished_at
  ANTI JOIN again a ON a.url = l.url AND a.account = l.account
    AND a.fetched_at BETWEEN l.started_at AND l.finished_at AND a.status NOT IN (404, 410)
  UNION ALL
  SELECT k.post_id, a.fetched_at, 'address', a.sha256 FROM known k
  JOIN again a ON a.url = k.url AND a.account = k.channel || ':' || k.handle
  WHERE a.status IN (404, 410) AND a.fetched_at > k.first_seen_at;
