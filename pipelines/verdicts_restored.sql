-- A sealed file of verdicts -> verdict_rows, as they were said.
INSERT INTO verdict_rows BY NAME
FROM read_json(?, format = 'newline_delimited', compression = 'gzip', maximum_object_size = 67108864, columns = {
  campaign_id: 'TEXT', material_id: 'TEXT', agency_id: 'TEXT', opens_at: 'TIMESTAMPTZ', closes_at: 'TIMESTAMPTZ',
  status: 'TEXT', reason: 'TEXT', post_id: 'TEXT', post_url: 'TEXT', published_at: 'TIMESTAMPTZ', minutes_late: 'INTEGER',
  matcher: 'TEXT', score: 'DOUBLE', grade: 'TEXT', decided_by: 'TEXT', as_of: 'TIMESTAMPTZ', said_at: 'TIMESTAMPTZ'});
