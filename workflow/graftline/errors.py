"""The one exception whose text is meant for a person."""


class GraftlineError(Exception):
    """What is wrong and what to do about it, in one or two lines without patient values.

    Scripts and the command line print its text alone, without a traceback, and exit with status 1.
    """
