extension EngineServer {
    /// Finds out whether the server can still generate.
    ///
    /// A probe that waits behind a long queue is no illness: what counts then is whether anything
    /// at all went forward meanwhile.
    ///
    /// - Returns: what is wrong, or nil.
    func illness(vitals: Vitals, timeout: Duration) async -> String? {
        if let processExit { return "the server ended with \(processExit)" }
        let doneCount = vitals.doneCount
        async let tokenCountBefore = generatedTokenCount(timeout: timeout)
        do throws(InferenceError) {
            try await client.probe(timeout: timeout)
            return nil
        } catch {
            if let processExit { return "the server ended with \(processExit)" }
            if case .timedOut = error.cause {
                if vitals.doneCount > doneCount { return nil }
                if let before = await tokenCountBefore,
                    let after = await generatedTokenCount(timeout: timeout),
                    after > before
                {
                    return nil
                }
            }
            return "a probe failed: \(error.cause)"
        }
    }

    /// Tokens generated so far; nil when the server does not tell, or not soon.
    func generatedTokenCount(timeout: Duration) async -> Int? {
        do throws(InferenceError) {
            let soon = min(timeout, .seconds(10))
            return try await client.metrics(timeout: soon).generatedTokenCount
        } catch {
            return nil
        }
    }
}

/// When the server last showed that it goes forward.
struct Pulse {
    private var generation = -1
    private var doneCount = 0
    private var tokenCount: Int?
    private var lastProgress = ContinuousClock.now

    /// Time without any progress.
    var silence: Duration { ContinuousClock.now - lastProgress }

    /// Starts the silence anew.
    mutating func noteProgress() { lastProgress = .now }

    /// Whether calls wait and nothing has gone forward for the stall timeout.
    mutating func isStalled(
        _ service: EngineSupervisor.Service,
        vitals: Vitals,
        options: EngineOptions
    ) async -> Bool {
        let done = vitals.doneCount
        if service.generation != generation || vitals.waitingCount == 0 || done != doneCount {
            generation = service.generation
            doneCount = done
            tokenCount = nil
            lastProgress = .now
            return false
        }
        // The server's own count is asked for only when the calls tell nothing for a while.
        guard silence > options.stallTimeout / 2 else { return false }
        let tokens = await service.server.generatedTokenCount(timeout: options.stallTimeout)
        if let tokens, tokens != tokenCount {
            let isFirstLook = tokenCount == nil
            tokenCount = tokens
            if !isFirstLook {
                lastProgress = .now
                return false
            }
        }
        return silence > options.stallTimeout
    }
}
