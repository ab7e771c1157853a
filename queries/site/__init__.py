"""The store and the newest verdicts -> a static site: day, campaign, agency and post pages with search."""

from queries.site.request import SiteRequest
from queries.site.write import Written, write_site

__all__ = ["SiteRequest", "Written", "write_site"]
