"""The panel at `/_local/`: inbox, leads, queues and schedules, clock, faults."""
