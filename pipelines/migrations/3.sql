-- Version 3: who was told what of a run. Append-only: `begun` before a message leaves, then `sent` or `failed`.
-- `receiver` is a scheme and a digest; addresses of receivers hold secrets and are nowhere in the store.
CREATE TABLE notification_rows (notification_id TEXT, kind TEXT, subject TEXT, receiver TEXT, sent_at TIMESTAMPTZ,
  outcome TEXT, attempts INTEGER, detail TEXT);
CREATE VIEW notifications AS SELECT notification_id, kind, subject, receiver, sent_at, outcome, attempts, detail FROM notification_rows;
