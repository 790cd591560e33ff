"""The notebook for programs: what readers see as JSON, and with a token a reader's own progress."""
