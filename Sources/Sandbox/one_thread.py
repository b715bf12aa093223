# Threads for an interpreter that has one.
#
# A session can start no thread. The kernel refuses it, and the order in which real threads run depends
# on how busy the machine is, and with it what a snippet prints. Here a thread runs to its end when it is
# started, which is one of the orders that real threads may take. A timer runs when it is joined, or
# after the snippet's last line, as a program waits for its timers at its end. A thread that waits for
# what another is to do later waits until the snippet's time limit.

import _thread
import _threading_local
import contextvars
import threading
import time


class OneThread:
    """The threads of a session, each of which runs inside the call that starts it."""

    def __init__(self):
        self.main = threading.main_thread()
        # The innermost last; and timers that have been started.
        self.running, self.timers = [self.main], []
        self.monotonic, self.sleep = time.monotonic, time.sleep
        self.last_identifier = self.main.ident

    def install(self):
        """Puts these threads in the place of the real ones, for everything that is imported."""
        thread, timer = threading.Thread, threading.Timer
        thread.start = lambda this: self.start(this)
        thread.join = lambda this, timeout=None: self.join(this, timeout)
        thread.is_alive = lambda this: this in self.running or this in self.timers
        timer.run = lambda this: self.run_timer(this)
        threading.current_thread = threading.currentThread = lambda: self.running[-1]
        threading.get_ident = lambda: self.running[-1].ident
        threading.enumerate = lambda: [*self.running, *self.timers]
        threading.active_count = threading.activeCount = lambda: len(threading.enumerate())
        # Its values are kept by thread, in Python: the usual one asks the interpreter.
        _threading_local.current_thread = threading.current_thread
        threading.local = _threading_local.local
        _thread.start_new_thread = _thread.start_new = self.start_function
        threading._start_new_thread = self.start_function
        self.install_pools()

    def install_pools(self):
        """A pool's threads would wait for work: each piece of work runs when it is handed in."""
        from concurrent.futures import Future, ThreadPoolExecutor
        one_thread = self

        def submit(executor, function, /, *arguments, **names):
            if executor._shutdown:
                raise RuntimeError("cannot schedule new futures after shutdown")
            future = Future()
            one_thread.start(threading.Thread(
                target=one_thread.fulfil, args=(future, executor, function, arguments, names),
                name=f"{executor._thread_name_prefix}_0"))
            return future

        ThreadPoolExecutor.submit = submit
        pool = sys.modules.get("multiprocessing.pool")
        if pool is not None:
            pool.ThreadPool.__init__, pool.ThreadPool._state = refuse_pool, None

    @staticmethod
    def fulfil(future, executor, function, arguments, names):
        initialize, executor._initializer = getattr(executor, "_initializer", None), None
        if initialize is not None:
            initialize(*executor._initargs)
        future.set_running_or_notify_cancel()
        try:
            result = function(*arguments, **names)
        except OutputLimitReached:
            raise
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)

    def start(self, thread):
        if not getattr(thread, "_initialized", False):
            raise RuntimeError("thread.__init__() not called")
        if thread._started.is_set():
            raise RuntimeError("threads can only be started once")
        thread._started.set()
        self.last_identifier += 1
        thread._ident = thread._native_id = self.last_identifier
        if isinstance(thread, threading.Timer):
            thread._due = self.monotonic() + thread.interval
            self.timers.append(thread)
        else:
            self.run(thread)

    def start_function(self, function, arguments, names=None):
        if not callable(function) or not isinstance(arguments, tuple):
            raise TypeError("a function and a tuple of its arguments are needed")
        thread = threading.Thread(target=function, args=arguments, kwargs=names or {})
        self.start(thread)
        return thread.ident

    def run(self, thread):
        """Runs a thread with variables of its own, as a new thread has; its error goes to standard
        error and ends nothing else."""
        self.running.append(thread)
        try:
            contextvars.Context().run(thread.run)
        except (OutputLimitReached, SystemExit) as error:
            if isinstance(error, OutputLimitReached):
                raise
        except BaseException as error:
            # Without the frame of this function.
            error = error.with_traceback(error.__traceback__.tb_next)
            threading.excepthook(threading.ExceptHookArgs(
                [type(error), error, error.__traceback__, thread]))
        finally:
            self.running.remove(thread)
            thread._is_stopped = True

    def join(self, thread, timeout=None):
        if not getattr(thread, "_initialized", False):
            raise RuntimeError("Thread.__init__() not called")
        if not thread._started.is_set():
            raise RuntimeError("cannot join thread before it is started")
        if thread is self.running[-1]:
            raise RuntimeError("cannot join current thread")
        if thread in self.running:
            raise RuntimeError("cannot join a thread that waits for this one")
        if thread not in self.timers:
            return
        left = thread._due - self.monotonic()
        if timeout is not None and timeout < left and not thread.finished.is_set():
            self.sleep(max(0, timeout))
            return
        self.timers.remove(thread)
        self.run(thread)

    def run_timer(self, timer):
        timer.finished.wait(max(0, timer._due - self.monotonic()))
        if not timer.finished.is_set():
            timer.function(*timer.args, **timer.kwargs)
        timer.finished.set()

    def finish_timers(self):
        """After a snippet's last line: runs what is due, in the order in which it becomes due."""
        while self.timers:
            timer = min(self.timers, key=lambda timer: timer._due)
            self.timers.remove(timer)
            if not (timer.daemon or timer.finished.is_set()):
                self.run(timer)

    def forget(self):
        """After a snippet that has failed: what it had started is over."""
        self.timers.clear()
        del self.running[1:]


def refuse_pool(*arguments, **names):
    raise RuntimeError("a pool of threads cannot be started here: use a loop, or submit to a "
                       "concurrent.futures.ThreadPoolExecutor")
