"""The simulator: past elections counted again under other rules, saved and compared."""
