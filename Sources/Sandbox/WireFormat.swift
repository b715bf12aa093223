/// The fixed binary messages to and from the zygote and its sessions, as in `protocol.h`.
///
/// What comes from a session's process was possibly written by a snippet: nothing in it is trusted
/// before it is checked here, and no length in it makes us allocate.
enum WireFormat {
    static let magic: UInt32 = 0x444d_5331
    static let snippetLimitBytes = 4 << 20
    static let errorTextLimitBytes = 1 << 16
    /// Of a session's memory, the part that its own limits hold back at most for what it shares with
    /// the zygote.
    static let sharedPartOfLimit = 5

    enum Kind: UInt32 {
        case fork = 1
        case ready, forked, ended, run, result
    }

    /// Asks the zygote for a session.
    struct ForkRequest {
        let identifier: UInt64
        let seed: UInt64
        let memoryBytes: UInt64
        let cpuSeconds: UInt64

        var bytes: [UInt8] {
            var bytes: [UInt8] = []
            bytes.append(littleEndian: WireFormat.magic)
            bytes.append(littleEndian: Kind.fork.rawValue)
            for value in [identifier, seed, memoryBytes, cpuSeconds] {
                bytes.append(littleEndian: value)
            }
            return bytes
        }
    }

    /// What the zygote reports.
    struct Notice {
        static let byteCount = 32
        let kind: Kind
        let identifier: UInt64
        let value: UInt64
        let extra: UInt64

        init?(_ bytes: ArraySlice<UInt8>) {
            guard bytes.count == Self.byteCount, bytes.littleEndian32(at: 0) == WireFormat.magic,
                let kind = Kind(rawValue: bytes.littleEndian32(at: 4))
            else { return nil }
            self.kind = kind
            identifier = bytes.littleEndian64(at: 8)
            value = bytes.littleEndian64(at: 16)
            extra = bytes.littleEndian64(at: 24)
        }
    }

    /// A snippet for a session.
    static func run(_ code: [UInt8], nonce: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(SessionAnswer.headerByteCount + code.count)
        bytes.append(littleEndian: magic)
        bytes.append(littleEndian: Kind.run.rawValue)
        bytes.append(littleEndian: nonce)
        bytes.append(littleEndian: UInt32(0))
        bytes.append(littleEndian: UInt32(code.count))
        bytes.append(contentsOf: code)
        return bytes
    }

    /// What a session's process says about its snippet.
    struct SessionAnswer: Equatable {
        static let headerByteCount = 24
        let status: SnippetStatus
        let errorText: [UInt8]

        enum Parsed: Equatable {
            case incomplete
            case answer(SessionAnswer)
            case violation
        }

        /// Reads the one frame that may come in answer to the snippet with `nonce`.
        ///
        /// Anything else is a violation: another magic, kind or nonce, an unknown status, a text
        /// that is too long, or bytes after the frame.
        static func parse(_ bytes: [UInt8], nonce: UInt64) -> Parsed {
            let bytes = bytes[...]
            if bytes.count >= 4, bytes.littleEndian32(at: 0) != WireFormat.magic {
                return .violation
            }
            guard bytes.count >= headerByteCount else { return .incomplete }
            let length = Int(bytes.littleEndian32(at: 20))
            guard bytes.littleEndian32(at: 4) == Kind.result.rawValue,
                bytes.littleEndian64(at: 8) == nonce,
                let status = status(number: bytes.littleEndian32(at: 16)),
                length <= WireFormat.errorTextLimitBytes,
                bytes.count <= headerByteCount + length
            else { return .violation }
            guard bytes.count == headerByteCount + length else { return .incomplete }
            return .answer(
                SessionAnswer(status: status, errorText: Array(bytes[headerByteCount...]))
            )
        }

        /// The statuses a session can have; the others are for the rank to find.
        private static func status(number: UInt32) -> SnippetStatus? {
            switch number {
            case 0: .ok
            case 1: .exception
            case 3: .memory
            case 4: .outputLimit
            case 5: .refused
            default: nil
            }
        }
    }
}

extension [UInt8] {
    mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
        for byte in 0..<Value.bitWidth / 8 {
            append(UInt8(truncatingIfNeeded: value >> Value(8 * byte)))
        }
    }
}

extension ArraySlice<UInt8> {
    func littleEndian32(at offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(self[startIndex + offset + $1]) << UInt32(8 * $1) }
    }

    func littleEndian64(at offset: Int) -> UInt64 {
        (0..<8).reduce(0) { $0 | UInt64(self[startIndex + offset + $1]) << UInt64(8 * $1) }
    }
}
