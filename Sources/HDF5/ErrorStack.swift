internal import CHDF5Shim

/// HDF5's error stack of the call that just failed, the most specific message first; emptied.
///
/// Called with the gate's lock held.
func takenErrorStack() -> [String] {
    let records = ErrorRecords()
    withExtendedLifetime(records) {
        let context = unsafe Unmanaged.passUnretained(records).toOpaque()
        _ = unsafe chdf5_ewalk(
            { _, error, context in
                guard let error = unsafe error, let context = unsafe context else { return 0 }
                let records = unsafe Unmanaged<ErrorRecords>.fromOpaque(context)
                    .takeUnretainedValue()
                let text = unsafe error.pointee.description
                unsafe records.list.append(
                    (error.pointee.minor, text.map { unsafe String(cString: $0) } ?? "")
                )
                return 0
            },
            context
        )
    }
    let messages = records.list.map { record in
        let text = record.text.trimmed
        let minor = message(record.minor)
        return text.isEmpty ? minor : text
    }
    _ = chdf5_eclear()
    return messages.reversed()
}

/// What the visitor collects; messages are asked for after the walk, not during it.
private final class ErrorRecords {
    var list: [(minor: chdf5_id, text: String)] = []
}

private func message(_ identifier: chdf5_id) -> String {
    unsafe String(unsafeUninitializedCapacity: 256) { buffer in
        unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
            let length = unsafe chdf5_eget_msg(identifier, characters.baseAddress, characters.count)
            return max(0, min(length, characters.count - 1))
        }
    }
}

extension String {
    /// Without the newline and blanks that some of HDF5's messages end in.
    fileprivate var trimmed: String {
        var text = Substring(self)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
