"""Engine: runs what is due, here or in another process, for real or as a rehearsal."""
