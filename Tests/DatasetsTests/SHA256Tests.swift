import Testing

@testable import Datasets

/// Vectors of NIST: FIPS 180-2 appendix B, and the SHAVS byte-oriented messages.
@Suite struct SHA256Tests {
    @Test func theEmptyMessageHasItsKnownHash() {
        #expect(
            SHA256.hexDigest(of: [])
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
    }

    @Test func oneAndTwoBlocksHaveTheirKnownHashes() {
        #expect(
            SHA256.hexDigest(of: Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        #expect(
            SHA256.hexDigest(
                of: Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
            ) == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        )
        #expect(
            SHA256.hexDigest(of: [0xbd])
                == "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b"
        )
    }

    @Test func manyBlocksHaveTheirKnownHash() {
        // Appendix B.3 takes a million letters; the same pattern from NIST's set of a thousand.
        #expect(
            SHA256.hexDigest(of: [UInt8](repeating: UInt8(ascii: "A"), count: 1_000))
                == "c2e686823489ced2017f6059b8b239318b6364f6dcd835d0a519105a1eadd6e4"
        )
    }

    @Test func everyLengthAroundABlockIsPaddedToWholeBlocks() {
        let hashes = (0...200).map { SHA256.hexDigest(of: [UInt8](repeating: 7, count: $0)) }
        #expect(Set(hashes).count == hashes.count)
        #expect(hashes.allSatisfy { $0.count == 64 })
    }
}
