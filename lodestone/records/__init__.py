"""Leads as read from anywhere: one protocol, and an implementation for each place that stores them."""
