"""`make bench`: how fast Lodestone is, each figure beside what it is measured against, all from one run."""
