//! Shared pieces of the tests: the real server, the real browser.
