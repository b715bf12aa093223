import Testing

@testable import Configuration

@Suite struct SpellingTests {
    @Test func distanceCountsEditsAndSwaps() {
        #expect(Spelling.distance("kitten", "sitting") == 3)
        #expect(Spelling.distance("sampels", "samples") == 1)
        #expect(Spelling.distance("", "abc") == 3)
        #expect(Spelling.distance("abc", "") == 3)
        #expect(Spelling.distance("abc", "abc") == 0)
    }

    @Test func onlyANearNameIsSuggested() {
        let names = ["temperature", "top_p", "top_k"]
        #expect(Spelling.nearest(to: "temprature", among: names) == "temperature")
        #expect(Spelling.nearest(to: "Top_K", among: names) == "top_k")
        #expect(Spelling.nearest(to: "temp", among: names) == "temperature")
        #expect(Spelling.nearest(to: "colour", among: names) == nil)
        #expect(Spelling.nearest(to: "x", among: []) == nil)
    }
}
