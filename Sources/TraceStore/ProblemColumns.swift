internal import RolloutModel

/// The columns of `/problems`.
enum ProblemColumns {
    static let id = TextColumn<Problem>("id", "Unique in the data set") { $0.id }
    static let statement = TextColumn<Problem>("statement", "Text shown to the model") {
        $0.statement
    }
    static let answer = TextColumn<Problem>("answer", "The expected answer") { $0.answer }
    static let subject = TextColumn<Problem>("subject", "Field of mathematics, where known") {
        $0.subject
    }
    static let level = TextColumn<Problem>("level", "Difficulty as the data set states it") {
        $0.level
    }
    static let dataset = TextColumn<Problem>("dataset", "The data set it is from") { $0.dataset }
}
