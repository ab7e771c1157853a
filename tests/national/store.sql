-- A country: 514 regencies with 100 agencies each, 56,540 accounts, nine materials of three campaigns, 462,600 duties judged,
-- and what a month of looks leaves behind. Every status and oddity occurs; `hash` chooses, so it is always the same country.
-- A look at midnight reads three days back, as the first of a run does, so that three looks list each post; two
-- posts of a hundred are gone from the second one on.
SET VARIABLE agencies = 51400;
SET VARIABLE opening = TIMESTAMPTZ '2024-04-01 00:00:00+07';
-- When the `nth` look that lists a post of this time read it.
CREATE TEMP MACRO listed_at(published, nth) AS getvariable('opening')
  + to_days(CAST(ceil(date_diff('second', getvariable('opening'), published + INTERVAL 5 MINUTE) / 86400.0) + nth AS INTEGER))
  + INTERVAL 10 SECOND;
CREATE TEMP MACRO is_blocked(handle, day) AS hash(handle, day) % 20 = 0 OR hash(handle) % 25 = 0 AND day BETWEEN 3 AND 9;
INSERT INTO agency_rows SELECT 'kab' || i, 'Kabupaten ' || i, 'kabupaten', NULL, NULL, NULL FROM range(514) r(i);
INSERT INTO agency_rows SELECT 'a' || i, 'Dinas ' || i, ['opd', 'kecamatan', 'bumd', 'sekolah'][1 + i % 4], 'kab' || (i % 514), NULL,
    NULL
  FROM range(getvariable('agencies')) r(i);
-- Every agency is on Instagram, every tenth has a site.
INSERT INTO account_rows SELECT
    'a' || (CASE WHEN i < getvariable('agencies') THEN i ELSE (i - getvariable('agencies')) * 10 END),
    CASE WHEN i < getvariable('agencies') THEN 'instagram' ELSE 'news' END, 'h' || i, CASE WHEN i % 2 = 0 THEN 'n' || i END, NULL, NULL
  FROM range(getvariable('agencies') * 11 // 10) r(i);
INSERT INTO campaign_rows SELECT 'c' || i, 'Kampanye ' || i, '[]' FROM range(3) r(i);
INSERT INTO material_rows SELECT 'c' || (i % 3), 'm' || i, 'Materi ' || i, ['video', 'image', 'text'][1 + i % 3], 'same', '', [], [],
    'ref' || i
  FROM range(9) r(i);
INSERT INTO duty_rows SELECT 'c' || (m % 3), 'm' || m, 'a' || a, getvariable('opening') + to_days(CAST(m AS INTEGER)),
    getvariable('opening') + to_days(CAST(m + 1 AS INTEGER)), 48, 24, CASE WHEN m = 8 THEN 'must_not' ELSE 'must' END,
    ['instagram:h' || a] || CASE WHEN a % 10 = 0 THEN ['news:h' || (getvariable('agencies') + a // 10)] ELSE [] END, NULL
  FROM range(getvariable('agencies')) r(a), range(9) s(m);
INSERT INTO verdict_rows
  WITH drawn AS (
    SELECT *, CAST(substr(agency_id, 2) AS INTEGER) AS a, CAST(substr(material_id, 2) AS INTEGER) AS m,
      hash(agency_id, material_id) % 100 AS h
    FROM duty_rows),
  said AS (
    SELECT *, CASE WHEN rule = 'must_not' THEN CASE WHEN h < 2 THEN 'violated' WHEN h < 90 THEN 'clear' ELSE 'unknown' END
      WHEN h < 60 THEN 'fulfilled' WHEN h < 65 THEN 'incomplete' WHEN h < 70 THEN 'late' WHEN h < 72 THEN 'early'
      WHEN h < 77 THEN 'review' WHEN h < 87 THEN 'missing' WHEN h < 97 THEN 'unknown' WHEN h < 98 THEN 'exempt'
      ELSE 'pending' END AS status
    FROM drawn),
  shown AS (
    SELECT *, status IN ('fulfilled', 'incomplete', 'late', 'early', 'review', 'violated') AS has_post FROM said)
  SELECT campaign_id, material_id, agency_id, opens_at, closes_at, status,
    CASE status WHEN 'unknown' THEN 'blocked' WHEN 'exempt' THEN 'surat' ELSE '' END,
    CASE WHEN has_post THEN 'p' || a || '-' || m END, CASE WHEN has_post THEN 'https://ig/p/' || a || '-' || m END,
    CASE WHEN has_post THEN opens_at + to_minutes(CAST(h * 20 AS INTEGER)) END, CASE WHEN status = 'late' THEN 5 END,
    ['video', 'image', 'text', 'link'][CAST(1 + h % 4 AS INTEGER)], 0.9, 'A', 'tayang', closes_at + INTERVAL 30 DAY,
    closes_at + INTERVAL 30 DAY
  FROM shown;
INSERT INTO newest_verdict_rows SELECT * REPLACE (getvariable('opening') + INTERVAL 30 DAY AS as_of) FROM verdict_rows;
INSERT INTO verdict_rows SELECT * REPLACE ('pending' AS status, '' AS reason, opens_at AS as_of, opens_at AS said_at, NULL AS post_id)
  FROM verdict_rows;
INSERT INTO verdict_rows SELECT * REPLACE ('missing' AS status, '' AS reason, closes_at AS as_of, closes_at AS said_at,
  NULL AS post_id) FROM verdict_rows WHERE status = 'late';
INSERT INTO post_rows SELECT post_id, 'k' || post_id, 'instagram', agency_id, 'h' || substr(agency_id, 2), 'x' || post_id, post_url,
    published_at, published_at, CASE WHEN hash(post_id) % 5 = 0 THEN 'declared' ELSE 'exact' END, 'teks ' || post_id, [], false,
    'crawl', 'e' || post_id, CASE WHEN hash(post_id) % 200 = 1 THEN 'paywall' END, listed_at(published_at, 0),
    [{media_id: 'i' || post_id, kind: 'image', url: 'u', trouble: CASE WHEN hash(post_id) % 100 = 7 THEN 'no url' END,
      sha256: CASE WHEN hash(post_id) % 100 = 7 THEN NULL WHEN hash(post_id) % 50 = 3 THEN 'same' || (hash(post_id) % 1000)
        ELSE 'sha' || post_id END}]
  FROM newest_verdict_rows WHERE post_id IS NOT NULL;
INSERT INTO post_rows SELECT 'o' || a || '-' || k, 'ko' || a || '-' || k, 'news', 'a' || ((a - getvariable('agencies')) * 10), 'h' || a,
    'y' || a || '-' || k, 'https://s/' || a || '/' || k, getvariable('opening') + to_hours(CAST(k * 70 + a % 50 AS INTEGER)),
    getvariable('opening') + to_hours(CAST(k * 70 + a % 50 AS INTEGER)), 'exact', 'lain', [], false, 'crawl', 'e', NULL,
    listed_at(getvariable('opening') + to_hours(CAST(k * 70 + a % 50 AS INTEGER)), 0), []
  FROM range(getvariable('agencies'), getvariable('agencies') * 11 // 10) r(a), range(8) s(k);
INSERT INTO sighting_rows SELECT post_id, content_id, seen_at + to_days(CAST(k AS INTEGER)) FROM post_rows, range(3) s(k)
  WHERE k = 0 OR hash(post_id) % 50 <> 5;
INSERT INTO post_rows SELECT * REPLACE (content_id || 'b' AS content_id, text || ' disunting' AS text,
  seen_at + INTERVAL '2 days 5 seconds' AS seen_at) FROM post_rows WHERE hash(post_id) % 100 = 11;
INSERT INTO sighting_rows SELECT post_id, content_id, seen_at FROM post_rows WHERE content_id LIKE '%b';
INSERT INTO visit_rows SELECT 'r' || d, channel, agency_id, handle, getvariable('opening') + to_days(CAST(d AS INTEGER)),
    getvariable('opening') + to_days(CAST(d AS INTEGER)) + INTERVAL 20 SECOND,
    CASE WHEN is_blocked(handle, d) THEN 'blocked' ELSE 'complete' END,
    CASE WHEN NOT is_blocked(handle, d) THEN getvariable('opening') + to_days(CAST(d AS INTEGER)) - INTERVAL '72 hours 5 minutes' END,
    CASE WHEN NOT is_blocked(handle, d) THEN getvariable('opening') + to_days(CAST(d AS INTEGER)) - INTERVAL 5 MINUTE END, 3,
    CASE WHEN is_blocked(handle, d) THEN 'blocked' END, '', 'n' || substr(handle, 2), 'e'
  FROM account_rows, range(30) r(d);
INSERT INTO sign_rows SELECT post_id, content_id, 'ref' || split_part(post_id, '-', 2),
    'c' || (CAST(split_part(post_id, '-', 2) AS INTEGER) % 3), 'm' || split_part(post_id, '-', 2),
    ['video', 'image', 'text', 'link'][CAST(1 + hash(post_id) % 4 AS INTEGER)], 0.9, 'match', '{"id": "x", "en": "y"}',
    CASE WHEN hash(post_id) % 4 < 2 THEN media[1].sha256 END, [], seen_at
  FROM post_rows WHERE post_id LIKE 'p%';
INSERT INTO review_rows SELECT 'rv' || row_number() OVER (), post_id, campaign_id, material_id, agency_id, NULL, 'match', 'Siti',
    'cocok', as_of
  FROM newest_verdict_rows WHERE status = 'review' LIMIT 10000;
INSERT INTO submission_rows SELECT 's' || row_number() OVER (), agency_id, campaign_id, material_id,
    'https://www.instagram.com/p/X' || post_id || '/', published_at, as_of, 'e', 'submission'
  FROM newest_verdict_rows WHERE post_id IS NOT NULL LIMIT 20000;
INSERT INTO fingerprint_rows SELECT DISTINCT m.sha256, 1, m.kind, NULL, CASE WHEN hash(m.sha256) % 300 = 0 THEN 'truncated' END
  FROM (SELECT unnest(media) AS m FROM post_rows) WHERE m.sha256 IS NOT NULL;
INSERT INTO run_rows SELECT 'r' || d, 'run', getvariable('opening') + to_days(CAST(d AS INTEGER)),
    getvariable('opening') + to_days(CAST(d AS INTEGER)), getvariable('opening'), 0, ''
  FROM range(30) r(d);
