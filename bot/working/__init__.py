"""Working: stored updates become effects, what a person waits for first."""
