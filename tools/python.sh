#!/bin/sh
# Print the path of a Python that can make the environment: 3.11 or later, with venv and pip. PYTHON names one.
PATH="$PATH:/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin"
if [ -n "$PYTHON" ]; then
    set -- "$PYTHON"
else
    set -- python3 python3.14 python3.13 python3.12 python3.11
fi
for name in "$@"; do
    "$name" -c 'import ensurepip, fcntl, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    "$name" -c 'import sys; print(sys.executable)'
    exit 0
done
cat >&2 <<'SENTENCE'
The notebook needs Python 3.11 or later with its venv module, and found none.
On Debian and Ubuntu: apt-get install python3 python3-venv. On Fedora: dnf install python3. On macOS: brew install python.
If it is somewhere else: make run PYTHON=/path/to/python3
SENTENCE
exit 1
