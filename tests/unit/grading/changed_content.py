"""What a file says with one value changed, for tests of how it is refused."""

import copy


def change(content, path, value):
    """A copy of `content` with `value` at the keys `path`."""
    content = copy.deepcopy(content)
    place = content
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return content
