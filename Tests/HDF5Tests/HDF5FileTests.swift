import Foundation
import HDF5
import ParallelLaunch
import Testing

@Suite struct HDF5FileTests {
    @Test func everyElementTypeComesBackAsWritten() throws {
        try withDirectory { directory in
            let path = directory + "/types.h5"
            let file = try HDF5File(creating: path)
            try write([Int8.min, -1, 0, .max], to: file)
            try write([Int16.min, -1, 0, .max], to: file)
            try write([Int32.min, -1, 0, .max], to: file)
            try write([Int64.min, -1, 0, .max], to: file)
            try write([UInt8.min, 1, .max], to: file)
            try write([UInt64.min, 1, .max], to: file)
            try write([Float.leastNonzeroMagnitude, -0.5, .infinity], to: file)
            try write([Double.leastNonzeroMagnitude, -0.5, .infinity], to: file)
            try file.close()

            let read = try HDF5File(opening: path)
            #expect(try values(read) == [Int8.min, -1, 0, .max])
            #expect(try values(read) == [Int16.min, -1, 0, .max])
            #expect(try values(read) == [Int32.min, -1, 0, .max])
            #expect(try values(read) == [Int64.min, -1, 0, .max])
            #expect(try values(read) == [UInt8.min, 1, .max])
            #expect(try values(read) == [UInt64.min, 1, .max])
            #expect(try values(read) == [Float.leastNonzeroMagnitude, -0.5, .infinity])
            #expect(try values(read) == [Double.leastNonzeroMagnitude, -0.5, .infinity])
        }
    }

    @Test func attributesComeBackAsWrittenAndSorted() throws {
        try withDirectory { directory in
            let path = directory + "/attributes.h5"
            let file = try HDF5File(creating: path)
            try file.createGroup("/a/b")
            try file.setAttribute("text", to: .string("größer\nals"), of: "/a/b")
            try file.setAttribute("empty", to: .string(""), of: "/a/b")
            try file.setAttribute("whole", to: .integer(.min), of: "/a/b")
            try file.setAttribute("real", to: .real(0.1))
            try file.close()

            let read = try HDF5File(opening: path)
            #expect(try read.attributeNames(of: "/a/b") == ["empty", "text", "whole"])
            #expect(try read.attribute("text", of: "/a/b") == .string("größer\nals"))
            #expect(try read.attribute("empty", of: "/a/b") == .string(""))
            #expect(try read.attribute("whole", of: "/a/b") == .integer(.min))
            #expect(try read.attribute("real") == .real(0.1))
            #expect(try read.attribute("absent") == nil)
        }
    }

    @Test func anEnumerationKeepsItsNames() throws {
        try withDirectory { directory in
            let file = try HDF5File(creating: directory + "/names.h5")
            let dataset = try file.createEnumeration(
                "/status",
                names: ["red", "green"],
                count: 3,
                layout: .contiguous
            )
            try dataset.write([UInt8](arrayLiteral: 0, 1, 0), at: 0)
            #expect(try dataset.memberNames() == [0: "red", 1: "green"])
            #expect(try dataset.readAll(UInt8.self) == [0, 1, 0])
        }
    }

    @Test func existenceIsToldWithoutAnError() throws {
        try withDirectory { directory in
            let file = try HDF5File(creating: directory + "/exists.h5")
            try file.createGroup("/a")
            #expect(try file.contains("/a"))
            #expect(try !file.contains("/a/b/c"))
        }
    }

    @Test func aMissingFileIsNamedInTheError() throws {
        try withDirectory { directory in
            let path = directory + "/missing.h5"
            let error = #expect(throws: HDF5Error.self) {
                let file = try HDF5File(opening: path)
                try file.close()
            }
            guard case .call(let operation, let object, let causes)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(operation == "H5Fopen")
            #expect(object == path)
            #expect(causes.contains { $0.contains("No such file or directory") }, "\(causes)")
        }
    }

    @Test func aTruncatedFileIsToldByHDF5() throws {
        try withDirectory { directory in
            let path = directory + "/whole.h5"
            let file = try HDF5File(creating: path)
            try write([Int64](repeating: 3, count: 10_000), to: file)
            try file.close()
            let bytes = try Data(contentsOf: URL(filePath: path))
            try bytes.prefix(bytes.count / 2).write(to: URL(filePath: path))
            let error = #expect(throws: HDF5Error.self) {
                let file = try HDF5File(opening: path)
                try file.close()
            }
            #expect("\(try #require(error))".contains("truncated file"))
        }
    }

    @Test func aDamagedChunkFailsItsChecksum() throws {
        try withDirectory { directory in
            let path = directory + "/chunk.h5"
            let file = try HDF5File(creating: path)
            let marker = Array("a text that can be found again in the file".utf8)
            let dataset = try file.createDataset(
                "/text",
                of: .uint8,
                count: marker.count,
                layout: .chunked(count: 64, filters: .init(checks: true))
            )
            try dataset.write(marker, at: 0)
            try dataset.close()
            try file.close()
            var bytes = try Data(contentsOf: URL(filePath: path))
            let place = try #require(bytes.firstRange(of: Data(marker)))
            bytes[place.lowerBound] ^= 1
            try bytes.write(to: URL(filePath: path))
            #expect(throws: HDF5Error.self) {
                try HDF5File(opening: path).openDataset("/text").readAll(UInt8.self)
            }
        }
    }

    @Test(arguments: ["collectiveWrite", "collectiveAppend"], [0, 1, 2, 3])
    func parallelFilesHoldWhatEveryRankWrote(check: String, rankCount: Int) throws {
        try withDirectory { directory in
            let outcome = try ParallelLaunch.run([check, directory], rankCount: rankCount)
            #expect(outcome.exitCode == 0, "\(outcome.output)")
            #expect(outcome.output.contains("passed on"), "\(outcome.output)")
        }
    }

    private func write<Element: HDF5Element>(
        _ values: [Element],
        to file: borrowing HDF5File
    ) throws {
        let dataset = try file.createDataset(
            "/values/\(Element.elementType)",
            of: Element.elementType,
            count: values.count,
            layout: .contiguous
        )
        try dataset.write(values, at: 0)
        try dataset.close()
    }

    private func values<Element: HDF5Element>(_ file: borrowing HDF5File) throws -> [Element] {
        try file.openDataset("/values/\(Element.elementType)").readAll()
    }
}
