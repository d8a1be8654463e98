"""What is inferred about a member, what they say to it, and what others may then come across."""
