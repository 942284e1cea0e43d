"""AWS, stood in for: clients that take boto3's calls and answer them on this machine."""
