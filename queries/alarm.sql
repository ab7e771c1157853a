-- id: Apa yang janggal pada pengamatan kami sendiri, dan kunjungan mana yang karenanya tidak dipakai sebagai bukti?
-- en: What was strange about our own observation, and whose visits therefore prove no absence?
-- alias: alarms
-- parameter runs integer = 14 : berapa putaran terakhir | how many of the last runs
-- column run_id text : putaran | run
-- column started_at timestamp : kunjungan pertama | first visit
-- column channel text : kanal | channel
-- column handle text : akun, hanya untuk catatan tentang satu akun | account, only for a notice about one
-- column kind text : apa yang janggal (lihat docs/health.md) | what was strange (see docs/health.md)
-- column found number : yang ditemukan | what was found
-- column usual number : yang biasa | what is usual
-- column sample integer : dari berapa | of how many
-- column is_withheld boolean : benar bila kunjungan kanal ini tidak membuktikan ketiadaan | true where the channel's visits prove no absence
WITH latest AS (SELECT run_id FROM visits GROUP BY run_id ORDER BY max(started_at) DESC, run_id LIMIT $runs)
SELECT run_id, started_at, channel, coalesce(handle, '') AS handle, kind, round(found, 3) AS found,
  round(usual, 3) AS usual, CAST(sample AS INTEGER) AS sample, is_withheld
FROM alarms JOIN latest USING (run_id)
ORDER BY started_at DESC, run_id, kind = 'silent', is_withheld DESC, channel, kind, handle
