"""What it means: captures and posts -> evidence, fingerprints, matches and verdicts."""
