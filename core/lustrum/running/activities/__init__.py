"""What leads did: the feed, and what lustrum itself did to them."""
