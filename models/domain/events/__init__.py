"""Events: planned, answered, seated, attended, told of afterwards."""
