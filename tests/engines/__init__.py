"""Other engines than Debian's Chromium under Playwright, each driven by what it has built in.

All have one interface (`driver.Driver`), so that one test can ask each of them the same.
"""
