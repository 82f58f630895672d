"""Speed and size, measured in a real browser, as ratios in one run. Never part of the tests."""
