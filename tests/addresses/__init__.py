"""Every address of the site, an example of each, and what each role meets there."""
