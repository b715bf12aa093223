/// The distribution that a server's log-probabilities are under.
///
/// vLLM's `--logprobs-mode`. `processed_logprobs` is the policy that was really sampled from: after
/// temperature, top-k and top-p, which is what an importance ratio needs in its denominator.
/// `raw_logprobs`, the server's own default, is the model at temperature 1. The two agree when
/// temperature is 1, top-p 1 and top-k 0.
public enum LogProbabilityMode: String, Sendable, Hashable, CaseIterable {
    /// After temperature, penalties, top-k and top-p: the policy sampled from.
    case processed = "processed_logprobs"
    /// Of the model's own logits.
    case raw = "raw_logprobs"
    /// Not known: an attached server does not tell.
    case unknown
}
