-- id: Perangkat daerah dan akun mana yang belum pernah sekali pun terbukti terbaca?
-- en: Which agencies and accounts were never once provably read?
-- alias: never-observed
-- parameter channel text = : hanya kanal ini (kosong = semua) | only this channel (empty = all)
-- column cause text : sebab: pada kunjungan terakhir, not_visited, no_account, atau gone bila yang menjawab akun lain | cause: of the last visit, not_visited, no_account, or gone where another account answered
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column agency_kind text : jenis | kind
-- column channel text : kanal | channel
-- column handle text : akun (kosong bila perangkat daerah tidak punya akun) | account (empty when the agency has none)
-- column visits integer : kunjungan sejauh ini | visits so far
-- column visited_at timestamp : kunjungan terakhir | last visit
-- column is_whole_agency boolean : benar bila tidak satu pun akun perangkat daerah ini pernah terbaca | true where none of the agency's accounts was ever read
WITH named AS (
  SELECT channel, handle, count(*) AS visits, max(started_at) AS visited_at,
    arg_max(coalesce(cause, ''), started_at) AS cause
  FROM visits GROUP BY channel, handle),
looked AS ( -- an account that was renamed was looked at under its old name, too
  SELECT channel, coalesce(f.now_handle, n.handle) AS handle, CAST(sum(visits) AS INTEGER) AS visits,
    max(visited_at) AS visited_at, arg_max(cause, visited_at) AS cause
  FROM named n LEFT JOIN former_names f USING (channel, handle) GROUP BY ALL),
observed AS (SELECT channel, handle FROM looks_of_owner WHERE covers_from IS NOT NULL GROUP BY ALL),
today AS (SELECT CAST(coalesce(max(as_of), now()) AS DATE) AS day FROM newest_verdict_rows),
never AS (
  SELECT CASE WHEN l.visits IS NULL THEN 'not_visited' WHEN l.cause = '' THEN 'gone' ELSE l.cause END AS cause,
    a.agency_id, a.channel, a.handle, coalesce(l.visits, 0) AS visits, l.visited_at
  FROM account_rows a ANTI JOIN observed USING (channel, handle) LEFT JOIN looked l USING (channel, handle), today
  WHERE a.active_from IS NULL OR a.active_from <= today.day -- one that has not begun need not be seen
  UNION ALL
  SELECT 'no_account', g.agency_id, '', '', 0, NULL FROM agencies g ANTI JOIN account_rows USING (agency_id), today
  WHERE g.active_from IS NULL OR g.active_from <= today.day),
seen AS (SELECT DISTINCT agency_id FROM account_rows SEMI JOIN observed USING (channel, handle))
SELECT n.cause, n.agency_id, g.name AS agency_name, g.kind AS agency_kind, n.channel, n.handle, n.visits, n.visited_at,
  s.agency_id IS NULL AS is_whole_agency
FROM never n LEFT JOIN agencies g USING (agency_id) LEFT JOIN seen s USING (agency_id)
WHERE $channel IN ('', n.channel)
ORDER BY is_whole_agency DESC, n.agency_id, n.channel, n.handle
