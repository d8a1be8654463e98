"""Notices: what is sent because something changed or began (events, newcomers, introductions), for handlers and jobs alike."""
