"""The notebook as tools for assistants, by the Model Context Protocol: over standard input and output, and by HTTP."""
