"""What a test leaves behind fails that test: a process, a socket, an open file, a thread, a task, a file."""
