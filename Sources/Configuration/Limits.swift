/// The largest values of keys that are alike: beyond any use, and far from where arithmetic ends.
enum Limits {
    /// Of a duration: four weeks, in seconds.
    static let seconds = 2_419_200.0
    /// Of a number of tokens.
    static let tokens = 100_000_000
    /// Of starts after a failure.
    static let restarts = 10_000
    /// Of steps of training.
    static let steps = 10_000_000
    /// Of a real number that is only compared with.
    static let real = 1e9
}
