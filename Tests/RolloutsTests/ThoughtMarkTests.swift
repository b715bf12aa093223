import Testing

@testable import Rollouts

@Suite struct ThoughtMarkTests {
    private static let mark: [Int32] = [7, 8]

    @Test(arguments: [
        ([7, 8], true),
        ([1, 2, 7, 8], true),
        ([1, 7, 8, 9], true),
        ([1, 7, 8, 9, 9], true),
        ([1, 7, 8, 9, 9, 9], false),
        ([1, 8, 7], false),
        ([8], false),
        ([], false),
    ])
    func aPromptOpensAThoughtIfItEndsInTheMarkAndUpToTwoTokens(ids: [Int32], opens: Bool) {
        #expect(ThoughtMark.ends(ids, with: Self.mark) == opens)
    }

    @Test func noMarkOpensNothing() {
        #expect(!ThoughtMark.ends([1, 2], with: []))
    }
}
