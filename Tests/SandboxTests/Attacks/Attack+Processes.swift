extension Attack {
    /// More processes, other programs, other processes' insides, signals.
    static let processes = [
        Attack(
            name: "fork",
            expect: "denied",
            code: "import os\npid = os.fork()\nprint('ESCAPED')"
        ),
        Attack(
            name: "forkpty",
            expect: "denied",
            code: "import pty, os\npid, fd = pty.fork()\nprint('ESCAPED')"
        ),
        Attack(
            name: "fork in a loop that goes on",
            expect: "timeout",
            code: """
                import os
                while True:
                    try:
                        os.fork()
                        print('ESCAPED')
                    except OSError:
                        pass
                """
        ),
        Attack(
            name: "vfork, clone and clone3 by number",
            expect: "denied|killed",
            code: raw + """
                for n, a in ((57, ()), (58, ()), (56, (17, 0, 0, 0, 0)), (56, (0x10f00, 0, 0, 0, 0))):
                    if raw(n, *a) >= 0: print('ESCAPED', n)
                arguments = (ctypes.c_uint64 * 11)(*([0] * 4 + [17] + [0] * 6))
                if raw(435, ctypes.addressof(arguments), 88) >= 0: print('ESCAPED')
                """
        ),
        Attack(
            name: "threads",
            expect: "denied|error",
            // Python's own run inside the call that starts them.
            code: raw + """
                p = ctypes.PyDLL(None)
                p.PyThread_start_new_thread.restype = ctypes.c_ulong
                work = ctypes.cast(c.abs, ctypes.c_void_p)
                if p.PyThread_start_new_thread(work, None) != 2**64 - 1: print('ESCAPED')
                if c.pthread_create(bytes(8), None, work, None) == 0: print('ESCAPED')
                """
        ),
        Attack(
            name: "pools of processes and threads",
            expect: "denied|error|timeout",
            code: """
                from multiprocessing.dummy import Pool
                print('ESCAPED', Pool(2).map(abs, [-1]))
                """
        ),
        Attack(
            name: "spawned programs",
            expect: "denied|killed",
            code: """
                import os, subprocess
                for run in (lambda: os.posix_spawn('/bin/true', ['true'], {}),
                            lambda: os.spawnv(os.P_WAIT, '/bin/true', ['true']),
                            lambda: subprocess.run(['/bin/true']),
                            lambda: os.popen('echo hi').read()):
                    try: print('ESCAPED', run())
                    except Exception: pass
                if os.system('touch @FIX@/wr/spawned') == 0: print('ESCAPED')
                """
        ),
        Attack(
            name: "another program in its place",
            expect: "denied|killed",
            code: """
                import os
                for run in (os.execv, os.execvp):
                    try: run('/bin/echo', ['echo', 'ESCAPED'])
                    except OSError: pass
                os.execve(77, ['x'], {})
                """
        ),
        Attack(
            name: "execveat of an open file",
            expect: "denied|killed",
            code: raw + """
                for fd in range(0, 80): raw(322, fd, b'', 0, 0, 0x1000)
                """
        ),
        Attack(
            name: "asyncio subprocess",
            expect: "denied|error|killed",
            code: """
                import asyncio
                async def main():
                    p = await asyncio.create_subprocess_exec('/bin/echo', 'hi')
                    print('ESCAPED', await p.wait())
                asyncio.run(main())
                """
        ),
        Attack(
            name: "ptrace",
            expect: "killed",
            code: raw + """
                for request in (0, 16, 0x4206):
                    if raw(101, request, 1, 0, 0) >= 0: print('ESCAPED')
                """
        ),
        Attack(
            name: "memory of other processes",
            expect: "killed",
            code: raw + """
                buffer = ctypes.create_string_buffer(64)
                vector = (ctypes.c_uint64 * 2)(ctypes.addressof(buffer), 64)
                for pid in range(1, 200):
                    if raw(310, pid, ctypes.addressof(vector), 1, ctypes.addressof(vector), 1, 0) > 0: print('ESCAPED')
                """
        ),
        Attack(
            name: "signals to everyone",
            expect: "denied",
            code: raw + """
                import os, signal
                for target in (0, -1, 1, os.getppid(), 2, 3):
                    try:
                        os.kill(target, 0)
                        print('ESCAPED', target)
                    except OSError: pass
                for call in ((62, 1, 0), (200, 1, 0), (234, 1, 1, 0), (129, 1, 0, 0), (297, 1, 1, 0, 0)):
                    if raw(*call) >= 0: print('ESCAPED', call)
                """,
            hasTeeth: true
        ),
        Attack(
            name: "pidfds",
            expect: "denied",
            code: raw + """
                for pid in range(1, 100):
                    fd = raw(434, pid, 0)
                    if fd >= 0 or raw(438, pid, 3, 0) >= 0 or raw(424, pid, 9, 0, 0) >= 0: print('ESCAPED')
                """
        ),
        Attack(
            name: "handlers that ignore the limits' signals",
            expect: "timeout",
            code: """
                import signal
                for number in (signal.SIGXCPU, signal.SIGTERM, signal.SIGALRM, signal.SIGINT):
                    try: signal.signal(number, signal.SIG_IGN)
                    except OSError: pass
                while True: pass
                """
        ),
        Attack(
            name: "alarms and timers",
            expect: "denied",
            code: raw + """
                import signal
                try:
                    signal.setitimer(signal.ITIMER_REAL, 0.01)
                    print('ESCAPED')
                except OSError: pass
                for call in ((37, 1), (222, 1, 0, 0), (283, 1, 0), (289, -1, 0, 8, 0), (13, 10, 0, 0, 8), (14, 0, 0, 0, 8)):
                    if raw(*call) >= 0: print('ESCAPED', call)
                """
        ),
        Attack(
            name: "priorities, affinity and sessions",
            expect: "denied",
            code: raw + """
                import os
                for run in (lambda: os.nice(5), lambda: os.setpriority(0, 0, 5), lambda: os.sched_setaffinity(0, {0}),
                            lambda: os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0)), os.setsid,
                            lambda: os.setpgid(0, 0), lambda: os.sched_getaffinity(1)):
                    try:
                        run()
                        print('ESCAPED')
                    except OSError: pass
                for call in ((314, 0, 0, 0), (251, 1, 0, 0), (141, 0, 0, 19), (24,)):
                    if raw(*call) >= 0: print('ESCAPED', call)
                """,
            hasTeeth: true
        ),
        Attack(
            name: "other users",
            expect: "denied",
            code: raw + """
                for call in ((105, 0), (106, 0), (113, -1, 0), (117, 0, 0, 0), (119, 0, 0, 0), (122, 0), (123, 0), (126, 0, 0)):
                    if raw(*call) == 0: print('ESCAPED', call)
                """
        ),
        Attack(
            name: "limits of one's own and of others",
            expect: "denied",
            code: raw + """
                import resource
                wide = (ctypes.c_uint64 * 2)(1 << 40, 1 << 40)
                for number in range(16):
                    if raw(160, number, ctypes.addressof(wide)) >= 0: print('ESCAPED', number)
                    for pid in (0, 1, 2):
                        if raw(302, pid, number, ctypes.addressof(wide), 0) >= 0: print('ESCAPED', number)
                """
        ),
        Attack(
            name: "prctl",
            expect: "denied",
            code: raw + """
                for option, value in ((1, 0), (4, 1), (15, 0), (22, 1), (23, 21), (35, 1), (36, 1), (38, 1), (47, 2), (59, 1)):
                    if raw(157, option, value, 0, 0, 0) >= 0: print('ESCAPED', option)
                if raw(158, 0x1002, 0) >= 0: print('ESCAPED')
                """,
            hasTeeth: true
        ),
    ]
}
