// Calls in the forms that models were trained with, inside <tool_call>: JSON as in Hermes and Qwen templates,
// XML as in those of Qwen3-Coder and GLM. Only the program is taken out of them; the ids stay as they are.

/// A call that names its tool and hands over the program as an argument.
enum NativeCall: Hashable {
    /// The program in it.
    case program(Substring)
    /// Why it is not run, in words for the model.
    case refused(String)

    private static let nameKeys = ["name", "tool_name", "tool", "function"]
    private static let argumentKeys = ["arguments", "parameters", "args", "kwargs", "input"]
    private static let codeKeys = [
        "code", "python_code", "source", "source_code", "script", "program", "snippet",
    ]
    /// Names of a tool that runs Python, beside those with `python` in them.
    private static let tools: Set = [
        "", "code", "interpreter", "code_interpreter", "code_execution", "execute_code", "run_code",
        "code_runner", "exec", "execute", "py",
    ]
    private static let withoutCode = "the call has no argument \"code\" with the program"
    private static let unreadable =
        "the call in JSON cannot be read: in a JSON string, quotes and backslashes need a backslash"

    private static let unreadableXML =
        "the call in XML cannot be read: it needs <function=python><parameter=code>"

    /// The calls that `text` consists of; nil when it is no such call but Python.
    static func calls(in text: Substring) -> [NativeCall]? {
        if text.hasPrefix("{") || text.hasPrefix("[") { return jsonCalls(in: text) }
        let isTagged = text.hasPrefix("<function") || text.hasPrefix("<invoke")
        let name = text.prefix { $0 != "<" }
        let isPaired =
            isName(name.withoutSpaces) && text[name.endIndex...].hasPrefix("<arg_key>")
        if isTagged || isPaired { return xmlCalls(in: TurnBytes(text)) }
        // No program begins with a tag.
        guard text.hasPrefix("<"), text.dropFirst().first?.isLetter == true else { return nil }
        return [plainXMLCall(in: TurnBytes(text))]
    }

    /// Whether a call in JSON begins at `start`, perhaps in a fence.
    static func looksLikeJSON(_ text: TurnBytes, from start: Int) -> Bool {
        var place = text.afterSpace(from: start)
        if text.has("```", at: place) {
            place = text.afterSpace(from: text.lineEnd(from: place))
        }
        if place < text.count, text[place] == UInt8(ascii: "[") {
            place = text.afterSpace(from: place + 1)
        }
        guard place < text.count, text[place] == UInt8(ascii: "{") else { return false }
        place = text.afterSpace(from: place + 1)
        guard place < text.count, text[place] == UInt8(ascii: "\"") else { return false }
        let keys = nameKeys + argumentKeys + codeKeys + ["type", "id"]
        return keys.contains { text.has($0 + "\"", at: place + 1) }
    }

    /// Why a tool of this name cannot be called; nil for the interpreter.
    static func refusal(ofTool name: String) -> String? {
        let plain = name.lowercased()
        guard !plain.contains("python"), !tools.contains(plain) else { return nil }
        return "there is no tool \(safe(name)), only Python"
    }

    private static func isName(_ text: Substring) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isLetter || $0.isNumber || "_-.".contains($0) }
    }

    /// A name that a model wrote, fit to be told to it.
    static func safe(_ name: some StringProtocol) -> String {
        "\""
            + name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }
            .prefix(40) + "\""
    }

    /// The value of an XML attribute in the inside of a tag.
    static func attribute(_ name: String, in attributes: Substring) -> String? {
        let text = TurnBytes(attributes)
        guard let range = text.range(of: name + "=", from: 0) else { return nil }
        let value = text[range.upperBound..<text.count].withoutSpaces
        guard let quote = value.first, quote == "\"" || quote == "'" else {
            return String(value.prefix { !$0.isWhitespace && $0 != "/" })
        }
        return String(value.dropFirst().prefix { $0 != quote })
    }

    // MARK: JSON

    private static func jsonCalls(in text: Substring) -> [NativeCall]? {
        var values = LooseJSON.values(in: text)
        if case .array(let elements)? = values.first { values = elements }
        let calls = values.compactMap(call)
        guard calls.isEmpty else { return calls }
        return looksLikeJSON(TurnBytes(text), from: 0) && values.isEmpty
            ? [.refused(unreadable)] : nil
    }

    /// The call that a value is; nil for other data.
    private static func call(_ value: LooseJSON) -> NativeCall? {
        guard case .object(let members) = value else { return nil }
        if case .object? = members["function"], let inner = members["function"] {
            return call(inner)
        }
        let arguments = argumentKeys.lazy.compactMap { members[$0] }.first
        let name = nameKeys.lazy.compactMap { members[$0] }.first
        guard name != nil || arguments != nil || codeKeys.contains(where: { members[$0] != nil })
        else { return nil }
        if case .string(let name)? = name, let reason = refusal(ofTool: name) {
            return .refused(reason)
        }
        return program(in: arguments ?? value).map { .program($0) } ?? .refused(withoutCode)
    }

    private static func program(in arguments: LooseJSON) -> Substring? {
        switch arguments {
        case .object(let members):
            for key in codeKeys {
                if case .string(let code)? = members[key] { return unfenced(code) }
            }
            return nil
        case .string(let text):
            // Arguments as a string that holds JSON, or the program itself.
            let inner = LooseJSON.values(in: text[...].withoutSpaces)
            guard case .object? = inner.first else { return unfenced(text) }
            return program(in: inner[0])
        case .array, .other: return nil
        }
    }

    /// Without a fence around it.
    private static func unfenced(_ code: String) -> Substring {
        let code = code[...].withoutEmptyEnds
        guard code.hasPrefix("```"), code.withoutSpaces.hasSuffix("```") else { return code }
        return code.withoutFirstLine.withoutSpaces.dropLast(3)
    }

    // MARK: XML

    private static func xmlCalls(in text: TurnBytes) -> [NativeCall] {
        var calls: [NativeCall] = []
        var start = 0
        repeat {
            let next = text.range(of: "<function", from: start + 1)?.lowerBound
            let ending = CodeEnd(of: "</function>", in: text, from: start, as: .python).place
            // A further call begins behind the end of this one.
            let end = ending.flatMap { end in next.flatMap { $0 > end ? $0 : nil } } ?? text.count
            calls.append(xmlCall(in: TurnBytes(text[start..<min(end, ending ?? end)])))
            start = end
        } while start < text.count
        return calls
    }

    private static func xmlCall(in text: TurnBytes) -> NativeCall {
        let isTagged = text[0] == UInt8(ascii: "<")
        let nameEnd = isTagged ? text.range(of: ">", from: 0)?.lowerBound : text.lineEnd(from: 0)
        guard let nameEnd else { return .refused(withoutCode) }
        let head = text[0..<nameEnd]
        let name =
            isTagged
            ? head.firstIndex(of: "=").map { head[head.index(after: $0)...] } ?? ""
            : head.prefix { $0 != "<" }
        let plainName = name.filter { !"\"' \t\r/".contains($0) }
        if let reason = refusal(ofTool: String(plainName)) { return .refused(reason) }
        for key in codeKeys {
            for opening in [
                "<parameter=\(key)>", "<parameter name=\"\(key)\">",
                "<arg_key>\(key)</arg_key>",
            ] {
                guard let tag = text.range(of: opening, from: 0) else { continue }
                return .program(xmlValue(in: text, after: tag.upperBound))
            }
        }
        guard isTagged, text.range(of: "<parameter", from: 0) == nil else {
            return .refused(withoutCode)
        }
        // The program, or arguments in JSON, as all that the tag holds.
        let content = text[nameEnd + 1..<text.count].withoutSpaces
        guard !content.isEmpty else { return .refused(withoutCode) }
        guard content.hasPrefix("{"), case .object? = LooseJSON.values(in: content).first else {
            return .program(content)
        }
        return program(in: .string(String(content))).map { .program($0) } ?? .refused(withoutCode)
    }

    /// A program in a tag of its own; any other tag is refused.
    private static func plainXMLCall(in text: TurnBytes) -> NativeCall {
        for name in codeKeys + ["python", "py"] where text.has("<\(name)>", at: 0) {
            let start = name.utf8.count + 2
            let end = CodeEnd(of: "</\(name)>", in: text, from: start, as: .python).place
            return .program(unfenced(String(text[start..<(end ?? text.count)])))
        }
        return .refused(unreadableXML)
    }

    /// What stands up to the tag that ends a parameter.
    private static func xmlValue(in text: TurnBytes, after place: Int) -> Substring {
        let valueTag = "<arg_value>"
        let next = text.afterSpace(from: place)
        let isPair = text.has(valueTag, at: next)
        let start = isPair ? next + valueTag.utf8.count : place
        let closing = isPair ? "</arg_value>" : "</parameter>"
        let end = CodeEnd(of: closing, in: text, from: start, as: .python).place ?? text.count
        return unfenced(String(text[start..<end]))
    }
}
