"""What admins see of their community: counts that are nobody's."""
