"""tayang.toml -> the Scrapy settings that depend on it; nothing outside a workspace."""

from __future__ import annotations

from typing import Any

from crawler.errors import WrongUse
from crawler.instance import Instance, find_home, load_instance
from crawler.local_time import new_run_id, now_utc

PAGE_BYTES = 15_000_000  # a page larger than this is no page


def workspace_settings() -> dict[str, Any]:
    """Settings of the workspace that TAYANG_HOME or the current folder names; {} without one."""
    try:
        home = find_home(None)
    except WrongUse:
        return {}
    instance, _problems = load_instance(home)
    return settings_of(instance) if instance else {"TAYANG_HOME": str(home)}


def settings_of(instance: Instance) -> dict[str, Any]:
    """One instance's manners in Scrapy's words."""
    crawl = instance.crawl
    return {
        "TAYANG_HOME": str(instance.home),
        "TAYANG_RUN_ID": new_run_id(now_utc()),
        "TAYANG_ZONE": instance.zone.key,
        "TAYANG_ALLOWED_HOSTS": list(crawl.allow_private_hosts),
        "TAYANG_MAX_MEDIA_BYTES": crawl.max_media_bytes,
        "TAYANG_BUDGET_SECONDS": crawl.budget_minutes * 60,
        "TAYANG_REQUESTS_PER_HOUR": crawl.requests_per_hour,
        "TAYANG_RENDERING": instance.rendering,
        "USER_AGENT": crawl.user_agent,
        "DOWNLOAD_DELAY": crawl.delay_seconds,
        "CONCURRENT_REQUESTS": crawl.concurrency,
        # Without a delay there is nothing to be gained by one at a time: loopback and own servers.
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1 if crawl.delay_seconds else crawl.concurrency,
        "DOWNLOAD_TIMEOUT": crawl.timeout_seconds,
        "DOWNLOAD_MAXSIZE": PAGE_BYTES,
    }
