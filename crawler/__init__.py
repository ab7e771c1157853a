"""What we saw: requests and pages of public channels -> posts, visits and the bytes behind them."""
