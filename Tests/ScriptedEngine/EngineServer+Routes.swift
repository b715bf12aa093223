private import Foundation

extension EngineServer {
    func handle(_ request: ArrivedRequest, on connection: Connection) {
        orders.note { $0.requestCounts[request.path, default: 0] += 1 }
        let fault = nextFault(for: request.path)
        switch fault {
        case .hang: return
        case .drop:
            drop(connection)
            return
        case .garbage:
            connection.closesAfterOutput = true
            send(Array("\u{1}\u{2}no HTTP at all\r\n\r\n".utf8), to: connection)
            return
        case .status(let status, let message):
            send(Answer.failure(status, message).bytes, to: connection)
            return
        case .die:
            stop()
            return
        case .cut, .brokenJSON, .missingField, .fewerLogProbabilities, .otherValues, .slow, nil:
            break
        }
        if request.path == "/v1/completions", request.method == "POST" {
            complete(request, fault: fault, on: connection)
        } else {
            deliver(answer(request), fault: fault, drawing: nil, to: connection)
        }
    }

    private func nextFault(for path: String) -> Fault? {
        guard let index = faults.firstIndex(where: { $0.path == path && $0.count > 0 }) else {
            return nil
        }
        if faults[index].after > 0 {
            faults[index].after -= 1
            return nil
        }
        faults[index].count -= 1
        return faults[index].fault
    }

    /// Sends `answer` with what `fault` makes of it.
    private func deliver(
        _ answer: Answer,
        fault: Fault?,
        drawing tokenCount: Int?,
        to connection: Connection
    ) {
        var answer = answer
        var delay = 0.0
        switch fault {
        case .brokenJSON: answer.body.removeLast(min(answer.body.count, 20))
        case .slow(let seconds): delay = seconds
        default: break
        }
        var bytes = answer.bytes
        if fault == .cut {
            bytes.removeLast(answer.body.count / 2 + 1)
            connection.closesAfterOutput = true
        }
        if let tokenCount, delay == 0 {
            send(bytes, to: connection, drawing: tokenCount)
        } else {
            send(bytes, to: connection, after: delay)
        }
    }

    private func complete(_ request: ArrivedRequest, fault: Fault?, on connection: Connection) {
        let body: CompletionBody
        do {
            body = try CompletionBody(request.body)
        } catch {
            deliver(.failure(400, "\(error)"), fault: fault, drawing: nil, to: connection)
            return
        }
        let call = body.call
        orders.note { $0.calls.append(call) }
        if let refusal = refusal(of: call) {
            deliver(refusal, fault: fault, drawing: nil, to: connection)
            return
        }
        let room = options.maxModelLength - call.prompt.count
        let answer = CompletionAnswer(call, reply: script(call), room: room)
        var missing: String?
        if case .missingField(let name) = fault { missing = name }
        var others: [String: String] = [:]
        if case .otherValues(let values) = fault { others = values }
        let text = answer.body(
            without: missing,
            others: others,
            fewerLogProbabilities: fault == .fewerLogProbabilities
        )
        promptTokenCount += call.prompt.count
        generatedTokenCount += answer.ids.count
        orders.note { $0.generatedTokenCount += answer.ids.count }
        deliver(.json(text), fault: fault, drawing: answer.ids.count, to: connection)
    }

    /// What vLLM says to a call that it cannot serve.
    private func refusal(of call: CompletionCall) -> Answer? {
        guard call.stop.count <= 4 else {
            return .failure(400, "stop: List should have at most 4 items")
        }
        guard isServed(call.model) else { return unknownModel(call.model) }
        if call.prompt.isEmpty { return .failure(400, "You must pass at least one prompt") }
        let length = options.maxModelLength
        if call.prompt.count > length {
            return .failure(
                400,
                "This model's maximum context length is \(length) tokens. However, your prompt "
                    + "contains \(call.prompt.count) input tokens, which exceeds this limit even "
                    + "without any output tokens.",
                parameter: "input_tokens"
            )
        }
        if call.prompt.count == length {
            return .failure(
                400,
                "max_tokens must be at least 1, got 0. (parameter=max_tokens, value=0)",
                parameter: "max_tokens"
            )
        }
        return nil
    }

    private func isServed(_ model: String) -> Bool {
        model == options.model || adapters.contains(model)
    }

    private func unknownModel(_ model: String) -> Answer {
        .failure(404, "The model `\(model)` does not exist.", parameter: "model")
    }

    private func answer(_ request: ArrivedRequest) -> Answer {
        do {
            switch (request.method, request.path) {
            case ("GET", "/health"): return Answer(body: [])
            case ("GET", "/version"): return .json(#"{"version":"scripted-1"}"#)
            case ("GET", "/metrics"): return metrics
            case ("GET", "/v1/models"): return models
            case ("POST", "/tokenize"): return try tokenize(request)
            case ("POST", "/v1/load_lora_adapter"): return try loadAdapter(request)
            case ("POST", "/v1/unload_lora_adapter"): return try unloadAdapter(request)
            case ("POST", "/scripted/faults"):
                faults.append(
                    try JSONDecoder().decode(PlannedFault.self, from: Data(request.body))
                )
                return .json("{}")
            default: return .failure(404, "Not Found")
            }
        } catch {
            return .failure(400, "\(error)")
        }
    }

    private var metrics: Answer {
        let tokens = Double(queue.runningCount) * 500
        let use = min(1, tokens / Double(options.cacheTokenCount))
        let series: [(String, String)] = [
            ("num_requests_running", "\(Double(queue.runningCount))"),
            ("num_requests_waiting", "\(Double(queue.waitingCount))"),
            ("kv_cache_usage_perc", "\(use)"), ("num_preemptions_total", "0.0"),
            ("prompt_tokens_total", "\(Double(promptTokenCount))"),
            ("generation_tokens_total", "\(Double(generatedTokenCount))"),
        ]
        let label = #"{engine="0",model_name="\#(options.model)"}"#
        let lines = series.map { "# TYPE vllm:\($0.0) gauge\nvllm:\($0.0)\(label) \($0.1)\n" }
        return Answer(body: Array(lines.joined().utf8), contentType: "text/plain")
    }

    private var models: Answer {
        let card = { (id: String, length: String, parent: String) in
            """
            {"id":\(Answer.quoted(id)),"object":"model","max_model_len":\(length),\
            "parent":\(parent)}
            """
        }
        let base = card(options.model, "\(options.maxModelLength)", "null")
        let others = adapters.sorted().map { card($0, "null", Answer.quoted(options.model)) }
        return .json(#"{"data":[\#(([base] + others).joined(separator: ","))]}"#)
    }

    private func tokenize(_ request: ArrivedRequest) throws -> Answer {
        let body = try JSONDecoder().decode(TokenizeBody.self, from: Data(request.body))
        guard isServed(body.model) else { return unknownModel(body.model) }
        let roles: Set = ["system", "user", "assistant"]
        if let message = body.messages?.first(where: { !roles.contains($0.role) }) {
            return .failure(400, "no role '\(message.role)'")
        }
        let text =
            body.prompt
            ?? ByteTokenizer.prompt((body.messages ?? []).map { ($0.role, $0.content) })
        let ids = ByteTokenizer.ids(text)
        return .json(
            """
            {"count":\(ids.count),"max_model_len":\(options.maxModelLength),"tokens":\(ids),\
            "token_strs":null}
            """
        )
    }

    private func loadAdapter(_ request: ArrivedRequest) throws -> Answer {
        let body = try JSONDecoder().decode(AdapterBody.self, from: Data(request.body))
        guard !adapters.contains(body.lora_name) else {
            return .failure(
                400,
                "The lora adapter '\(body.lora_name)' has already been loaded."
            )
        }
        adapters.insert(body.lora_name)
        orders.note { $0.loadedAdapters.append(body.lora_name) }
        return .json(#""Success""#)
    }

    private func unloadAdapter(_ request: ArrivedRequest) throws -> Answer {
        let body = try JSONDecoder().decode(AdapterBody.self, from: Data(request.body))
        guard adapters.remove(body.lora_name) != nil else {
            return .failure(404, "The lora adapter '\(body.lora_name)' cannot be found.")
        }
        return .json(#""Success""#)
    }
}

private struct AdapterBody: Decodable {
    let lora_name: String
}

private struct TokenizeBody: Decodable {
    struct Message: Decodable {
        let role: String
        let content: String
    }

    let model: String
    let prompt: String?
    let messages: [Message]?
}

private struct CompletionBody {
    private struct Rest: Decodable {
        let model: String
        let max_tokens: Int
        let temperature: Double?
        let seed: Int64?
        let stop: [String]?
    }

    let call: CompletionCall

    /// Reads the long list of ids by hand, and the rest with Foundation.
    init(_ body: [UInt8]) throws {
        var rest = body
        var prompt: [Int32] = []
        let start = Array(#""prompt":"#.utf8)
        if let found = body.firstRange(of: start),
            let open = body[found.upperBound...].firstIndex(of: UInt8(ascii: "[")),
            let close = body[open...].firstIndex(of: UInt8(ascii: "]"))
        {
            var value: Int32?
            for byte in body[(open + 1)...close] {
                if (0x30...0x39).contains(byte) {
                    value = (value ?? 0) &* 10 &+ Int32(byte - 0x30)
                } else if let id = value {
                    prompt.append(id)
                    value = nil
                }
            }
            rest.removeSubrange((open + 1)..<close)
        }
        let values = try JSONDecoder().decode(Rest.self, from: Data(rest))
        call = CompletionCall(
            prompt: prompt,
            model: values.model,
            maxTokens: values.max_tokens,
            temperature: values.temperature ?? 1,
            seed: values.seed ?? 0,
            stop: values.stop ?? []
        )
    }
}
