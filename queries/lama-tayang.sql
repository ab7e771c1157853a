-- id: Berapa menit setelah jadwal dibuka setiap perangkat daerah biasanya menayangkan?
-- en: How many minutes after the window opens does each agency usually show?
-- alias: time-to-show
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter kind text = : hanya jenis perangkat daerah ini (kosong = semua) | only agencies of this kind (empty = all)
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column agency_kind text : jenis | kind
-- column shown integer : tayangan dengan waktu pasti yang dihitung (fulfilled, incomplete, late) | showings of exact time that are counted (fulfilled, incomplete, late)
-- column average_minutes number : rata-rata menit dari awal jadwal sampai terbit | average minutes from opening to publication
-- column median_minutes number : nilai tengahnya | their median
-- column slowest_minutes integer : yang paling lambat | the slowest
-- column inexact integer : tayangan yang tidak dihitung karena waktunya tidak pasti | showings left out because their time is not exact
WITH told AS (
  SELECT v.agency_id, v.agency_name, v.agency_kind,
    v.post_id NOT IN (SELECT post_id FROM post_rows WHERE published_quality <> 'exact') AS is_exact,
    -- As date_diff('minute', …) says, which asks the calendar of each zone and takes longer than all the rest.
    epoch_us(v.published_at) // 60_000_000 - epoch_us(v.opens_at) // 60_000_000 AS minutes
  FROM verdicts v
  WHERE v.status IN ('fulfilled', 'incomplete', 'late') AND v.published_at IS NOT NULL
    AND $campaign IN ('', v.campaign_id) AND $kind IN ('', v.agency_kind))
SELECT agency_id, any_value(agency_name) AS agency_name, any_value(agency_kind) AS agency_kind, CAST(count(*) FILTER (is_exact) AS INTEGER) AS shown,
  round(avg(minutes) FILTER (is_exact), 1) AS average_minutes, median(minutes) FILTER (is_exact) AS median_minutes,
  CAST(max(minutes) FILTER (is_exact) AS INTEGER) AS slowest_minutes,
  CAST(count(*) FILTER (NOT is_exact) AS INTEGER) AS inexact
FROM told
GROUP BY agency_id
ORDER BY median_minutes DESC NULLS LAST, agency_id
