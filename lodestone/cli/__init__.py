"""The command line: every command with its options. A command imports what it runs when it is called."""
