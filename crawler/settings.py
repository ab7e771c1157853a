"""The workspace -> Scrapy's settings: manners, bounds, and the flow of items, top to bottom.

Loaded by `scrapy crawl` and by the front door alike. Without a workspace (`scrapy list` in a fresh
checkout) the manners stand alone and no account is assigned.
"""

from __future__ import annotations

from crawler.workspace_settings import workspace_settings

BOT_NAME = "tayang"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# The flow of every item: what we saw becomes bytes, fingerprints, rows.
ITEM_PIPELINES = {
    "pipelines.crawl.KeepEvidence": 100,
    "pipelines.crawl.FingerprintAhead": 200,
    "pipelines.crawl.KeepRows": 300,
}
EXTENSIONS = {
    "pipelines.plan.AssignAccounts": 0,
    "scrapy.extensions.telnet.TelnetConsole": None,
}
DOWNLOADER_MIDDLEWARES = {
    "crawler.addresses.AddressCheck": 50,
    "crawler.host_budget.HostBudget": 60,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.retries.PatientRetry": 550,  # where Scrapy has its own
}

# Manners. Pages are asked only after crawler.robots permits them; this stays on for all else.
ROBOTSTXT_OBEY = True
COOKIES_ENABLED = False
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY_JITTER = 0.5

# Bounds.
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408]  # 429 means no: it ends the visit
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
REDIRECT_MAX_TIMES = 5
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_FAIL_ON_DATALOSS = True

# A name leads to the open internet when the connection is made, not only when it was asked about.
TWISTED_DNS_RESOLVER = "crawler.connecting.PublicResolver"

# Consoles that run code in the crawl stay shut.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

LOG_FORMATTER = "crawler.log_lines.RedactingLogFormatter"
LOG_LEVEL = "WARNING"
FEED_EXPORT_ENCODING = "utf-8"

globals().update(workspace_settings())
