"""Stand-ins for AWS: clients that answer boto3's calls on this machine."""
