"""The owner's desk: leads as those who run the site see them, and what they may do about them."""
