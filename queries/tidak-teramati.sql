-- id: Akun mana yang pada kunjungan terakhir tidak teramati seluruhnya, dan mengapa?
-- en: Which accounts were not wholly observed at their last visit, and why?
-- alias: unobserved
-- parameter channel text = : hanya kanal ini (kosong = semua) | only this channel (empty = all)
-- column cause text : sebab | cause
-- column channel text : kanal | channel
-- column handle text : akun (kosong bila perangkat daerah tidak punya akun) | account (empty when the agency has none)
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column outcome text : hasil kunjungan terakhir | how the last visit ended
-- column visited_at timestamp : kunjungan terakhir | last visit
-- column observed_until timestamp : akhir rentang terakhir yang terbukti terbaca dari akun itu sendiri | end of the last span that was proved read, of the account itself
-- column unknown_duties integer : kewajiban perangkat daerah ini yang karenanya tidak dapat dinilai | this agency's duties that cannot be judged
-- column detail text : yang dikatakan sumbernya | what the source said
WITH named AS (
  SELECT channel, handle, arg_max(outcome, started_at) AS outcome, arg_max(coalesce(cause, ''), started_at) AS cause,
    arg_max(coalesce(detail, ''), started_at) AS detail, max(started_at) AS visited_at
  FROM visits GROUP BY channel, handle),
last AS ( -- an account that was renamed was looked at under its old name, too
  SELECT n.* REPLACE (coalesce(f.now_handle, n.handle) AS handle) FROM named n LEFT JOIN former_names f USING (channel, handle)
  QUALIFY row_number() OVER (PARTITION BY n.channel, coalesce(f.now_handle, n.handle) ORDER BY visited_at DESC) = 1),
seen AS (SELECT channel, handle, max(covers_until) AS observed_until FROM looks_of_owner GROUP BY channel, handle),
unknowns AS (SELECT agency_id, CAST(count(*) AS INTEGER) AS n FROM verdicts WHERE status = 'unknown' GROUP BY agency_id),
found AS (
  SELECT CASE WHEN l.outcome IS NULL THEN 'not_visited' WHEN l.cause <> '' THEN l.cause ELSE l.outcome END AS cause,
    a.channel, a.handle, a.agency_id, l.outcome, l.visited_at, s.observed_until, l.detail
  FROM account_rows a LEFT JOIN last l USING (channel, handle) LEFT JOIN seen s USING (channel, handle)
  WHERE l.outcome IS DISTINCT FROM 'complete'
  UNION ALL
  SELECT 'no_account', '', '', d.agency_id, NULL, NULL, NULL, NULL
  FROM duties d WHERE len(d.accounts) = 0 AND d.exempt_reason IS NULL GROUP BY d.agency_id)
SELECT f.cause, f.channel, f.handle, f.agency_id, g.name AS agency_name, f.outcome, f.visited_at, f.observed_until,
  coalesce(u.n, 0) AS unknown_duties, f.detail
FROM found f LEFT JOIN agencies g USING (agency_id) LEFT JOIN unknowns u USING (agency_id)
WHERE $channel IN ('', f.channel)
ORDER BY f.cause, f.agency_id, f.channel, f.handle
