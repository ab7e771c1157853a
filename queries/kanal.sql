-- id: Seberapa sehat pengamatan setiap kanal pada setiap putaran?
-- en: How healthy was the crawl of each channel in each run?
-- alias: channels
-- parameter runs integer = 5 : berapa putaran terakhir | how many of the last runs
-- column run_id text : putaran | run
-- column started_at timestamp : kunjungan pertama | first visit
-- column channel text : kanal | channel
-- column visits integer : kunjungan | visits
-- column complete integer : terbaca penuh | read completely
-- column partial integer : terbaca sebagian | read in part
-- column blocked integer : ditolak sumber | refused by the source
-- column private integer : akun privat | private account
-- column gone integer : akun tidak ada | no such account
-- column unreadable integer : jawaban tidak terbaca | unreadable answer
-- column failed integer : tidak terhubung | no answer
-- column posts_seen integer : unggahan terlihat | posts seen
-- column minutes number : lama seluruhnya | minutes from first to last
WITH latest AS (SELECT run_id FROM visits GROUP BY run_id ORDER BY max(started_at) DESC, run_id LIMIT $runs)
SELECT run_id, min(started_at) AS started_at, channel,
  CAST(count(*) AS INTEGER) AS visits,
  CAST(count(*) FILTER (outcome = 'complete') AS INTEGER) AS complete,
  CAST(count(*) FILTER (outcome = 'partial') AS INTEGER) AS partial,
  CAST(count(*) FILTER (outcome = 'blocked') AS INTEGER) AS blocked,
  CAST(count(*) FILTER (outcome = 'private') AS INTEGER) AS private,
  CAST(count(*) FILTER (outcome = 'gone') AS INTEGER) AS gone,
  CAST(count(*) FILTER (outcome = 'unreadable') AS INTEGER) AS unreadable,
  CAST(count(*) FILTER (outcome = 'failed') AS INTEGER) AS failed,
  CAST(sum(posts_seen) AS INTEGER) AS posts_seen,
  round(date_diff('second', min(started_at), max(finished_at)) / 60.0, 1) AS minutes
FROM visits JOIN latest USING (run_id)
GROUP BY run_id, channel
ORDER BY started_at DESC, run_id, channel
