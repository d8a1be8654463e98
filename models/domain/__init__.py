"""Domain model: rules. Pure functions that decide; thin functions that load, decide, write."""
