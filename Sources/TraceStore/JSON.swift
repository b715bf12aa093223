/// JSON text (RFC 8259).
public enum JSON {
    /// A number; `null` for what is not finite, which JSON has no word for.
    public static func number<Value: BinaryFloatingPoint & LosslessStringConvertible>(
        _ value: Value
    ) -> String {
        value.isFinite ? value.description : "null"
    }

    /// A string with its quotes; only quotes, backslashes and control characters are escaped.
    public static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends a string with its quotes.
    ///
    /// - Parameters:
    ///   - text: any text.
    ///   - bytes: where its UTF-8 goes.
    ///   - isForHTML: writes `<` as an escape, so that no text can end the element that it stands in.
    public static func append(_ text: String, to bytes: inout [UInt8], isForHTML: Bool = false) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "\"")]
            case UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
            case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\r"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
            case UInt8(ascii: "\t"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case 0..<0x20: bytes += escape(byte)
            case UInt8(ascii: "<") where isForHTML: bytes += escape(byte)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func escape(_ byte: UInt8) -> [UInt8] {
        let digits = String(byte, radix: 16)
        return Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
    }
}
