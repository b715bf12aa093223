import Glibc

/// What the kernel tells about a process in /proc.
enum ProcessFiles {
    /// The process number behind a process descriptor, in this process's namespace.
    static func identifier(ofProcess process: Descriptor) -> pid_t? {
        field("Pid:", of: "/proc/self/fdinfo/\(process.number)").flatMap {
            $0 > 0 ? pid_t($0) : nil
        }
    }

    /// The largest resident memory until now; 0 when it cannot be learnt.
    static func peakBytes(of identifier: pid_t) -> Int {
        (field("VmHWM:", of: "/proc/\(identifier)/status") ?? 0) * 1024
    }

    /// The memory that the process shares with no other; nil when it cannot be learnt: that of a process
    /// that cannot be dumped is shown to root, and to the owner of its user namespace.
    static func privateBytes(of identifier: pid_t) -> Int? {
        field("Private_Dirty:", of: "/proc/\(identifier)/smaps_rollup").map { $0 * 1024 }
    }

    /// How long the process's only thread has waited for a processor since its start; nil where the
    /// kernel keeps no account of it.
    static func queuedTime(of identifier: pid_t) -> Duration? {
        // Nanoseconds on a processor, nanoseconds before one, turns.
        field("", of: "/proc/\(identifier)/schedstat", number: 1).map { .nanoseconds($0) }
    }

    /// The number on the line that begins with `name`, or a later one, of the file at `path`.
    private static func field(_ name: String, of path: String, number skipped: Int = 0) -> Int? {
        let number = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return nil }
        defer { close(number) }
        let wanted = Array(name.utf8)
        // Not from the heap, where so much is searched for long.
        var room = InlineArray<4096, UInt8>(repeating: 0)
        var span = room.mutableSpan
        return unsafe span.withUnsafeMutableBytes { buffer in
            let count = unsafe Glibc.read(number, buffer.baseAddress, buffer.count)
            guard count > 0 else { return nil }
            let text = unsafe buffer[..<count]
            var lineStart = 0
            while lineStart + wanted.count <= count {
                if unsafe text[lineStart..<lineStart + wanted.count].elementsEqual(wanted) {
                    return unsafe value(
                        after: lineStart + wanted.count,
                        in: text,
                        skipping: skipped
                    )
                }
                guard
                    let end = unsafe text[lineStart...].firstIndex(of: UInt8(ascii: "\n"))
                else { return nil }
                lineStart = end + 1
            }
            return nil
        }
    }

    private static func value(
        after start: Int,
        in text: Slice<UnsafeMutableRawBufferPointer>,
        skipping skipped: Int
    ) -> Int? {
        var value: Int?
        var left = skipped
        for index in unsafe start..<text.endIndex {
            let byte = unsafe text[index]
            if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                value = (value ?? 0) &* 10 &+ Int(byte - UInt8(ascii: "0"))
            } else if value != nil, left > 0 {
                value = nil
                left -= 1
            } else if value != nil || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "\n") {
                break
            }
        }
        return value
    }
}
