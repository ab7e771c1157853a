-- id: Apa yang ditulis media tentang kampanye?
-- en: What did news media write of the campaigns?
-- alias: media-coverage
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- parameter since date = : terbit sejak tanggal ini (kosong = semua) | published since this local date (empty = all)
-- column campaign_id text : kampanye | campaign
-- column published_at timestamp : waktu terbit menurut media itu sendiri | time of publication by the outlet's own word
-- column outlet_name text : media | outlet
-- column title text : judul tulisan | title of the article
-- column url text : alamatnya | its address
-- column words text : kata kampanye yang ditemukan | words of the campaign that were found
-- column is_read boolean : halamannya dibaca; jika tidak, hanya judul dari daftar | its page was read; else only a list's title
-- column evidence_sha256 text : SHA-256 bukti | SHA-256 of the evidence
SELECT campaign_id, published_at, outlet_name, title, url, array_to_string(words, ', ') AS words, is_read, evidence_sha256
FROM media_coverage
WHERE $campaign IN ('', campaign_id)
  AND (CAST($since AS DATE) IS NULL OR published_at >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ))
ORDER BY campaign_id, published_at DESC, outlet_name, url
