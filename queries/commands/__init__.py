"""The commands of `tayang`: one file each, loaded when it is called."""

# In the order of the help: what a newcomer needs first stands first.
NAMES = (
    "demo", "init", "check", "run", "crawl", "probe", "import", "match", "verify", "report", "letter", "bundle", "site",
    "notify", "ask", "sql", "review", "audit", "rebuild", "retention", "forget", "doctor", "schedule",
)  # fmt: skip
