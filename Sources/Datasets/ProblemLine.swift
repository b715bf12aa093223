import Configuration
import Foundation
import RolloutModel

/// Reads one line of a data set, and knows where it stands.
struct ProblemLine {
    let path: String
    let number: Int
    let fields: DatasetFields

    func problem(_ line: ArraySlice<UInt8>) throws(DatasetError) -> Problem {
        guard String(validating: line, as: UTF8.self) != nil else {
            throw fault("is not UTF-8 text", "save the file as UTF-8")
        }
        let object: [String: JSONField]
        do {
            object = try JSONDecoder().decode([String: JSONField].self, from: Data(line))
        } catch {
            throw fault(
                "is not a JSON object",
                "write one object a line, or remove the line; `python3 -m json.tool` shows the fault"
            )
        }
        return Problem(
            id: try required(fields.id, "id", object, numberIsText: true),
            statement: try required(fields.problem, "problem", object, numberIsText: false),
            answer: try required(fields.answer, "answer", object, numberIsText: true),
            subject: try optional(fields.subject, object),
            level: try optional(fields.level, object),
            dataset: URL(filePath: path).deletingPathExtension().lastPathComponent
        )
    }

    private func required(
        _ field: String,
        _ key: String,
        _ object: [String: JSONField],
        numberIsText: Bool
    ) throws(DatasetError) -> String {
        let expected = numberIsText ? "a text or a number" : "a text"
        switch object[field] {
        case .text(let text)?:
            guard text.contains(where: { !$0.isWhitespace }) else {
                throw fault("is empty", "fill it in, or remove the line", field: field)
            }
            return text
        case .number(let text)? where numberIsText:
            return text
        case let value?:
            throw fault(
                "expected \(expected), found \(value.kind)",
                "write \(expected)",
                field: field
            )
        case nil:
            let names = object.keys.sorted().joined(separator: ", ")
            throw fault(
                "is missing (the line has: \(names))",
                "add it, or set dataset.fields.\(key) to the name it has",
                field: field
            )
        }
    }

    private func optional(
        _ field: String,
        _ object: [String: JSONField]
    ) throws(DatasetError) -> String {
        switch object[field] {
        case .text(let text)?, .number(let text)?:
            return text
        case .null?, nil:
            return ""
        case .other(let kind)?:
            throw fault(
                "expected a text or a number, found \(kind)",
                "write a text or a number, or leave the field out",
                field: field
            )
        }
    }

    private func fault(_ problem: String, _ remedy: String, field: String = "") -> DatasetError {
        DatasetError(path: path, line: number, field: field, problem: problem, remedy: remedy)
    }
}
