"""The timers that nobody waits for at the end of a run."""

import threading

from graftline.timers import cancel_timers


def test_a_timer_that_has_not_rung_never_does_and_its_thread_ends():
    rung = threading.Event()
    timer = threading.Timer(3600, rung.set)
    timer.start()
    cancel_timers()
    timer.join(timeout=60)
    assert not timer.is_alive() and not rung.is_set()


def test_other_threads_go_on():
    told, heard = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: told.wait(60) and heard.set())
    thread.start()
    cancel_timers()
    told.set()
    thread.join(timeout=60)
    assert heard.is_set()
