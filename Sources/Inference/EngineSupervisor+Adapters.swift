// Every server in service has the same LoRA adapters: those loaded and not unloaded.

private import Synchronization

extension EngineSupervisor {
    /// Loads an adapter into the server in service, and into each that follows it.
    func loadAdapter(name: String, path: String) async throws(InferenceError) {
        let hasBegun = Mutex(false)
        _ = try await call { client throws(InferenceError) in
            let mayBeThere = hasBegun.withLock { hasBegun in
                defer { hasBegun = true }
                return hasBegun
            }
            try await Self.load(name, path, into: client, mayBeThere: mayBeThere)
        }
        adapters.append((name, path))
        // A restart that began meanwhile may have missed it.
        _ = try await call { client throws(InferenceError) in
            try await Self.load(name, path, into: client, mayBeThere: true)
        }
    }

    /// Loads an adapter; with `mayBeThere` an earlier call may have done so before it failed.
    static func load(
        _ name: String,
        _ path: String,
        into client: EngineClient,
        mayBeThere: Bool
    ) async throws(InferenceError) {
        do throws(InferenceError) {
            try await client.loadAdapter(name: name, path: path)
        } catch {
            guard mayBeThere, case .status(400, let message) = error.cause,
                message.contains("already been loaded")
            else { throw error }
        }
    }

    /// Whether an adapter was loaded under this name and not unloaded.
    func hasAdapter(name: String) -> Bool { adapters.contains { $0.name == name } }

    /// Unloads an adapter that no call uses any more.
    func unloadAdapter(name: String) async throws(InferenceError) {
        adapters.removeAll { $0.name == name }
        _ = try await call { client throws(InferenceError) in
            do throws(InferenceError) {
                try await client.unloadAdapter(name: name)
            } catch {
                // One that was started meanwhile never had it.
                guard case .status(404, _) = error.cause else { throw error }
            }
        }
    }
}
