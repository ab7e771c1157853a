-- id: Siapa belum menayangkan apa – yang belum tayang, yang masih menunggu dan yang tidak teramati dipisahkan?
-- en: Who has not shown what – missing, still pending and not observed kept apart?
-- alias: not-shown
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter agency text = : hanya perangkat daerah ini (kosong = semua) | only this agency (empty = all)
-- parameter day date = : hanya jadwal yang menyentuh tanggal ini (kosong = semua) | only windows touching this local date (empty = all)
-- column status text : missing = terbukti belum tayang, pending = jadwal masih berjalan, unknown = tidak teramati, bukan tuduhan | missing = proved absent, pending = window still open, unknown = not observed, no accusation
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column campaign_id text : kampanye | campaign
-- column material_id text : materi | material
-- column opens_at timestamp : awal jadwal tayang | start of the window
-- column closes_at timestamp : akhir jadwal tayang (eksklusif) | end of the window (exclusive)
-- column reason text : sebab tidak teramati, bila unknown | why it was not observed, when unknown
-- column accounts text : akun yang dinilai; nama lama akun yang sama di belakang tanda = | the accounts judged; earlier names of the same account behind =
WITH former AS (
  SELECT channel || ':' || now_handle AS account, string_agg(' = ' || channel || ':' || handle, '' ORDER BY handle) AS names
  FROM former_names GROUP BY ALL),
known AS (SELECT map(coalesce(list(account), []), coalesce(list(names), [])) AS names FROM former)
SELECT status, agency_id, agency_name, campaign_id, material_id, opens_at, v.closes_at, reason,
  array_to_string(list_transform(d.accounts, lambda one: one || coalesce(known.names[one], '')), ', ') AS accounts
FROM known, verdicts v LEFT JOIN duties d USING (campaign_id, material_id, agency_id, opens_at)
WHERE d.rule IS DISTINCT FROM 'must_not' -- a ban is kept, not shown
  AND status IN ('missing', 'pending', 'unknown')
  AND $campaign IN ('', campaign_id)
  AND $agency IN ('', agency_id)
  AND (CAST($day AS DATE) IS NULL OR (
    opens_at < CAST(CAST($day AS DATE) + 1 AS TIMESTAMPTZ) AND v.closes_at > CAST(CAST($day AS DATE) AS TIMESTAMPTZ)))
ORDER BY list_position(['missing', 'unknown', 'pending'], status), opens_at, campaign_id, material_id, agency_id
