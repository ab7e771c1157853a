-- id: Berapa kewajiban setiap perangkat daerah menurut hasil verifikasinya?
-- en: How many duties does each agency have, by verdict?
-- alias: recap
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter kind text = : hanya jenis perangkat daerah ini (kosong = semua) | only agencies of this kind (empty = all)
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column agency_kind text : jenis | kind
-- column duties integer : semua kewajiban, larangan termasuk | all duties, bans included
-- column fulfilled integer : tayang | fulfilled
-- column off_time integer : terlambat atau lebih awal | late or early
-- column incomplete integer : tidak lengkap | incomplete
-- column missing integer : belum tayang | missing
-- column violated integer : larangan dilanggar | ban violated
-- column clear integer : bersih dari larangan, terbukti | ban kept, proved
-- column review integer : perlu diperiksa | to review
-- column pending integer : menunggu | pending
-- column unknown integer : tidak teramati | not observed
-- column exempt integer : dikecualikan | exempt
SELECT agency_id, agency_name, agency_kind,
  CAST(count(*) AS INTEGER) AS duties,
  CAST(count(*) FILTER (status = 'fulfilled') AS INTEGER) AS fulfilled,
  CAST(count(*) FILTER (status IN ('late', 'early')) AS INTEGER) AS off_time,
  CAST(count(*) FILTER (status = 'incomplete') AS INTEGER) AS incomplete,
  CAST(count(*) FILTER (status = 'missing') AS INTEGER) AS missing,
  CAST(count(*) FILTER (status = 'violated') AS INTEGER) AS violated,
  CAST(count(*) FILTER (status = 'clear') AS INTEGER) AS clear,
  CAST(count(*) FILTER (status = 'review') AS INTEGER) AS review,
  CAST(count(*) FILTER (status = 'pending') AS INTEGER) AS pending,
  CAST(count(*) FILTER (status = 'unknown') AS INTEGER) AS unknown,
  CAST(count(*) FILTER (status = 'exempt') AS INTEGER) AS exempt
FROM verdicts
WHERE $campaign IN ('', campaign_id) AND $kind IN ('', agency_kind)
GROUP BY agency_id, agency_name, agency_kind
ORDER BY agency_id
