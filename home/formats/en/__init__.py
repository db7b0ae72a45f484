"""Italian dates as people write them."""
