/// How long a simulated engine takes.
///
/// A request waits for a place, then for its first token, then draws tokens at the stream's speed,
/// or at its share of the engine's capacity when many draw at once.
public struct LatencyModel: Sendable, Hashable, Codable {
    /// From getting a place to the first token, seconds.
    public var firstTokenSeconds: Double
    /// Tokens per second of one stream alone.
    public var streamTokensPerSecond: Double
    /// Tokens per second of all streams together; 0: no bound.
    public var totalTokensPerSecond: Double
    /// Requests worked on at once; the others wait.
    public var placeCount: Int

    /// The stated speeds.
    public init(
        firstTokenSeconds: Double = 0,
        streamTokensPerSecond: Double,
        totalTokensPerSecond: Double = 0,
        placeCount: Int = 256
    ) {
        self.firstTokenSeconds = firstTokenSeconds
        self.streamTokensPerSecond = streamTokensPerSecond
        self.totalTokensPerSecond = totalTokensPerSecond
        self.placeCount = placeCount
    }

    func streamRate(activeCount: Int) -> Double {
        guard totalTokensPerSecond > 0, activeCount > 0 else { return streamTokensPerSecond }
        return min(streamTokensPerSecond, totalTokensPerSecond / Double(activeCount))
    }
}

/// The requests of a simulated engine on their way from arrival to completion.
///
/// Streams share the capacity equally, so one number describes the progress of all: the tokens that
/// a stream drawing since the beginning would have. A stream is done when that number has grown by
/// its own tokens (processor sharing in virtual time), and only the earliest end needs a timer.
struct SimulatedQueue {
    private struct Stream {
        let id: Int
        let end: Double
    }

    private let model: LatencyModel
    private var waiting: [(id: Int, tokenCount: Int)] = []
    private var starting: [(id: Int, tokenCount: Int, time: Double)] = []
    private var drawing: [Stream] = []
    private var progress = 0.0
    private var lastTime = 0.0

    init(_ model: LatencyModel) { self.model = model }

    var runningCount: Int { starting.count + drawing.count }
    var waitingCount: Int { waiting.count }

    mutating func add(_ id: Int, tokenCount: Int, now: Double) {
        advance(to: now)
        waiting.append((id, tokenCount))
        fillPlaces(now)
    }

    mutating func remove(_ id: Int, now: Double) {
        advance(to: now)
        waiting.removeAll { $0.id == id }
        starting.removeAll { $0.id == id }
        drawing.removeAll { $0.id == id }
        fillPlaces(now)
    }

    /// The time of the next change; nil when nothing runs.
    var nextTime: Double? {
        let start = starting.first?.time
        let rate = model.streamRate(activeCount: drawing.count)
        let end = drawing.first.map { lastTime + max(0, $0.end - progress) / rate }
        return [start, end].compactMap { $0 }.min()
    }

    /// The requests that are complete at `now`, in order of completion.
    mutating func completed(at now: Double) -> [Int] {
        var ids: [Int] = []
        while let time = nextTime, time <= now {
            advance(to: time)
            if let first = starting.first, first.time <= time {
                starting.removeFirst()
                draw(first.id, tokenCount: first.tokenCount)
            } else {
                ids.append(drawing.removeFirst().id)
            }
            fillPlaces(time)
        }
        advance(to: now)
        return ids
    }

    private mutating func advance(to now: Double) {
        progress += max(0, now - lastTime) * model.streamRate(activeCount: drawing.count)
        lastTime = max(lastTime, now)
    }

    private mutating func fillPlaces(_ now: Double) {
        while runningCount < model.placeCount, !waiting.isEmpty {
            let next = waiting.removeFirst()
            starting.append((next.id, next.tokenCount, now + model.firstTokenSeconds))
        }
    }

    private mutating func draw(_ id: Int, tokenCount: Int) {
        // The first token is there when drawing starts.
        let stream = Stream(id: id, end: progress + Double(max(0, tokenCount - 1)))
        var low = 0
        var high = drawing.count
        while low < high {
            let middle = (low + high) / 2
            if drawing[middle].end <= stream.end { low = middle + 1 } else { high = middle }
        }
        drawing.insert(stream, at: low)
    }
}
