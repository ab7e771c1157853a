-- id: Akun mana yang berganti nama, dan nama mana yang pernah dijawab oleh akun lain?
-- en: Which accounts changed their name, and which names were answered by another account?
-- alias: renamed
-- parameter channel text = : hanya kanal ini (kosong = semua) | only this channel (empty = all)
-- column sign text : renamed = satu akun dengan beberapa nama, other_owner = satu nama dengan beberapa akun | renamed = one account under several names, other_owner = one name with several accounts
-- column channel text : kanal | channel
-- column native_id text : nomor akun menurut sumbernya | the source's id of the account
-- column handle text : akun | account
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column is_registered boolean : benar bila registri kini memuat pasangan ini | true where the registry holds this pair now
-- column visits integer : kunjungan yang dijawab demikian | visits that were answered so
-- column first_at timestamp : kunjungan pertama yang dijawab demikian | the first of them
-- column last_at timestamp : kunjungan terakhir yang dijawab demikian | the last of them
WITH answered AS (
  SELECT channel, native_id, handle, any_value(agency_id) AS agency_id, count(*) AS visits,
    min(started_at) AS first_at, max(started_at) AS last_at
  FROM visits WHERE native_id IS NOT NULL GROUP BY channel, native_id, handle),
pairs AS (
  SELECT channel, native_id, handle, coalesce(a.agency_id, v.agency_id) AS agency_id,
    a.handle IS NOT NULL AS is_registered, CAST(coalesce(v.visits, 0) AS INTEGER) AS visits, v.first_at, v.last_at
  FROM answered v FULL JOIN (FROM accounts WHERE native_id IS NOT NULL) a USING (channel, native_id, handle)),
doubled AS (
  SELECT 'renamed' AS sign, channel, native_id, NULL AS handle FROM pairs GROUP BY ALL HAVING count(*) > 1
  UNION ALL
  SELECT 'other_owner', channel, NULL, handle FROM pairs GROUP BY ALL HAVING count(*) > 1),
told AS (
  SELECT d.sign, p.* FROM doubled d JOIN pairs p USING (channel, native_id) WHERE d.sign = 'renamed'
  UNION ALL SELECT d.sign, p.* FROM doubled d JOIN pairs p USING (channel, handle) WHERE d.sign = 'other_owner')
SELECT t.sign, t.channel, t.native_id, t.handle, t.agency_id, g.name AS agency_name, t.is_registered,
  t.visits, t.first_at, t.last_at
FROM told t LEFT JOIN agencies g USING (agency_id)
WHERE $channel IN ('', t.channel)
ORDER BY t.sign DESC, t.channel, CASE t.sign WHEN 'renamed' THEN t.native_id ELSE t.handle END, t.first_at,
  t.handle, t.native_id
