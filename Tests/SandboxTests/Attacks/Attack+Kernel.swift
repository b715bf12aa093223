extension Attack {
    /// Sockets of every family, and what goes along with them.
    static let sockets = [
        Attack(
            name: "a socket of each family and type",
            expect: "denied|killed",
            code: raw + """
                for family in range(0, 46):
                    for kind in (1, 2, 3, 5, 10):
                        if raw(41, family, kind, 0) >= 0: print('ESCAPED', family, kind)
                        if raw(53, family, kind, 0, ctypes.create_string_buffer(8)) >= 0: print('ESCAPED pair', family)
                """
        ),
        Attack(
            name: "the canaries' sockets through Python",
            expect: "denied|error",
            code: """
                import socket
                for run in (lambda: socket.create_connection(('127.0.0.1', 47811), 1),
                            lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 47812)),
                            lambda: socket.socket(socket.AF_UNIX).connect('@FIX@/s.sock'),
                            lambda: socket.socket(socket.AF_UNIX).connect('\\0sbx-canary'),
                            lambda: socket.getaddrinfo('localhost', 80), lambda: socket.gethostbyname('example.org'),
                            lambda: socket.create_server(('', 0)), lambda: socket.if_nameindex()):
                    try: print('ESCAPED', run())
                    except OSError: pass
                """
        ),
        Attack(
            name: "libraries that use the network",
            expect: "denied|error",
            code: """
                import urllib.request, http.client, ftplib, smtplib, xmlrpc.client
                for run in (lambda: urllib.request.urlopen('http://127.0.0.1:47811/', timeout=1).read(),
                            lambda: urllib.request.urlopen('file:///@FIX@/secret.txt').read(),
                            lambda: http.client.HTTPConnection('127.0.0.1', 47811, timeout=1).request('GET', '/'),
                            lambda: ftplib.FTP('127.0.0.1', timeout=1), lambda: smtplib.SMTP('127.0.0.1', 47811, timeout=1),
                            lambda: xmlrpc.client.ServerProxy('http://127.0.0.1:47811').x()):
                    try: print('ESCAPED', run())
                    except OSError: pass
                """
        ),
        Attack(
            name: "addresses for the session's own socket",
            expect: "denied|killed",
            code: raw + """
                import struct
                unix = struct.pack('H', 1) + b'\\0sbx-canary'
                inet = struct.pack('>HH4s8x', 0x0200, 47812, bytes([127, 0, 0, 1]))
                for address in (unix, inet):
                    if raw(42, 3, address, len(address)) >= 0: print('ESCAPED connect')
                    if raw(44, 3, b'hello', 5, 0, address, len(address)) >= 0: print('ESCAPED sendto')
                for call in ((43, 3, 0, 0), (288, 3, 0, 0, 0), (49, 3, unix, len(unix)), (50, 3, 1), (51, 3, bytes(64), bytes(8)),
                             (52, 3, bytes(64), bytes(8)), (54, 3, 1, 2, bytes(4), 4), (55, 3, 1, 17, bytes(64), bytes(8))):
                    if raw(*call) >= 0: print('ESCAPED', call[0])
                """
        ),
        Attack(
            name: "descriptors through sendmsg",
            expect: "denied",
            code: raw + """
                import struct
                for fd in range(0, 8):
                    control = ctypes.create_string_buffer(struct.pack('QiiI4x', 20, 1, 1, fd))
                    data = ctypes.create_string_buffer(b'x')
                    vector = (ctypes.c_uint64 * 2)(ctypes.addressof(data), 1)
                    header = (ctypes.c_uint64 * 7)(0, 0, ctypes.addressof(vector), 1, ctypes.addressof(control), 24, 0)
                    for call in (46, 307):
                        if raw(call, 3, ctypes.addressof(header), 1, 0) >= 0: print('ESCAPED', fd)
                    if raw(47, 3, ctypes.addressof(header), 0x40) >= 0: print('ESCAPED', fd)
                """
        ),
    ]

    /// Interfaces of the kernel that a snippet has no use for.
    static let kernel = [
        Attack(
            name: "io_uring_setup",
            expect: "killed",
            code: raw + "print('ESCAPED', raw(425, 8, bytes(120)))"
        ),
        Attack(
            name: "io_uring_enter",
            expect: "killed",
            code: raw + "print('ESCAPED', raw(426, 3, 1, 1, 1, 0, 0))"
        ),
        Attack(
            name: "bpf",
            expect: "killed",
            code: raw + "print('ESCAPED', raw(321, 5, bytes(120), 120))"
        ),
        Attack(name: "keyctl", expect: "killed", code: raw + "print('ESCAPED', raw(250, 1, 0))"),
        Attack(
            name: "add_key",
            expect: "killed",
            code: raw + "print('ESCAPED', raw(248, b'user', b'k', b'v', 1, -3))"
        ),
        Attack(name: "setns", expect: "killed", code: raw + "print('ESCAPED', raw(308, 3, 0))"),
        Attack(
            name: "unshare",
            expect: "killed",
            code: raw + "print('ESCAPED', raw(272, 0x10000000))"
        ),
        Attack(
            name: "mount",
            expect: "killed",
            code: raw + "print('ESCAPED', raw(165, b't', b'/', b'tmpfs', 0, 0))"
        ),
        Attack(name: "userfaultfd", expect: "killed", code: raw + "print('ESCAPED', raw(323, 1))"),
        Attack(
            name: "perf_event_open",
            expect: "killed",
            code: raw + "print('ESCAPED', raw(298, bytes(128), 0, -1, -1, 0))"
        ),
        Attack(
            name: "seccomp",
            expect: "killed",
            code: raw + "print('ESCAPED', raw(317, 1, 8, bytes(16)))"
        ),
        Attack(
            name: "memory files and what executes them",
            expect: "denied",
            code: raw + """
                for call in ((319, b'x', 0), (447, 0), (329, 0), (149, 0, 4096), (151, 3), (325, 0, 4096, 1), (330, 0, 0)):
                    if raw(*call) >= 0: print('ESCAPED', call[0])
                """
        ),
        Attack(
            name: "new mounts, watches and events",
            expect: "denied",
            code: raw + """
                make_room()
                for call in ((430, b'tmpfs', 0), (428, -100, b'/', 1), (429, -1, b'', -1, b'/', 4), (442, -1, b'', 0, bytes(32), 32),
                             (253,), (294, 0), (300, 0, 0), (213, 8), (291, 0), (284, 0), (290, 0, 0), (282, -1, bytes(8), 8), (22, bytes(8)), (293, bytes(8), 0)):
                    if raw(*call) >= 0: print('ESCAPED', call[0])
                """,
            hasTeeth: true
        ),
        Attack(
            name: "shared memory, semaphores and queues",
            expect: "denied",
            code: raw + """
                for call in ((29, 0, 4096, 0o1600), (64, 0, 1, 0o1600), (68, 0, 0o1600), (240, b'q', 0o102, 0o600, 0), (30, 0, 0, 0), (69, 0, bytes(16), 8, 0)):
                    if raw(*call) >= 0: print('ESCAPED', call[0])
                from multiprocessing import shared_memory
                try: print('ESCAPED', shared_memory.SharedMemory(create=True, size=64))
                except OSError: pass
                """,
            hasTeeth: true
        ),
        Attack(
            name: "what the kernel tells about the machine",
            expect: "denied",
            code: raw + """
                import os
                buffer = ctypes.create_string_buffer(4096)
                for call in ((63, buffer), (99, buffer), (98, 0, buffer), (100, buffer), (309, buffer, 0, 0), (39,), (110,), (186,), (102,), (104,),
                             (121, 0), (111,), (124, 0), (140, 0, 0), (145, 0), (143, 0, buffer), (324, 0, 0, 0), (318, buffer, 16, 0)):
                    if raw(*call) >= 0: print('ESCAPED', call[0])
                """,
            hasTeeth: true
        ),
        Attack(
            name: "machine code in fresh memory",
            expect: "denied|killed",
            code: raw + """
                import mmap
                for protection in (4, 5, 6, 7):
                    if raw(9, 0, 4096, protection, 0x22, -1, 0) > 0: print('ESCAPED', protection)
                    if raw(9, 0, 4096, protection | 1 << 32, 0x22, -1, 0) > 0: print('ESCAPED', protection)
                page = mmap.mmap(-1, 8192)
                page[:4] = bytes([0xb8, 42, 0, 0])
                start = ctypes.addressof(ctypes.c_char.from_buffer(page))
                for call in ((10, start, 4096, 5), (10, start, 4096, 7), (329, start, 4096, 5, -1), (216, start, 4096, 0, 0, 0)):
                    if raw(*call) >= 0: print('ESCAPED', call)
                """
        ),
        Attack(
            name: "machine code over a library's",
            expect: "killed",
            code: raw + """
                target = ctypes.cast(c.labs, ctypes.c_void_p).value
                print(raw(10, target & ~4095, 4096, 3) >= 0 and 'writable' or 'kept')
                ctypes.memmove(target, bytes([0xb8, 42, 0, 0, 0, 0xc3]), 6)
                if c.labs(1) == 42: print('ESCAPED')
                """
        ),
        Attack(
            name: "jumping into data",
            expect: "killed",
            code: """
                import ctypes
                code = bytes([0xb8, 42, 0, 0, 0, 0xc3])
                room = ctypes.create_string_buffer(code)
                if ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(room))() == 42: print('ESCAPED')
                """
        ),
        Attack(
            name: "callbacks from C",
            expect: "denied|error|killed|memory_error|ok",
            code: """
                import ctypes
                for _ in range(2000): ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 1)()
                """
        ),
        Attack(
            name: "numbers of the 32-bit table",
            expect: "killed|denied",
            code: raw + """
                for n in (0, 1, 2, 39, 56, 59, 319):
                    if raw(0x40000000 + n, 1, b'ESCAPED', 7, 0, 0, 0) >= 0: print('ESCAPED', n)
                """
        ),
        Attack(
            name: "calls from the newest kernels",
            expect: "denied",
            code: raw + """
                for n in range(440, 600):
                    if raw(n, -1, 0, 0, 0, 0, 0) >= 0: print('ESCAPED', n)
                """
        ),
    ]
}
