import Foundation
import RolloutModel
import Testing

@testable import Inference

@Suite struct JSONScannerTests {
    private func scanned<Value>(
        _ text: String,
        _ read: (inout JSONScanner) throws(JSONScanner.Failure) -> Value
    ) throws -> Value {
        var scanner = JSONScanner(Array(text.utf8))
        let value = try read(&scanner)
        try scanner.finish()
        return value
    }

    private func string(_ text: String) throws -> String {
        try scanned(text) { scanner throws(JSONScanner.Failure) in try scanner.string() }
    }

    private func number(_ text: String) throws -> Double {
        try scanned(text) { scanner throws(JSONScanner.Failure) in try scanner.number() }
    }

    private func integer(_ text: String) throws -> Int64 {
        try scanned(text) { scanner throws(JSONScanner.Failure) in try scanner.integer() }
    }

    private func skip(_ text: String) throws {
        try scanned(text) { scanner throws(JSONScanner.Failure) in try scanner.skipValue() }
    }

    /// What stands behind an unread `text` is read next.
    private func skipUnread(_ text: String) throws {
        var scanner = JSONScanner(Array("[\(text),7]".utf8))
        try scanner.enterArray()
        #expect(try scanner.nextElement())
        try scanner.skipUnread()
        #expect(try scanner.nextElement())
        #expect(try scanner.integer() == 7)
    }

    @Test(arguments: [
        (#""""#, ""), (#""plain""#, "plain"), (#" "spaced" "#, "spaced"),
        (#""a\"b\\c\/d\b\f\n\r\te""#, "a\"b\\c/d\u{8}\u{c}\n\r\te"),
        (#""\u0041\u00e9\u20AC""#, "A\u{e9}\u{20ac}"), (#""\ud83d\ude00""#, "\u{1f600}"),
        (#""\uD834\uDD1E""#, "\u{1d11e}"), ("\"\u{1f600}\u{e9}\"", "\u{1f600}\u{e9}"),
        (#""\ud83d""#, "\u{fffd}"), (#""\ude00""#, "\u{fffd}"), (#""\ud83dx""#, "\u{fffd}x"),
        (#""\ud83d\n""#, "\u{fffd}\n"), (#""\ud83d\u0041""#, "\u{fffd}A"),
        (#""\u0000""#, "\u{0}"), (#""\udbff\udfff""#, "\u{10ffff}"),
    ])
    func stringsAreDecoded(text: String, value: String) throws {
        #expect(try string(text) == value)
    }

    @Test(arguments: [
        "", "\"", "\"a", #""\"#, #""\""#, #""\x""#, #""\u""#, #""\u12""#, #""\u12g4""#,
        #""\ud83d\u""#, "\"\n\"", "\"\u{1}\"", "a", "1", "\"a\" \"b\"", "\"a\",",
    ])
    func brokenStringsAreRefused(text: String) {
        #expect(throws: JSONScanner.Failure.self) { try string(text) }
    }

    @Test func aByteIsTakenForWhatItIsAtEveryPlace() throws {
        let plain: [UInt8] = [0x20, 0x21, 0x23, 0x5b, 0x5d, 0x7f]
        for length in 0..<20 {
            for place in 0...length {
                let (before, after) = (
                    String(repeating: "x", count: place),
                    String(repeating: "y", count: length - place)
                )
                for byte in plain {
                    let content = before + String(UnicodeScalar(byte)) + after
                    #expect(try string("\"\(content)\"") == content)
                }
                #expect(try string("\"\(before)\u{e9}\(after)\"") == before + "\u{e9}" + after)
                #expect(try string("\"\(before)\\\"\(after)\"") == before + "\"" + after)
                #expect(try string("\"\(before)\\\\\(after)\"") == before + "\\" + after)
                for control in 0..<UInt8(0x20) {
                    var scanner = JSONScanner(
                        Array("\"\(before)\(UnicodeScalar(control))\(after)\"".utf8)
                    )
                    let failure = #expect(throws: JSONScanner.Failure.self) {
                        try scanner.skipValue()
                    }
                    #expect(failure?.offset == place + 1)
                }
                try skipUnread("[\"\(before)\",\"\(after)\\\"]\"]")
            }
        }
    }

    @Test func bytesThatAreNoUTF8AreRefused() {
        let quote = UInt8(ascii: "\"")
        for bytes: [UInt8] in [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80]] {
            var scanner = JSONScanner([quote] + bytes + [quote])
            #expect(throws: JSONScanner.Failure.self) { try scanner.string() }
            var escaped = JSONScanner([quote, 0x5c, 0x6e] + bytes + [quote])
            #expect(throws: JSONScanner.Failure.self) { try escaped.string() }
        }
    }

    @Test(arguments: [
        ("0", 0.0), ("-0", -0.0), ("1", 1), ("-12.5", -12.5), ("1e3", 1000), ("1E+3", 1000),
        ("25e-2", 0.25), ("0.1", 0.1), ("1e22", 1e22), ("1e23", 1e23), ("1e-300", 1e-300),
        ("123456789012345678901234567890", 1.2345678901234568e29),
        ("0.000000000000000000000000000001", 1e-30), ("-9999.0", -9999),
        ("0.30000000000000004", 0.30000000000000004), ("1e-400", 0),
        ("-6.118519306182861", -6.118519306182861),
    ])
    func numbersAreRead(text: String, value: Double) throws {
        let read = try number(text)
        #expect(abs(read - value) <= 2 * value.ulp)
        #expect(read.sign == value.sign)
    }

    /// A server sends single-precision values with the digits of a double: each comes back exactly.
    @Test func everyFloatComesBackExactly() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let value = Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &generator))
            guard value.isFinite else { continue }
            #expect(Float(try number("\(Double(value))")) == value)
            let logProbability = -Float.random(in: 0...20, using: &generator)
            #expect(Float(try number("\(Double(logProbability))")) == logProbability)
        }
    }

    @Test(arguments: [
        "", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "1.e3", "0x1", "NaN", "Infinity",
        "-Infinity", "1e400", "--1", "1 2", "true", "null", "\"1\"", "1_000",
    ])
    func brokenNumbersAreRefused(text: String) {
        #expect(throws: JSONScanner.Failure.self) { try number(text) }
    }

    @Test(arguments: [
        ("0", 0), ("-7", -7), ("151643", 151_643), ("9223372036854775807", Int64.max),
    ])
    func integersAreRead(text: String, value: Int64) throws {
        #expect(try integer(text) == value)
    }

    @Test(arguments: ["1.0", "1e3", "9223372036854775808", "99999999999999999999", "01", "a"])
    func whatIsNoIntegerIsRefused(text: String) {
        #expect(throws: JSONScanner.Failure.self) { try integer(text) }
    }

    @Test(arguments: [
        "{}", "[]", "[[],{}]", #"{"a":1,"b":[true,false,null,"x",-1.5e3]}"#, " [ 1 , 2 ] ", "null",
        #"{"":{"":{}}}"#,
    ])
    func anyValueIsSkipped(text: String) throws { try skip(text) }

    @Test(arguments: [
        "", "{", "[", "]", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
        "{,}", "{a:1}", "{\"a\" 1}", "{1:1}", "[1}", "{\"a\":1]", "tru", "nul", "falsy", "[]]",
        "{}{}",
    ])
    func brokenValuesAreRefused(text: String) {
        #expect(throws: JSONScanner.Failure.self) { try skip(text) }
    }

    @Test(arguments: [
        "[]", "{}", #"[[1,{"a":"]}\"["}],"x"]"#, #" {"a":[1,2],"b":{}}"#, "1", "null",
    ])
    func unreadValueIsSkippedToItsEnd(text: String) throws {
        try skipUnread(text)
    }

    @Test(arguments: ["", "[", "[[]", #"["]"#, #"{"a":"#, "]", "[\"\u{1}\"]", "nil"])
    func unreadValueWithoutAnEndIsRefused(text: String) {
        var scanner = JSONScanner(Array(text.utf8))
        #expect(throws: JSONScanner.Failure.self) { try scanner.skipUnread() }
    }

    @Test(arguments: [
        "[]", "[0]", "[ 0 , 12,3 ]", "[1,2,3]", "[999999999,1000000000,2147483647,5]",
        "[0,0,10,\n20,30]",
    ])
    func tokenListsAreRead(text: String) throws {
        let ids = try scanned(text) { scanner throws(JSONScanner.Failure) in
            try scanner.tokenIDs(expectedCount: 2)
        }
        #expect(ids == (try JSONDecoder().decode([Int32].self, from: Data(text.utf8))))
    }

    @Test(arguments: [
        "[", "[1", "[1,", "[1,]", "[,1]", "[01,2]", "[1 2]", "[1,,2]", "[-1,2]", "[1.5,2]",
        "[2147483648,1]", "[99999999999999999999,1]", "[1e2,3]x", "[1,\"2\",3]", "{}", "[1,2}",
    ])
    func brokenTokenListsAreRefused(text: String) {
        #expect(throws: JSONScanner.Failure.self) {
            try scanned(text) { scanner throws(JSONScanner.Failure) in
                try scanner.tokenIDs(expectedCount: 0)
            }
        }
    }

    @Test(arguments: [
        "[", "[-", "[0.", "[0.5,", "[0.5,]", "[.5,1.0]", "[00.5,1.0]", "[-01.5,1.0]", "[+1.5]",
        "[0.5 0.5]", "[0.5,-]", "[0.5,null]", "[1.5.5,2.0]", "[0.12345678x,1.0]", "[1e999,1.0]",
        "[0.5,\"1.0\",2.0]",
    ])
    func brokenNumberListsAreRefused(text: String) {
        #expect(throws: JSONScanner.Failure.self) {
            try scanned(text) { scanner throws(JSONScanner.Failure) in
                try scanner.floats(expectedCount: 0)
            }
        }
    }

    @Test func everyFloatInAListComesBack() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let values = (0..<100).map { _ in
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: -Float.random(in: 0...40, using: &generator)
                case 1: -Float.random(in: 0...1e-3, using: &generator)
                case 2: Float(bitPattern: UInt32.random(in: 0...0x7f7f_ffff, using: &generator))
                default: Float(Int.random(in: -30...30, using: &generator))
                }
            }
            // As a server prints them: single or double precision, integers, exponents.
            let texts = values.map { value in
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: "\(value)"
                case 1: "\(Double(value))"
                default:
                    value.magnitude > 1e-7 ? String(format: "%.17f", Double(value)) : "\(value)"
                }
            }
            let text = "[" + texts.joined(separator: [",", ", "].randomElement() ?? ",") + "]"
            let floats = try scanned(text) { scanner throws(JSONScanner.Failure) in
                try scanner.floats(expectedCount: 16)
            }
            let wrong = zip(floats, texts).filter { $0 != Float($1) }
            #expect(wrong.prefix(3).map { "\($0) of \($1)" } == [])
            #expect(floats.count == texts.count)
        }
    }

    @Test func anUnreadListEndsWhereItEnds() throws {
        let pieces = ["1", "22", "333,4444", "55555555555", " ", "-1.5e3", "\"]\"", "{\"a\":[7]}"]
        for length in 0..<300 {
            let list = (0..<length).map { pieces[($0 * 7 + length) % pieces.count] }
                .filter { $0 != " " }.joined(separator: length % 2 == 0 ? "," : " , ")
            try skipUnread("[\(list)]")
        }
    }

    @Test func anUnreadValueEndsWhereACheckedOneDoes() throws {
        var random = RandomSource(seed: 11)
        let pieces = [
            "a", "\\\"", "\\\\", "[", "]", "{", "}", ",", "\u{e9}", "\u{1f600}", " ", "\\u00e9",
            "some thirty letters in one piece",
        ]
        func text() -> String {
            let count = Int.random(in: 0..<6, using: &random)
            return "\""
                + (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
                + "\""
        }
        func value(_ depth: Int) -> String {
            switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
            case 0: return "\(Int32.random(in: .min ... .max, using: &random))"
            case 1: return "-0.\(UInt32.random(in: 0...99_999, using: &random))"
            case 2, 3: return text()
            case 4: return ["true", "null", "false"].randomElement(using: &random) ?? ""
            case 5, 6:
                let count = Int.random(in: 0..<6, using: &random)
                return "[" + (0..<count).map { _ in value(depth - 1) }.joined(separator: ",") + "]"
            default:
                let count = Int.random(in: 0..<6, using: &random)
                return "{"
                    + (0..<count).map { _ in "\(text()): \(value(depth - 1))" }.joined(
                        separator: ",\n"
                    )
                    + "}"
            }
        }
        for _ in 0..<20_000 {
            let bytes = Array("[\(value(4)),\(value(3))] , [\(text())]".utf8)
            var checked = JSONScanner(bytes)
            try checked.skipValue()
            var unread = JSONScanner(bytes)
            try unread.skipUnread()
            #expect(unread.offset == checked.offset)
            // Cut anywhere in it, it has no end.
            let cut = Int.random(in: 1..<checked.offset, using: &random)
            #expect(throws: JSONScanner.Failure.self) {
                var cut = JSONScanner(Array(bytes[..<cut]))
                try cut.skipUnread()
            }
        }
    }

    @Test func nestingIsBounded() throws {
        let depth = JSONScanner.deepestNesting
        let fits =
            String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1)
        try skip(fits)
        #expect(throws: JSONScanner.Failure.self) {
            try skip(String(repeating: "[", count: 100_000))
        }
        #expect(throws: JSONScanner.Failure.self) {
            try skip(String(repeating: #"{"a":"#, count: 100_000))
        }
    }

    @Test(arguments: [
        ("-", 0), ("01", 0), (" 1.", 3), ("1.e5", 2), ("1e", 2), ("\"a", 2), ("\"a\u{1}\"", 2),
        ("[1, {\"a\": 2", 11), ("[\"a", 3),
    ])
    func failuresSayWhere(_ text: String, _ offset: Int) throws {
        var scanner = JSONScanner(Array(text.utf8))
        let failure = #expect(throws: JSONScanner.Failure.self) {
            try text.hasPrefix("[") ? scanner.skipUnread() : scanner.readAny()
        }
        #expect(failure?.offset == offset)
    }

    @Test func failureNamesItsByte() {
        #expect(throws: JSONScanner.Failure(offset: 4, reason: "',' is needed here")) {
            try skip("[10 20]")
        }
    }

    @Test func objectIsReadMemberByMember() throws {
        var scanner = JSONScanner(Array(#"{"a":[1,2],"b":null,"c":{"d":"e"}}"#.utf8))
        var seen: [String] = []
        try scanner.enterObject()
        while let key = try scanner.nextKey() {
            switch key {
            case "a":
                try scanner.enterArray()
                while try scanner.nextElement() { seen.append("a\(try scanner.integer())") }
            case "b": seen.append("b\(try scanner.takesNull())")
            default:
                try scanner.enterObject()
                while let inner = try scanner.nextKey() {
                    seen.append(inner + (try scanner.string()))
                }
            }
        }
        try scanner.finish()
        #expect(seen == ["a1", "a2", "btrue", "de"])
    }
}

extension JSONScanner {
    /// Reads the next value, which is text or a number.
    fileprivate mutating func readAny() throws(Failure) {
        if peek() == UInt8(ascii: "\"") { _ = try string() } else { _ = try number() }
    }
}
