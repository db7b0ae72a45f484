"""A PostgreSQL that comes with the project's Python packages, for trying, developing and testing.

Never for production: it trusts every local connection. `base.py` is Django's database backend;
`server.py` starts the server and finds it again.
"""
