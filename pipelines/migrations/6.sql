-- Version 6: what each run read of each channel, and what was strange about it. Readings are facts of a run; alarms are
-- derived from them, and say whose visits prove nothing until a later normal run bears them out or a person confirms.
CREATE TABLE IF NOT EXISTS reading_rows (run_id TEXT, channel TEXT, started_at TIMESTAMPTZ, name TEXT, number BIGINT);
CREATE TABLE IF NOT EXISTS alarm_rows (run_id TEXT, channel TEXT, handle TEXT, kind TEXT, found DOUBLE, usual DOUBLE, sample BIGINT,
  is_withheld BOOLEAN, started_at TIMESTAMPTZ);
CREATE OR REPLACE VIEW alarms AS SELECT run_id, channel, handle, kind, found, usual, sample, is_withheld, started_at FROM alarm_rows;
-- Looks that answered for the account the registry means, under its name of today, in runs whose channel was not strange
-- beyond belief.
CREATE OR REPLACE VIEW looks_of_owner AS
  SELECT v.*, a.native_id AS registered_id
  FROM (SELECT v.* REPLACE (coalesce(f.now_handle, v.handle) AS handle)
    FROM visit_rows v LEFT JOIN former_name_rows f ON f.channel = v.channel AND f.handle = v.handle) v
  LEFT JOIN account_rows a USING (channel, handle)
  WHERE (a.native_id IS NULL OR v.native_id IS NULL OR v.native_id = a.native_id)
    AND NOT EXISTS (FROM alarm_rows w WHERE w.is_withheld AND w.run_id = v.run_id AND w.channel = v.channel);
