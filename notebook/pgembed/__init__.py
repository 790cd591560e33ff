"""A PostgreSQL server that starts with the first process that needs it and stops after the last.

    home.py        the folder of one server: paths, locks, what its pid file says
    account.py     as whom PostgreSQL runs when we are root
    binaries.py    which PostgreSQL programs
    cluster.py     making the database files, starting the server
    supervisor.py  the process that owns the server
    server.py      ensure(): what users of the server call
    base.py        Django's database backend on top

Every process that uses the server holds a shared lock on one file. The supervisor waits for the exclusive
lock, which the kernel grants once every holder is gone, also after kill -9. docs/decisions/0001 says why.
Nothing here but base.py imports Django: the supervisor is to stay small.
"""
