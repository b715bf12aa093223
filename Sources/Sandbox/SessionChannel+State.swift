// What a channel knows of its process and of the snippet that runs.

extension SessionChannel {
    struct Running {
        let nonce: UInt64
        let started: ContinuousClock.Instant
        /// Since the process exists.
        var time: SnippetTime?
        var unsent: ArraySlice<UInt8>
        var received: [UInt8] = []
        var output: CollectedOutput
        /// An answer that overtook the zygote's word that the process exists.
        var earlyAnswer: WireFormat.SessionAnswer?
        var alarm: EventLoop.Alarm?
        /// At the last look at the clocks.
        var lastProcessorTime = Duration.zero
        let completion: @Sendable (Outcome) -> Void
    }

    struct State {
        var running: Running?
        var process: Descriptor?
        var account: ProcessAccount?
        /// What the process may still share with the zygote, in bytes.
        var sharedBytes = 0
        /// When the last snippet was answered, and what then stops the process a little later.
        var answered: ContinuousClock.Instant?
        var stopAlarm: EventLoop.Alarm?
        var isStopped = false
        var cause: Cause?
        var hasEnded = false
        /// Whether the loop looks at what the process sends.
        var isListening = true
        /// Whether the socket was full when the present snippet was sent.
        var hasUnsent = false
        var forChild: (socket: Descriptor, output: Descriptor)?
        var socketWatch: EventLoop.Watch?
        var outputWatch: EventLoop.Watch?
    }
}
