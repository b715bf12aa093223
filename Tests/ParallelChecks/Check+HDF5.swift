import Foundation
import HDF5
import MPI

extension Check {
    /// Layouts that every transfer is tried with.
    private static let layouts: [(name: String, layout: DatasetLayout)] = [
        ("contiguous", .contiguous),
        ("chunked", .chunked(count: 100, isExtendible: true)),
        (
            "filtered",
            .chunked(
                count: 100,
                filters: .init(shuffles: true, deflateLevel: 1, checks: true),
                isExtendible: true
            )
        ),
        (
            "fixed",
            .chunked(count: 100, filters: .init(shuffles: true, deflateLevel: 1, checks: true))
        ),
        ("oneChunk", .chunked(count: 5000, filters: .init(deflateLevel: 1))),
    ]

    /// Rank r writes r * 400 numbers, so rank 0 none, in each layout.
    ///
    /// HDF5 says that it was collective, and every rank reads what all wrote. Argument: a directory.
    static func collectiveWrite(_ world: borrowing Communicator, _ arguments: [String]) throws {
        let path = arguments[0] + "/collective.h5"
        let mine = world.rank * 400
        let start = Int(try world.allGather(Int64(mine))[..<world.rank].reduce(0, +))
        let total = Int(try world.agree([Int64(mine)], by: .sum)[0])
        let values = (start..<start + mine).map { Int32($0 * 3) }

        let file = try HDF5File(creating: path, over: world)
        for (name, layout) in layouts {
            let dataset = try file.createDataset(
                "/group/\(name)",
                of: .int32,
                count: total,
                layout: layout
            )
            let mode = try dataset.write(values, at: start)
            try expect(
                total == 0 ? mode == nil : mode?.isCollective == true,
                "\(name): the transfer was \(String(describing: mode))"
            )
            try dataset.close()
        }
        // What HDF5 says is no matter of course: a transfer that has to convert is not collective.
        let converted = try file.createDataset(
            "/converted",
            of: .int64,
            count: total,
            layout: .contiguous
        )
        let mode = try converted.write(values, at: start)
        try expect(
            total == 0 ? mode == nil : mode?.isCollective == false,
            "a converting transfer was \(String(describing: mode))"
        )
        try converted.close()
        try file.setAttribute("text", to: .string("Wörter\nund Zeilen"), of: "/group")
        try file.setAttribute("long", to: .string(String(repeating: "x", count: 200_000)))
        try file.setAttribute("number", to: .integer(-7))
        try file.flush()
        try file.close()

        let read = try HDF5File(opening: path)
        for (name, _) in layouts {
            let found: [Int32] = try read.openDataset("/group/\(name)").readAll()
            try expectEqual(found, (0..<total).map { Int32($0 * 3) })
        }
        try expectEqual(
            try read.attribute("text", of: "/group"),
            .string("Wörter\nund Zeilen")
        )
        try expectEqual(
            try read.attribute("long"),
            .string(String(repeating: "x", count: 200_000))
        )
        try read.close()
        try world.barrier()
    }

    /// Ten appends to one extendible dataset, another rank empty each time, one with nobody writing.
    static func collectiveAppend(_ world: borrowing Communicator, _ arguments: [String]) throws {
        let path = arguments[0] + "/append.h5"
        let file = try HDF5File(creating: path, over: world)
        let dataset = try file.createDataset(
            "/values",
            of: .double,
            count: 0,
            layout: .chunked(
                count: 64,
                filters: .init(shuffles: true, deflateLevel: 1, checks: true),
                isExtendible: true
            )
        )
        var expected: [Double] = []
        for step in 0..<10 {
            let counts = (0..<world.size).map {
                step == 5 || $0 == step % world.size ? 0 : 37 * ($0 + step)
            }
            let parts = counts.enumerated().map { rank, count in
                (0..<count).map { Double(step * 1000 + rank * 100) + Double($0) / 7 }
            }
            let start = expected.count + counts[..<world.rank].reduce(0, +)
            try dataset.extend(to: expected.count + counts.reduce(0, +))
            try dataset.write(parts[world.rank], at: start)
            expected += parts.joined()
        }
        try expectEqual(try dataset.count(), expected.count)
        try dataset.close()
        try file.close()
        if world.rank == 0 {
            let read = try HDF5File(opening: path)
            try expectEqual(try read.openDataset("/values").readAll(Double.self), expected)
        }
        try world.barrier()
    }
}
