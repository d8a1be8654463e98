"""Notices: what goes out without being asked, for handlers and jobs alike."""
