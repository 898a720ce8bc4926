"""Four small complete worlds: what the contracts promise, loops and executors are tried on."""
