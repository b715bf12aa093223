extension Attack {
    /// Calls that are harmless by themselves, and with some arguments tell of other processes or reach
    /// them.
    static let channels = [
        Attack(
            name: "a futex that every process knows by its page",
            expect: "denied",
            code: raw + """
                page = ctypes.cast(ctypes.CDLL('libm.so.6').cos, ctypes.c_void_p).value & ~4095
                for command in (1, 3, 4, 5, 10, 12):
                    if raw(202, page, command, 1, 1, page + 64, -1) >= 0: print('ESCAPED', command)
                """,
            hasTeeth: true
        ),
        Attack(
            name: "processes by their clocks",
            expect: "denied",
            code: raw + """
                moment = (ctypes.c_int64 * 2)(0, 0)
                for process in range(1, 3000):
                    for kind in (0, 1, 2, 4, 5, 6):
                        clock = (~process << 3) | kind
                        if raw(230, clock, 0, ctypes.addressof(moment), 0) >= 0: print('ESCAPED', process)
                """,
            hasTeeth: true
        ),
        Attack(
            name: "clocks that an administrator sets",
            expect: "denied",
            code: raw + """
                moment = (ctypes.c_int64 * 2)(0, 0)
                for clock in (0, 7, 8, 9, 11):
                    if raw(230, clock, 0, ctypes.addressof(moment), 0) >= 0: print('ESCAPED', clock)
                """,
            hasTeeth: true
        ),
        Attack(
            name: "a byte beside the results",
            expect: "killed",
            code: raw + "if raw(44, 3, b'X', 1, 0x4001, 0, 0) >= 0: print('ESCAPED')",
            then: ("'mine'", "ok:'mine'\n")
        ),
        Attack(
            name: "a look at what is to come",
            expect: "denied",
            code: raw + """
                room = ctypes.create_string_buffer(64)
                for flags in (1, 2, 0x20, 0x40, 0x2000):
                    if raw(45, 3, room, 0, flags | 0x40, 0, 0) == 0: print('ESCAPED', flags)
                """
        ),
        Attack(
            name: "memory that is not counted as one's own",
            expect: "denied",
            code: raw + """
                for flags in (0x21, 0x23, 0x40022, 0x40021):
                    made = raw(9, 0, 1 << 21, 3, flags, -1, 0)
                    if made >= 0 or ctypes.get_errno() == 12: print('ESCAPED', hex(flags))
                """,
            hasTeeth: true
        ),
    ]
}
