import Testing

@testable import Rollouts

@Suite struct TokenMemoryTests {
    private let memory = TokenMemory()

    @Test func aTextAloneIsNotThatTextInThePrompt() {
        memory.note([1, 2], of: .prompt([97]))
        #expect(memory.ids(of: .text([97])) == nil)
        memory.note([3], of: .text([97]))
        #expect(memory.ids(of: .text([97])) == [3])
        #expect(memory.ids(of: .prompt([97])) == [1, 2])
    }

    @Test func textsThatSwiftTakesForEqualAreNot() {
        memory.note([1], of: .text(Array("\u{e9}".utf8)))
        #expect(memory.ids(of: .text(Array("e\u{301}".utf8))) == nil)
    }

    @Test func longTextsAreNotKept() {
        let long = [UInt8](repeating: 97, count: 5000)
        memory.note([1], of: .text(long))
        #expect(memory.ids(of: .text(long)) == nil)
    }

    @Test func manyTextsPushOutTheOldest() {
        for number in UInt8.min...UInt8.max {
            for other in UInt8(0)..<16 { memory.note([0], of: .text([number, other])) }
        }
        #expect(memory.ids(of: .text([0, 0])) == nil)
        #expect(memory.ids(of: .text([255, 15])) == [0])
    }
}
