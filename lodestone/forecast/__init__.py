"""The mails that a lead will get, computed by the drip itself."""
