"""What `klatch` can do from the command line besides running: one file a command."""
