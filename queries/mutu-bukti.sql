-- id: Seberapa kuat bukti di balik yang dinyatakan tayang, per kampanye?
-- en: How strong is the evidence behind what counts as shown, by campaign?
-- alias: grades
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- column campaign_id text : kampanye | campaign
-- column shown integer : kewajiban yang tayang (fulfilled) | duties fulfilled
-- column grade_a integer : diambil sendiri, dikenali dari medianya | own fetch, recognised by its media
-- column grade_b integer : diambil sendiri, dikenali dari teks atau tautan | own fetch, recognised by text or link
-- column grade_c integer : dibawa operator | brought by an operator
-- column grade_d integer : dikirim sendiri oleh perangkat daerah | submitted by the agency itself
-- column by_word integer : diputuskan orang tanpa unggahan | decided by a person without a post
-- column own_percent number : persen fulfilled yang bertumpu pada pengamatan sendiri (A dan B) | percent of those fulfilled that rest on own observation (A and B)
-- column reviewed integer : di antaranya diputuskan orang | of these decided by a person
SELECT campaign_id, CAST(count(*) AS INTEGER) AS shown,
  CAST(count(*) FILTER (grade = 'A') AS INTEGER) AS grade_a,
  CAST(count(*) FILTER (grade = 'B') AS INTEGER) AS grade_b,
  CAST(count(*) FILTER (grade = 'C') AS INTEGER) AS grade_c,
  CAST(count(*) FILTER (grade = 'D') AS INTEGER) AS grade_d,
  CAST(count(*) FILTER (grade IS NULL) AS INTEGER) AS by_word,
  round(100.0 * count(*) FILTER (grade IN ('A', 'B')) / count(*), 1) AS own_percent,
  CAST(count(*) FILTER (decided_by <> 'tayang') AS INTEGER) AS reviewed
FROM verdicts
WHERE status = 'fulfilled' AND $campaign IN ('', campaign_id)
GROUP BY campaign_id
ORDER BY campaign_id
