/// A request as it arrived.
struct ArrivedRequest {
    var method: String
    var path: String
    var body: [UInt8]

    /// Takes the first complete request off `buffer`; nil when there is none yet.
    static func take(from buffer: inout [UInt8]) -> ArrivedRequest? {
        let gap: [UInt8] = [13, 10, 13, 10]
        guard let headerEnd = firstIndex(of: gap, in: buffer) else { return nil }
        let header = String(decoding: buffer[..<headerEnd], as: UTF8.self)
        let lines = header.split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        let lengthLine = lines.first { $0.lowercased().hasPrefix("content-length:") }
        let length = lengthLine.flatMap { Int($0.dropFirst(15).trimmingPrefix(" ")) } ?? 0
        let bodyStart = headerEnd + gap.count
        guard buffer.count >= bodyStart + length else { return nil }
        let body = Array(buffer[bodyStart..<bodyStart + length])
        buffer.removeFirst(bodyStart + length)
        return ArrivedRequest(
            method: String(words.first ?? ""),
            path: String(words.dropFirst().first ?? ""),
            body: body
        )
    }

    private static func firstIndex(of needle: [UInt8], in bytes: [UInt8]) -> Int? {
        bytes.firstRange(of: needle)?.lowerBound
    }
}

/// An answer to be sent.
struct Answer {
    var status = 200
    var body: [UInt8]
    var contentType = "application/json"

    /// Status line, headers and body.
    var bytes: [UInt8] {
        let head = """
            HTTP/1.1 \(status) \(status == 200 ? "OK" : "Error")\r
            content-type: \(contentType)\r
            content-length: \(body.count)\r
            \r

            """
        return Array(head.utf8) + body
    }

    static func json(_ text: String) -> Answer { Answer(body: Array(text.utf8)) }

    /// An error in the form that vLLM gives it.
    static func failure(_ status: Int, _ message: String, parameter: String? = nil) -> Answer {
        let kind = status >= 500 ? "InternalServerError" : "BadRequestError"
        let parameter = parameter.map(quoted) ?? "null"
        return Answer(
            status: status,
            body: Array(
                """
                {"error":{"message":\(quoted(message)),"type":"\(kind)","param":\(parameter),\
                "code":\(status)}}
                """.utf8
            )
        )
    }

    /// `text` as a JSON string in ASCII, as many servers write it.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for unit in text.utf16 {
            switch unit {
            case 0x22: quoted += "\\\""
            case 0x5c: quoted += "\\\\"
            case 0x20..<0x7f: quoted.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                let digits = String(unit, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return quoted + "\""
    }
}
