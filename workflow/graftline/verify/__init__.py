"""Verifying: is everything in a results folder or a release still what was made, and made from that?"""
