"""English dates as people write them."""
