/// A final answer that a text announces behind its last box, such as `**Answer: D**`.
///
/// Only a choice letter or a formula between signs of mathematics counts: a sentence is no answer.
enum AnnouncedAnswer {
    /// Bytes behind the box that are looked at.
    private static let reach = 2_000

    /// The last announced answer in `bytes`; nil without one.
    static func last(in bytes: ArraySlice<UInt8>) -> String? {
        let text = String(decoding: bytes.prefix(reach), as: UTF8.self)
        guard text.lowercased().contains("answer") else { return nil }
        let announcement =
            #/
            (?i:answer) (?:\*\*)? \s* (?: : | \bis\b :? ) \s* (?:\*\*)? \s*
            (?: \(? ([A-Z]) \)? (?:\*\*)? \s* [.!]? \s* (?: \n | $ )
            | \$ ([^$\n]+) \$ \s* (?:\*\*)? [.!]? \s* (?: \n | $ | I\shope ))
            /#
        guard let match = text.matches(of: announcement).last else { return nil }
        return (match.1 ?? match.2).map(String.init)
    }
}
