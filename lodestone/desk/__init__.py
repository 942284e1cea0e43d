"""What the owner of a site asks of leads, and the changes that only the owner may make."""
