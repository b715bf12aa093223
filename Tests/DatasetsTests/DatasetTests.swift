import Configuration
import Datasets
import Foundation
import RolloutModel
import Testing

/// Writes `bytes` to a file of its own, reads it as a data set, and removes it.
private func loaded(
    _ bytes: [UInt8],
    _ change: (inout DatasetSection) -> Void = { _ in }
) throws -> Dataset {
    let file = FileManager.default.temporaryDirectory
        .appending(path: "dataset-\(UInt64.random(in: .min ... .max))/maths.jsonl")
    let folder = file.deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    defer {
        do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
    }
    var section = DatasetSection(path: file.path)
    change(&section)
    return try Dataset.load(section)
}

private func loaded(
    _ text: String,
    _ change: (inout DatasetSection) -> Void = { _ in }
) throws -> Dataset {
    try loaded(Array(text.utf8), change)
}

/// What the error of a faulty file says after the file's name.
private func fault(_ bytes: [UInt8]) -> String {
    do {
        _ = try loaded(bytes)
        return "no fault"
    } catch let error as DatasetError {
        return String(error.description.dropFirst(error.path.count))
    } catch {
        return "\(error)"
    }
}

private func fault(_ text: String) -> String { fault(Array(text.utf8)) }

@Suite struct DatasetTests {
    @Test func problemsKeepFileOrder() throws {
        let dataset = try loaded(
            """
            {"id": "b", "problem": "1+1?", "answer": "2", "subject": "Algebra", "level": 3}

            {"id": "a", "problem": "½?", "answer": 0.5, "extra": [1, {"x": null}]}\r
            {"id": 7, "problem": "big", "answer": 123456789012345678901234567890}
            """
        )
        let long = "123456789012345678901234567890"
        #expect(
            dataset.problems == [
                Problem(
                    id: "b",
                    statement: "1+1?",
                    answer: "2",
                    subject: "Algebra",
                    level: "3",
                    dataset: "maths"
                ),
                Problem(id: "a", statement: "½?", answer: "0.5", dataset: "maths"),
                Problem(id: "7", statement: "big", answer: long, dataset: "maths"),
            ]
        )
    }

    @Test func theHashIsOfTheBytes() throws {
        // sha256sum of this line with its newline.
        let dataset = try loaded("{\"id\": \"a\", \"problem\": \"p\", \"answer\": \"1\"}\n")
        #expect(
            dataset.hash == "01ea330ee1c1d6e62b9c95d5a696d1f2bc261e7084b56506dfe833f609f45ce9"
        )
    }

    @Test func fieldsCanHaveOtherNames() throws {
        let dataset = try loaded(#"{"unique_id": "a", "question": "p", "solution": "1"}"#) {
            $0.fields.id = "unique_id"
            $0.fields.problem = "question"
            $0.fields.answer = "solution"
        }
        #expect(
            dataset.problems
                == [Problem(id: "a", statement: "p", answer: "1", dataset: "maths")]
        )
    }

    @Test func aLimitTakesTheFirst() throws {
        let lines = (0..<5).map { "{\"id\": \($0), \"problem\": \"p\", \"answer\": 1}" }
        let text = lines.joined(separator: "\n")
        #expect(try loaded(text) { $0.limit = 2 }.problems.map(\.id) == ["0", "1"])
        #expect(try loaded(text) { $0.limit = 9 }.problems.count == 5)
        #expect(try loaded(text) { $0.limit = 2 }.hash == loaded(text).hash)
    }

    @Test func aByteOrderMarkIsSkipped() throws {
        let text = "\u{feff}{\"id\": 1, \"problem\": \"p\", \"answer\": 1}"
        #expect(try loaded(text).problems.count == 1)
    }
}

@Suite struct DatasetFaultTests {
    private let good = #"{"id": "a", "problem": "p", "answer": "1"}"#

    @Test func aMissingFileIsNamed() {
        #expect {
            try Dataset.load(DatasetSection(path: "/no/such/file.jsonl"))
        } throws: {
            "\($0)".hasPrefix("/no/such/file.jsonl: no such file; set dataset.path")
        }
    }

    @Test func anEmptyFileHoldsNoProblem() {
        #expect(
            fault("").hasPrefix(": is empty: it holds no problem; write one JSON object a line")
        )
        #expect(fault("\n \n").hasPrefix(": is empty: it holds no problem"))
    }

    @Test func aBrokenLineIsNamed() {
        #expect(fault(good + "\n{\"id\": ").hasPrefix(":2: is not a JSON object; "))
        #expect(fault("[1]").hasPrefix(":1: is not a JSON object"))
        #expect(fault(Array(good.utf8) + [0x0a, 0x22, 0xff]).hasPrefix(":2: is not UTF-8 text"))
    }

    @Test func aDuplicateIDNamesBothLines() {
        #expect(
            fault(good + "\n\n" + good)
                == ":3: field \"id\": \"a\" is already the id of line 1; "
                + "give every problem an id of its own"
        )
    }

    @Test func aMissingFieldNamesTheOnesThere() {
        #expect(
            fault(#"{"id": "a", "question": "p", "answer": "1"}"#)
                == ":1: field \"problem\": is missing (the line has: answer, id, question); "
                + "add it, or set dataset.fields.problem to the name it has"
        )
    }

    @Test func anEmptyOrWrongFieldIsNamed() {
        #expect(
            fault(#"{"id": "a", "problem": " ", "answer": "1"}"#)
                == ":1: field \"problem\": is empty; fill it in, or remove the line"
        )
        #expect(
            fault(#"{"id": "a", "problem": "p", "answer": ["1"]}"#)
                == ":1: field \"answer\": expected a text or a number, found a list; "
                + "write a text or a number"
        )
        #expect(
            fault(#"{"id": "a", "problem": 5, "answer": "1"}"#).hasPrefix(
                ":1: field \"problem\": expected a text, found a number"
            )
        )
        #expect(
            fault(#"{"id": null, "problem": "p", "answer": "1"}"#).contains("found null")
        )
        #expect(
            fault(#"{"id": "a", "problem": "p", "answer": true}"#).contains("found a truth value")
        )
        #expect(
            fault(#"{"id": "a", "problem": "p", "answer": 1, "level": {}}"#).hasPrefix(
                ":1: field \"level\": expected a text or a number, found an object"
            )
        )
    }
}

/// Benchmarks for the tests, kept outside of the package.
private let benchmarks = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("shared/data/benchmarks")

@Suite(.enabled(if: FileManager.default.fileExists(atPath: benchmarks.path), "no shared data"))
struct BenchmarkDatasetTests {
    @Test(arguments: [("math500", 500), ("gsm8k_test", 1_319), ("aime24", 30), ("hmmt_feb24", 30)])
    func benchmarksAreReadAsTheyAre(_ name: String, _ count: Int) throws {
        let path = benchmarks.appendingPathComponent("\(name).jsonl").path
        let dataset = try Dataset.load(DatasetSection(path: path))
        #expect(dataset.problems.count == count)
        #expect(name != "math500" || dataset.problems.allSatisfy { !$0.subject.isEmpty })
    }
}
