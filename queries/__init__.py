"""What can be said, read-only: answers, reports and the desk rest on the store's public views."""
