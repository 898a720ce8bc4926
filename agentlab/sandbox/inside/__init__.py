"""What runs inside the sandbox: the standard library alone, copied in file by file."""
