"""One unattended run: take the lease, bring a crashed run into order, build, seal, tell.

Everything here looks at clocks, processes and the network's name of this machine; nothing here makes a
result.
"""
