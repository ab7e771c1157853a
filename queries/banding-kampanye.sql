-- id: Bagaimana hasil kampanye yang satu dibandingkan dengan yang lain?
-- en: How does one campaign compare with another?
-- alias: compare-campaigns
-- parameter kind text = : hanya jenis perangkat daerah ini (kosong = semua) | only agencies of this kind (empty = all)
-- column campaign_id text : kampanye | campaign
-- column title text : judul kampanye | the campaign's title
-- column agencies integer : perangkat daerah | agencies
-- column duties integer : semua kewajiban tayang, tanpa larangan | all duties to show, bans apart
-- column judged integer : yang sudah dapat dinilai: jadwalnya berakhir, dan tayang, terlambat, lebih awal, tidak lengkap atau belum tayang | those that can be judged: their window has closed, and they are fulfilled, late, early, incomplete or missing
-- column fulfilled integer : tayang tepat waktu dan lengkap | shown in time and complete
-- column on_time_percent number : persen tayang dari yang dinilai (judged); kosong bila belum ada yang dinilai | percent fulfilled of those judged; empty while none is
-- column off_time integer : terlambat atau lebih awal | late or early
-- column incomplete integer : tidak lengkap | incomplete
-- column missing integer : terbukti belum tayang | proved absent
-- column doubtful integer : di antara yang dinilai: tayangan tepat waktu mungkin ada tetapi tidak teramati atau belum diperiksa | among those judged: an airing in time may stand unobserved or unreviewed
-- column review integer : perlu diperiksa, di luar persen | to review, outside the percentage
-- column pending integer : menunggu, di luar persen | pending, outside the percentage
-- column unknown integer : tidak teramati, di luar persen | not observed, outside the percentage
-- column exempt integer : dikecualikan, di luar persen | exempt, outside the percentage
-- column bans integer : larangan, tidak dihitung di kolom lain | bans, counted in no other column
-- column bans_clear integer : larangan yang terbukti dipatuhi | bans proved to be kept
-- column bans_violated integer : larangan yang dilanggar | bans that were broken
WITH told AS (
  SELECT v.*, d.rule IS NOT NULL AS is_ban,
    v.status IN ('fulfilled', 'incomplete', 'late', 'early', 'missing') AND v.closes_at <= v.as_of AS is_judged,
    list_has_any(string_split(v.reason, '; '), ['window_not_observed', 'on_time_sign']) AS is_doubtful
  FROM verdicts v LEFT JOIN (FROM duties WHERE rule = 'must_not') d USING (campaign_id, material_id, agency_id, opens_at))
SELECT campaign_id, (SELECT any_value(title) FROM campaigns c WHERE c.campaign_id = told.campaign_id) AS title,
  CAST(count(DISTINCT agency_id) AS INTEGER) AS agencies,
  CAST(count(*) FILTER (NOT is_ban) AS INTEGER) AS duties,
  CAST(count(*) FILTER (is_judged) AS INTEGER) AS judged,
  CAST(count(*) FILTER (status = 'fulfilled') AS INTEGER) AS fulfilled,
  round(100.0 * count(*) FILTER (is_judged AND status = 'fulfilled') / nullif(count(*) FILTER (is_judged), 0), 1) AS on_time_percent,
  CAST(count(*) FILTER (status IN ('late', 'early')) AS INTEGER) AS off_time,
  CAST(count(*) FILTER (status = 'incomplete') AS INTEGER) AS incomplete,
  CAST(count(*) FILTER (status = 'missing') AS INTEGER) AS missing,
  CAST(count(*) FILTER (is_judged AND is_doubtful) AS INTEGER) AS doubtful,
  CAST(count(*) FILTER (status = 'review' AND NOT is_ban) AS INTEGER) AS review,
  CAST(count(*) FILTER (status = 'pending' AND NOT is_ban) AS INTEGER) AS pending,
  CAST(count(*) FILTER (status = 'unknown' AND NOT is_ban) AS INTEGER) AS unknown,
  CAST(count(*) FILTER (status = 'exempt' AND NOT is_ban) AS INTEGER) AS exempt,
  CAST(count(*) FILTER (is_ban) AS INTEGER) AS bans,
  CAST(count(*) FILTER (status = 'clear') AS INTEGER) AS bans_clear,
  CAST(count(*) FILTER (status = 'violated') AS INTEGER) AS bans_violated
FROM told
WHERE $kind IN ('', agency_kind)
GROUP BY campaign_id
ORDER BY campaign_id
