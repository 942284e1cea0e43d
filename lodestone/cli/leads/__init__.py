"""The commands of `build.py leads`."""
