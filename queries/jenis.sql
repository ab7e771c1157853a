-- id: Bagaimana kecamatan dibandingkan dengan dinas dan jenis perangkat daerah lainnya?
-- en: How do districts compare with offices and the other kinds of agencies?
-- alias: kinds
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- column agency_kind text : jenis | kind
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
-- Verdicts are counted before anything is asked of each: few of them differ in what is counted here.
WITH alike AS (
  SELECT agency_kind, status, closes_at <= as_of AS is_closed, reason, count(*) AS n
  FROM verdicts WHERE $campaign IN ('', campaign_id) GROUP BY ALL),
said AS (
  SELECT *, status IN ('fulfilled', 'incomplete', 'late', 'early', 'missing') AND is_closed AS is_judged,
    list_has_any(string_split(reason, '; '), ['window_not_observed', 'on_time_sign']) AS is_doubtful
  FROM alike),
counted AS (
  SELECT agency_kind, sum(n) AS verdicts, sum(n) FILTER (is_judged) AS judged,
    sum(n) FILTER (status = 'fulfilled') AS fulfilled, sum(n) FILTER (is_judged AND status = 'fulfilled') AS on_time,
    sum(n) FILTER (status IN ('late', 'early')) AS off_time, sum(n) FILTER (status = 'incomplete') AS incomplete,
    sum(n) FILTER (status = 'missing') AS missing, sum(n) FILTER (is_judged AND is_doubtful) AS doubtful,
    sum(n) FILTER (status = 'review') AS review, sum(n) FILTER (status = 'pending') AS pending,
    sum(n) FILTER (status = 'unknown') AS unknown, sum(n) FILTER (status = 'exempt') AS exempt,
    sum(n) FILTER (status = 'clear') AS clear, sum(n) FILTER (status = 'violated') AS violated
  FROM said GROUP BY ALL),
banned AS ( -- what of these are bans
  SELECT agency_kind, count(*) AS bans, count(*) FILTER (status = 'review') AS review, count(*) FILTER (status = 'pending') AS pending,
    count(*) FILTER (status = 'unknown') AS unknown, count(*) FILTER (status = 'exempt') AS exempt
  FROM verdicts SEMI JOIN (FROM duties WHERE rule = 'must_not') USING (campaign_id, material_id, agency_id, opens_at)
  WHERE $campaign IN ('', campaign_id) GROUP BY ALL),
asked AS (
  SELECT kind AS agency_kind, count(*) AS agencies
  FROM (SELECT DISTINCT agency_id FROM verdicts WHERE $campaign IN ('', campaign_id)) LEFT JOIN agencies USING (agency_id)
  GROUP BY ALL)
SELECT c.agency_kind, CAST(a.agencies AS INTEGER) AS agencies,
  CAST(c.verdicts - coalesce(b.bans, 0) AS INTEGER) AS duties,
  CAST(coalesce(c.judged, 0) AS INTEGER) AS judged,
  CAST(coalesce(c.fulfilled, 0) AS INTEGER) AS fulfilled,
  round(100.0 * coalesce(c.on_time, 0) / c.judged, 1) AS on_time_percent,
  CAST(coalesce(c.off_time, 0) AS INTEGER) AS off_time,
  CAST(coalesce(c.incomplete, 0) AS INTEGER) AS incomplete,
  CAST(coalesce(c.missing, 0) AS INTEGER) AS missing,
  CAST(coalesce(c.doubtful, 0) AS INTEGER) AS doubtful,
  CAST(coalesce(c.review, 0) - coalesce(b.review, 0) AS INTEGER) AS review,
  CAST(coalesce(c.pending, 0) - coalesce(b.pending, 0) AS INTEGER) AS pending,
  CAST(coalesce(c.unknown, 0) - coalesce(b.unknown, 0) AS INTEGER) AS unknown,
  CAST(coalesce(c.exempt, 0) - coalesce(b.exempt, 0) AS INTEGER) AS exempt,
  CAST(coalesce(b.bans, 0) AS INTEGER) AS bans,
  CAST(coalesce(c.clear, 0) AS INTEGER) AS bans_clear,
  CAST(coalesce(c.violated, 0) AS INTEGER) AS bans_violated
FROM counted c JOIN asked a ON a.agency_kind IS NOT DISTINCT FROM c.agency_kind
LEFT JOIN banned b ON b.agency_kind IS NOT DISTINCT FROM c.agency_kind
ORDER BY ALL
