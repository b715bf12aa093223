import HTTP
import Testing

@testable import Inference

/// The messages are those of vLLM 0.32.0.
@Suite struct ServerComplaintTests {
    private func cause(_ status: Int, _ message: String) -> InferenceError.Cause {
        let body = #"{"error":{"message":"\#(message)","type":"BadRequestError","code":400}}"#
        return ServerComplaint.cause(HTTPResponse(status: status, body: Array(body.utf8)))
    }

    @Test func promptBeyondTheContextHasItsOwnCause() {
        let message =
            "This model's maximum context length is 2048 tokens. However, your prompt contains 2100 "
            + "input tokens, which exceeds this limit even without any output tokens. Please reduce "
            + "the length of the input prompt. (parameter=input_tokens, value=2100)"
        #expect(
            cause(400, message)
                == .contextExceeded(promptTokens: 2100, limit: 2048, message: message)
        )
    }

    @Test func promptThatLeavesNoRoomHasTheSameCause() {
        let message = "max_tokens must be at least 1, got 0. (parameter=max_tokens, value=0)"
        #expect(
            cause(400, message) == .contextExceeded(promptTokens: nil, limit: nil, message: message)
        )
    }

    @Test func otherComplaintsKeepStatusAndMessage() {
        #expect(
            cause(404, "The model `x` does not exist.")
                == .status(404, message: "The model `x` does not exist.")
        )
        #expect(cause(500, "EngineCore died") == .status(500, message: "EngineCore died"))
    }

    @Test(arguments: ["", "<html>\n<b>Bad\nGateway</b>", "{", "[]", "{\"detail\":1}"])
    func bodyThatIsNoComplaintIsQuotedInOneLine(body: String) {
        let cause = ServerComplaint.cause(HTTPResponse(status: 502, body: Array(body.utf8)))
        guard case .status(502, let message) = cause else {
            Issue.record("not a status")
            return
        }
        #expect(!message.contains("\n"))
    }

    @Test func onlyWhatCanHelpIsRetryable() {
        func isRetryable(_ cause: InferenceError.Cause) -> Bool {
            InferenceError(operation: "o", endpoint: nil, cause: cause).isRetryable
        }
        #expect(isRetryable(.status(500, message: "")) && isRetryable(.status(429, message: "")))
        #expect(
            isRetryable(.cut("")) && isRetryable(.timedOut("")) && isRetryable(.unreachable(""))
        )
        #expect(isRetryable(.lengthMismatch(ids: 2, logProbabilities: 1)))
        #expect(!isRetryable(.status(400, message: "")) && !isRetryable(.status(404, message: "")))
        #expect(!isRetryable(.cancelled) && !isRetryable(.engineLost("")))
        #expect(!isRetryable(.contextExceeded(promptTokens: nil, limit: nil, message: "")))
        #expect(!isRetryable(.chatTemplate("")))
    }
}
