import Foundation
import MPI

extension Check {
    /// Every rank sends ten messages of different lengths to every rank, itself too.
    static func messages(_ world: borrowing Communicator, _ arguments: [String]) throws {
        for number in 0..<10 {
            for destination in 0..<world.size {
                let bytes = [UInt8](repeating: UInt8(number), count: number * 1000)
                try world.send(bytes, to: destination, tag: Int32(number % 2))
            }
        }
        var lengths: [Int: [Int32: [Int]]] = [:]
        for tag in [Int32(1), 0] {
            for _ in 0..<5 * world.size {
                let message = try awaitMessage(world, tag: tag)
                try expectEqual(message.tag, tag)
                let expected = UInt8(message.bytes.count / 1000)
                try expect(message.bytes.allSatisfy { $0 == expected }, "content arrives as sent")
                lengths[message.source, default: [:]][tag, default: []].append(message.bytes.count)
            }
        }
        for source in 0..<world.size {
            // One sender's messages of one tag arrive in the order they were sent.
            try expectEqual(lengths[source]?[0], [0, 2000, 4000, 6000, 8000])
            try expectEqual(lengths[source]?[1], [1000, 3000, 5000, 7000, 9000])
        }
        try expect(try world.poll(tag: nil) == nil, "nothing is left")
    }

    /// A message beyond the eager limit completes although sender and receiver both send first.
    static func largeMessage(_ world: borrowing Communicator, _ arguments: [String]) throws {
        let bytes = (0..<8_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ world.rank) }
        try world.send(bytes, to: (world.rank + 1) % world.size, tag: 5)
        let message = try awaitMessage(world, tag: nil)
        try expectEqual(message.source, (world.rank + world.size - 1) % world.size)
        let expected = (0..<8_000_000).map {
            UInt8(truncatingIfNeeded: $0 &* 7 &+ message.source)
        }
        try expect(message.bytes == expected, "8 MB arrive as sent")
    }

    /// Every collective gives what its definition says, with unequal and empty contributions.
    static func collectives(_ world: borrowing Communicator, _ arguments: [String]) throws {
        let rank = Int64(world.rank)
        let size = Int64(world.size)
        try world.barrier()
        try expectEqual(try world.allGather(rank * 3), (0..<size).map { $0 * 3 })
        try expectEqual(try world.allGather([rank, 1]), (0..<size).map { [$0, 1] })
        for root in 0..<world.size {
            let text = Array("from \(root)".utf8)
            let mine = world.rank == root ? text : []
            try expectEqual(try world.broadcast(mine, from: root), text)
            try expectEqual(try world.broadcast([], from: root), [])

            let part = [UInt8](repeating: UInt8(world.rank), count: world.rank * 5)
            let parts = try world.gather(part, at: root)
            let all = (0..<world.size).map { [UInt8](repeating: UInt8($0), count: $0 * 5) }
            try expectEqual(parts, world.rank == root ? all : [])
        }
    }

    /// Agreement by each rule, over several values, with work done while waiting.
    static func agreement(_ world: borrowing Communicator, _ arguments: [String]) throws {
        let rank = Int64(world.rank)
        let last = Int64(world.size - 1)
        try expectEqual(try world.agree([rank, -rank], by: .min), [0, -last])
        try expectEqual(try world.agree([rank, -rank], by: .max), [last, 0])
        try expectEqual(try world.agree([rank, 1], by: .sum), [last * (last + 1) / 2, last + 1])
        try expectEqual(try world.agree([], by: .sum), [])

        // Rank 0 comes late; the others are called meanwhile, and receive its message.
        if world.rank == 0 {
            for destination in 1..<max(world.size, 1) {
                try world.send([9], to: destination, tag: 1)
            }
            usleep(200_000)
            _ = try world.agree([0], by: .max)
        } else {
            var received: [UInt8] = []
            _ = try world.agree([0], by: .max) {
                if let message = try world.poll(tag: 1) { received += message.bytes }
            }
            try expectEqual(received, [9])
        }
    }

    /// All ranks of this machine share memory, so the node's communicator is as large as the world.
    static func sharedSplit(_ world: borrowing Communicator, _ arguments: [String]) throws {
        let node = try world.splitShared()
        try expectEqual(node.size, world.size)
        try expectEqual(node.rank, world.rank)
        try expect(!node.nodeName.isEmpty, "a node has a name")
        try expectEqual(try node.allGather(1), [Int64](repeating: 1, count: node.size))
        try node.close()
    }

    /// Waiting two seconds for a late rank costs less than 0.3 s of processor time.
    static func waitIsIdle(_ world: borrowing Communicator, _ arguments: [String]) throws {
        try world.barrier()
        let before = clock()
        if world.rank == world.size - 1 { sleep(2) }
        try world.barrier()
        let seconds = Double(clock() - before) / Double(CLOCKS_PER_SEC)
        try expect(seconds < 0.3, "waiting used \(seconds) s of processor time")
    }

    /// The last rank aborts while the others wait for it.
    static func abort(_ world: borrowing Communicator, _ arguments: [String]) throws {
        if world.rank == world.size - 1 { MPIRuntime.abort(code: 42) }
        try world.barrier()
    }

    /// The last rank fails while the others wait for it.
    static func throwOnOneRank(_ world: borrowing Communicator, _ arguments: [String]) throws {
        if world.rank == world.size - 1 {
            throw Failure(description: "deliberate failure of the last rank")
        }
        try world.barrier()
    }

    /// A large message to oneself that is never received keeps the runtime from being finalized.
    static func undelivered(_ world: borrowing Communicator, _ arguments: [String]) throws {
        let bytes = [UInt8](repeating: 0, count: 8_000_000)
        try world.send(bytes, to: world.rank, tag: 0)
    }

    private static func awaitMessage(
        _ world: borrowing Communicator,
        tag: Int32?
    ) throws -> IncomingMessage {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            if let message = try world.poll(tag: tag) { return message }
            usleep(100)
        }
        throw Failure(description: "no message of tag \(String(describing: tag)) within 30 s")
    }
}
