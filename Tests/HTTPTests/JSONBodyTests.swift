import Testing

@testable import HTTP

@Suite struct JSONBodyTests {
    private static let integers: [Int32] =
        [0, 9, 10, 99, 100, 999, 1000, 1009, 99_999, 151_643, 999_999, 1_000_000, .max, -1, .min]
        + (0..<3000).map { $0 * 401 }

    private func read(_ body: JSONBody, pieces size: Int) -> [UInt8] {
        var reader = JSONBodyReader(body)
        var whole: [UInt8] = []
        while true {
            let piece = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                count = unsafe reader.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            if piece.isEmpty { return whole }
            #expect(piece.count == size || whole.count + piece.count == body.byteCount)
            whole += piece
        }
    }

    @Test(arguments: [1, 2, 3, 7, 11, 12, 13, 14, 64, 1000, 1 << 20])
    func anyPiecesMakeTheSameWhole(size: Int) {
        let text = Array(#"{"prompt":[],"n":1}"#.utf8)
        let list = Self.integers.map { "\($0)" }.joined(separator: ",")
        let whole = Array(#"{"prompt":[\#(list)],"n":1}"#.utf8)
        let body = JSONBody(text, inserting: Self.integers, at: 11)
        #expect(body.byteCount == whole.count)
        let isSame = (read(body, pieces: size) == whole, body.bytes == whole)
        #expect(isSame == (true, true), "not printed: it is long")
    }

    @Test(arguments: [0, 1, 2])
    func integersCanBeAnywhere(place: Int) {
        let body = JSONBody(Array("[]".utf8), inserting: [7, 8], at: place)
        let expected = ["7,8[]", "[7,8]", "[]7,8"][place]
        #expect(body.bytes == Array(expected.utf8))
        #expect(read(body, pieces: 1) == Array(expected.utf8))
    }

    @Test func textAloneIsABody() {
        #expect(JSONBody(Array("{}".utf8)).bytes == Array("{}".utf8))
        #expect(JSONBody([]).byteCount == 0)
        #expect(read(JSONBody([]), pieces: 8).isEmpty)
    }
}
