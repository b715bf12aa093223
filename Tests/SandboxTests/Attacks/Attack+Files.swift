extension Attack {
    /// Files by path, by descriptor, and through libraries that open them on one's behalf.
    static let files = [
        Attack(
            name: "reading by every name of open",
            expect: "denied",
            code: raw + """
                import os, io, pathlib, tokenize, codecs, fileinput
                path = '@FIX@/secret.txt'
                make_room()
                for run in (lambda: open(path).read(), lambda: io.open(path).read(), lambda: os.open(path, 0),
                            lambda: io.FileIO(path).read(), lambda: pathlib.Path(path).read_bytes(),
                            lambda: tokenize.open(path).read(), lambda: codecs.open(path).read(),
                            lambda: list(fileinput.input(path))):
                    try: print('ESCAPED', run())
                    except OSError: pass
                for call in ((2, path.encode(), 0), (257, -100, path.encode(), 0), (85, path.encode(), 0o600),
                             (437, -100, path.encode(), 0, 24), (303, -100, path.encode(), 0, 0, 0)):
                    if raw(*call) >= 0: print('ESCAPED', call[0])
                """,
            hasTeeth: true
        ),
        Attack(
            name: "libraries that read files",
            expect: "denied",
            code: """
                import numpy as np, scipy.io, json, configparser, csv, zipfile, tarfile, gzip, sqlite3, mmap
                path = '@FIX@/secret.txt'
                for run in (lambda: np.fromfile(path), lambda: np.loadtxt(path), lambda: np.load('@FIX@/secret.npy'),
                            lambda: scipy.io.loadmat(path), lambda: scipy.io.mmread(path), lambda: json.load(open(path)),
                            lambda: zipfile.ZipFile('@FIX@/m.zip').namelist(), lambda: tarfile.open(path),
                            lambda: gzip.open(path).read(), lambda: sqlite3.connect(path).execute('select 1').fetchall()):
                    try: print('ESCAPED', run())
                    except Exception: pass
                """
        ),
        Attack(
            name: "importing a file",
            expect: "denied|error",
            code: """
                import sys, importlib.util, importlib.machinery, zipimport, runpy
                sys.path.insert(0, '@FIX@')
                sys.path_hooks.append(zipimport.zipimporter)
                for run in (lambda: __import__('sbx_secret_mod').S, lambda: runpy.run_path('@FIX@/sbx_secret_mod.py'),
                            lambda: importlib.machinery.SourceFileLoader('m', '@FIX@/sbx_secret_mod.py').load_module().S,
                            lambda: importlib.machinery.ExtensionFileLoader('m', '@FIX@/secret.txt').create_module(None)):
                    try: print('ESCAPED', run())
                    except Exception: pass
                """
        ),
        Attack(
            name: "a library by path",
            expect: "denied|error",
            code: """
                import ctypes
                print('ESCAPED', ctypes.CDLL('/lib/x86_64-linux-gnu/libutil.so.1'))
                """
        ),
        Attack(
            name: "writing by every name",
            expect: "denied",
            code: raw + """
                import os, tempfile, shutil
                wr = '@FIX@/wr/'
                victim = '@FIX@/victim.txt'
                for run in (lambda: open(wr + 'a', 'w'), lambda: open(victim, 'r+'), lambda: os.mkdir(wr + 'b'),
                            lambda: os.link(victim, wr + 'c'), lambda: os.symlink(victim, wr + 'd'),
                            lambda: os.rename(victim, wr + 'e'), lambda: os.truncate(victim, 0), lambda: os.unlink(victim),
                            lambda: os.chmod(victim, 0), lambda: os.chown(victim, 0, 0), lambda: os.utime(victim),
                            lambda: os.mkfifo(wr + 'f'), lambda: os.mknod(wr + 'g'), lambda: os.rmdir(wr),
                            lambda: tempfile.mkstemp(), lambda: tempfile.TemporaryFile(), lambda: shutil.copy(victim, wr + 'h'),
                            lambda: os.setxattr(victim, 'user.x', b'1'), lambda: os.open('@FIX@', os.O_TMPFILE | 2)):
                    try:
                        run()
                        print('ESCAPED')
                    except OSError: pass
                """
        ),
        Attack(
            name: "looking without opening",
            expect: "denied",
            code: raw + """
                import os
                for run in (lambda: os.stat('@FIX@/secret.txt'), lambda: os.lstat('/'), lambda: os.access('/', 0) or 1/0,
                            lambda: os.readlink('/proc/self/exe'), lambda: os.listdir('/'), lambda: os.getcwd(),
                            lambda: os.statvfs('/'), lambda: os.getxattr('@FIX@', 'user.x'), lambda: os.chdir('/')):
                    try: print('ESCAPED', run())
                    except (OSError, ZeroDivisionError): pass
                buffer = ctypes.create_string_buffer(4096)
                for call in ((4, b'/', buffer), (332, -100, b'/', 0, 4095, buffer), (79, buffer, 4096), (439, -100, b'/', 0, 0)):
                    if raw(*call) >= 0: print('ESCAPED', call[0])
                """,
            hasTeeth: true
        ),
        Attack(
            name: "/proc of every process",
            expect: "denied",
            code: """
                import os
                names = ('environ', 'maps', 'mem', 'cmdline', 'fd', 'root', 'cwd', 'exe', 'status', 'net/tcp', 'ns/user')
                for pid in ('self', 'thread-self', '1', '2', str(os.getppid())):
                    for name in names:
                        for run in (lambda p: open(p, 'rb').read(64), os.listdir, os.readlink, os.stat):
                            try: print('ESCAPED', run(f'/proc/{pid}/{name}'))
                            except OSError: pass
                """
        ),
        Attack(
            name: "kernel files",
            expect: "denied",
            code: """
                for path in ('/proc/sys/kernel/core_pattern', '/sys/kernel/uevent_helper', '/dev/mem', '/dev/kmsg', '/dev/tty',
                             '/dev/shm/x', '/sys/fs/cgroup/cgroup.procs', '/proc/sysrq-trigger', '/etc/passwd', '/dev/null'):
                    for mode in ('rb', 'wb', 'ab', 'r+b'):
                        try:
                            open(path, mode)
                            print('ESCAPED', path, mode)
                        except OSError: pass
                """
        ),
        Attack(
            name: "reading from every descriptor",
            expect: "denied",
            code: raw + """
                import os
                buffer = ctypes.create_string_buffer(64)
                for fd in range(0, 300):
                    for call in ((0, fd, buffer, 64), (17, fd, buffer, 64, 0), (19, fd, 0, 0), (295, fd, 0, 0, 0, 0)):
                        if raw(*call) >= 0: print('ESCAPED', call[:2])
                    try: print('ESCAPED', open(fd, 'rb', closefd=False).read(1))
                    except (OSError, ValueError): pass
                """
        ),
        Attack(
            name: "moving descriptors about",
            expect: "denied",
            code: raw + """
                for fd in range(0, 90):
                    for call in ((32, fd), (33, 1, fd), (292, 1, fd, 0), (72, fd, 0, 0), (72, fd, 4, 2), (436, fd, fd, 0),
                                 (16, fd, 0x5412, b'x'), (16, fd, 0x541b, b'xxxxxxxx'), (73, fd, 2), (40, 1, fd, 0, 4), (275, fd, 0, 1, 0, 4, 0),
                                 (276, fd, 1, 4, 0), (326, fd, 0, 1, 0, 4, 0), (77, fd, 0), (91, fd, 0o777), (5, fd, b' ' * 256)):
                        if raw(*call) >= 0: print('ESCAPED', call[:2])
                """
        ),
        Attack(
            name: "writing to every descriptor but standard output",
            expect: "denied",
            code: raw + """
                import os
                for fd in [0] + list(range(2, 300)):
                    for data in (b'x', b'1SMD' + bytes(60)):
                        try: print('ESCAPED', os.write(fd, data))
                        except OSError: pass
                        if raw(18, fd, data, len(data), 0) >= 0 or raw(20, fd, 0, 0) >= 0: print('ESCAPED', fd)
                """
        ),
        Attack(
            name: "compilers and printers of sympy",
            expect: "denied|error|killed",
            code: """
                from sympy import symbols, preview
                from sympy.utilities.autowrap import autowrap
                x = symbols('x')
                for run in (lambda: autowrap(x + 1), lambda: preview(x, viewer='file', filename='@FIX@/wr/p.png'),
                            lambda: autowrap(x + 1, backend='cython', tempdir='@FIX@/wr/t')):
                    try: print('ESCAPED', run())
                    except Exception: pass
                """
        ),
        Attack(
            name: "errors that quote a file",
            expect: "error|denied",
            code: """
                import linecache, traceback, warnings, inspect
                code = compile('x = 1\\n1/0', '@FIX@/secret.txt', 'exec')
                print(linecache.getlines('@FIX@/secret.txt'))
                try: exec(code)
                except ZeroDivisionError: traceback.print_exc()
                warnings.warn_explicit('w', UserWarning, '@FIX@/secret.txt', 1)
                raise SyntaxError('m', ('@FIX@/secret.txt', 1, 1, None))
                """
        ),
    ]
}
