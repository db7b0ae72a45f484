"""What measures speed and memory. Each module has a `main()`; `make bench` runs them all."""
