private import Foundation

/// What the engine must know of a LoRA adapter before it is served: PEFT's `adapter_config.json`.
public struct AdapterConfiguration {
    /// Rank of the update matrices, at least 1.
    public let rank: Int

    /// Ranks that vLLM can be started for.
    private static let servableRanks = [1, 8, 16, 32, 64, 128, 256, 320, 512]

    /// Reads the adapter in `directory`.
    public init(directory: String) throws(InferenceError.Cause) {
        struct File: Decodable { let r: Int }
        let path = directory + "/adapter_config.json"
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw .invalidOptions(
                "the adapter's \(path) cannot be read; name a directory that PEFT has written"
            )
        }
        do {
            rank = try JSONDecoder().decode(File.self, from: bytes).r
        } catch {
            throw .invalidOptions("the adapter's \(path) states no rank 'r'")
        }
        guard rank >= 1 else { throw .invalidOptions("the adapter's \(path) has rank \(rank)") }
    }

    /// The smallest rank that vLLM can be started for and that covers `rank`.
    static func servable(_ rank: Int) throws(InferenceError.Cause) -> Int {
        guard let servable = servableRanks.first(where: { $0 >= rank }) else {
            throw .invalidOptions("vLLM serves adapters up to rank 512, and this one has \(rank)")
        }
        return servable
    }
}
