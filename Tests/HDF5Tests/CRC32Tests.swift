import Testing

@testable import HDF5

@Suite struct CRC32Tests {
    /// The check value that catalogues of CRCs give for these nine bytes.
    @Test func theCheckValueIsThatOfISO3309() {
        var crc = CRC32()
        crc.append(elements: Array("123456789".utf8))
        #expect(crc.value == 0xcbf4_3926)
    }

    @Test func partsInAnyOrderMakeTheWhole() {
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<1000).map { _ in UInt8.random(in: 0...255, using: &random) }
        var whole = CRC32()
        whole.append(elements: bytes)
        let cuts = [0, 0, 1, 7, 640, 999, 1000]
        let contributions = zip(cuts, cuts.dropFirst()).shuffled().map { start, end -> UInt32 in
            var part = CRC32()
            part.append(elements: Array(bytes[start..<end]))
            return CRC32.contribution(
                of: part,
                count: end - start,
                following: bytes.count - end
            )
        }
        let joined = CRC32(contributions: contributions.reduce(0, ^), count: bytes.count)
        #expect(joined == whole)
        #expect(CRC32(contributions: 0, count: 3).value == CRC32(zeros: 3).value)
    }

    @Test func numbersCountAsTheirBytesInMemory() {
        var numbers = CRC32()
        numbers.append(elements: [Int32(1), -2])
        var bytes = CRC32()
        bytes.append(elements: [UInt8]([1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff]))
        #expect(numbers == bytes)
        var zeros = CRC32()
        zeros.append(elements: [UInt8](repeating: 0, count: 3))
        #expect(CRC32(zeros: 3) == zeros)
    }
}
