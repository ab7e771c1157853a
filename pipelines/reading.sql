-- What one run read of each channel's registered accounts, as figures that can be set against those of other runs.
-- `fresh` are posts of the last day before the look, of accounts of which that day was proved: how far back a look
-- was asked to read changes nothing. A look that needed to prove nothing, and saw nothing new, is a day without any:
-- else only accounts with news would count on such days, and every other day would seem poor. `again` are posts that
-- the last undoubted look saw in the span proved now.
WITH looks AS (FROM visit_rows WHERE run_id = $run_id AND channel <> 'media'),
ours AS (
  SELECT *, coalesce(covers_from <= started_at - INTERVAL 23 HOUR, outcome = 'complete', false) AS is_read
  FROM looks WHERE agency_id <> ''),
sights AS (
  SELECT s.post_id, s.seen_at, p.channel, p.handle, p.published_at, p.published_until, p.media
  FROM sighting_rows s JOIN post_rows p USING (post_id, content_id)
  WHERE p.origin = 'crawl' AND s.seen_at <= (SELECT max(finished_at) FROM looks)
    AND s.seen_at >= (SELECT min(started_at) FROM looks) - INTERVAL 7 DAY),
seen AS (
  SELECT o.channel, o.handle, o.agency_id, s.post_id, arg_max(s.published_at, s.seen_at) AS published_at,
    arg_max(s.media, s.seen_at) AS media,
    bool_or(o.is_read AND s.published_until > o.started_at - INTERVAL 24 HOUR AND s.published_at <= o.started_at) AS is_fresh
  FROM sights s JOIN ours o ON o.channel = s.channel AND o.handle = s.handle
    AND s.seen_at BETWEEN o.started_at AND o.finished_at
  GROUP BY ALL),
owing AS (
  SELECT f.channel, f.post_id, bool_or(EXISTS (FROM sign_rows g WHERE g.post_id = f.post_id AND g.decision = 'match'
    AND g.campaign_id = d.campaign_id AND g.material_id = d.material_id)) AS is_matched
  FROM seen f JOIN duty_rows d ON d.agency_id = f.agency_id AND d.rule = 'must' AND d.exempt_reason IS NULL
    AND list_contains(d.accounts, f.channel || ':' || f.handle)
    AND f.published_at >= d.opens_at AND f.published_at < d.closes_at
  WHERE f.is_fresh GROUP BY ALL),
pieces AS (SELECT channel, unnest(media) AS m FROM seen WHERE is_fresh),
files AS (
  SELECT channel, m.sha256 AS sha256, bool_or(p.trouble IS NOT NULL) AS is_broken
  FROM pieces JOIN fingerprint_rows p ON p.sha256 = m.sha256
  WHERE p.version = $version AND p.kind NOT IN ('reference', 'lookalikes') GROUP BY ALL),
before AS (
  SELECT o.channel, o.handle, o.covers_from, o.covers_until, max_by(v, v.started_at) AS last
  FROM ours o JOIN visit_rows v ON v.channel = o.channel AND v.handle = o.handle AND v.started_at < o.started_at
    AND v.started_at >= o.started_at - INTERVAL 7 DAY AND v.covers_from IS NOT NULL
  WHERE o.outcome = 'complete' AND NOT EXISTS (
    FROM alarm_rows a WHERE a.is_withheld AND a.run_id = v.run_id AND a.channel = v.channel)
  GROUP BY ALL),
again AS (
  SELECT DISTINCT b.channel, b.handle, s.post_id, NOT EXISTS (FROM seen n WHERE n.post_id = s.post_id) AS is_gone
  FROM before b JOIN sights s ON s.channel = b.channel AND s.handle = b.handle
    AND s.seen_at BETWEEN b.last.started_at AND b.last.finished_at
    AND s.published_at >= b.covers_from AND s.published_at < b.covers_until),
numbers AS (
  SELECT channel, 'visits' AS name, count(*) AS number FROM ours GROUP BY channel
  UNION ALL SELECT channel, 'observed', count_if(covers_from IS NOT NULL OR outcome = 'complete') FROM ours GROUP BY channel
  UNION ALL SELECT channel, 'read', count_if(is_read) FROM ours GROUP BY channel
  UNION ALL SELECT channel, 'fresh', count_if(is_fresh) FROM seen GROUP BY channel
  UNION ALL SELECT channel, 'pictured', count_if(is_fresh AND len(media) > 0) FROM seen GROUP BY channel
  UNION ALL SELECT channel, 'media', count(*) FROM pieces GROUP BY channel
  UNION ALL SELECT channel, 'fetched', count(m.sha256) FROM pieces GROUP BY channel
  UNION ALL SELECT channel, 'files', count(*) FROM files GROUP BY channel
  UNION ALL SELECT channel, 'broken', count_if(is_broken) FROM files GROUP BY channel
  UNION ALL SELECT channel, 'again', count(*) FROM again GROUP BY channel
  UNION ALL SELECT channel, 'vanished', count_if(is_gone) FROM again GROUP BY channel
  UNION ALL SELECT channel, 'again_accounts', count(DISTINCT handle) FROM again GROUP BY channel
  UNION ALL SELECT channel, 'vanished_accounts', count(DISTINCT handle) FILTER (is_gone) FROM again GROUP BY channel
  UNION ALL SELECT channel, 'owed', count(*) FROM owing GROUP BY channel
  UNION ALL SELECT channel, 'matched', count_if(is_matched) FROM owing GROUP BY channel
  UNION ALL SELECT channel, 'canaries', count(*) FROM looks WHERE agency_id = '' GROUP BY channel
  UNION ALL SELECT channel, 'singing', count_if(covers_from IS NOT NULL AND posts_seen > 0)
    FROM looks WHERE agency_id = '' GROUP BY channel)
SELECT channel, (SELECT min(started_at) FROM looks) AS started_at, name, CAST(number AS BIGINT) AS number
FROM numbers ORDER BY channel, name
