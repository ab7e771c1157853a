-- id: Kecocokan mana yang harus dilihat orang sebelum dapat dinilai?
-- en: Which matches must a person look at before they can be judged?
-- alias: to-review
-- parameter campaign text = : hanya kampanye ini (kosong = semua) | only this campaign (empty = all)
-- column agency_id text : perangkat daerah | agency
-- column agency_name text : nama perangkat daerah | agency's name
-- column campaign_id text : kampanye | campaign
-- column material_id text : materi | material
-- column opens_at timestamp : awal jadwal tayang | start of the window
-- column published_at timestamp : waktu unggahan terbit | when the post was published
-- column matcher text : cara pengenalan | way of recognising
-- column score number : keyakinan 0–1 | certainty 0–1
-- column explanation text : alasan dalam bahasa Indonesia | the reason in Indonesian
-- column explanation_en text : alasan dalam bahasa Inggris | the reason in English
-- column post_url text : tautan unggahan | link of the post
SELECT v.agency_id, v.agency_name, v.campaign_id, v.material_id, v.opens_at, v.published_at, v.matcher, v.score,
  any_value(json_extract_string(m.explanation, '$.id') ORDER BY m.score DESC) AS explanation,
  any_value(json_extract_string(m.explanation, '$.en') ORDER BY m.score DESC) AS explanation_en, v.post_url
FROM verdicts v
LEFT JOIN matches m ON m.post_id = v.post_id AND m.campaign_id = v.campaign_id AND m.material_id = v.material_id
  AND m.matcher = v.matcher
WHERE v.status = 'review' AND $campaign IN ('', v.campaign_id)
GROUP BY ALL
ORDER BY v.opens_at, v.agency_id, v.campaign_id, v.material_id
