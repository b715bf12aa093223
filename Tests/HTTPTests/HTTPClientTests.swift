import Foundation
import HTTP
import ScriptedEngine
import Testing

/// One client against a real server over real sockets.
@Suite(.timeLimit(.minutes(2))) struct HTTPClientTests {
    private let scratch: ScratchDirectory
    private let server: ScriptedEngine
    private let client: HTTPClient

    init() throws {
        scratch = try ScratchDirectory()
        server = try ScriptedEngine(at: scratch.socket())
        client = try HTTPClient()
    }

    private func get(_ path: String, deadline: Duration = .seconds(20)) -> HTTPRequest {
        .get(path, at: server.endpoint, deadline: deadline)
    }

    private func tokenize(_ text: String) -> HTTPRequest {
        .post(
            "/tokenize",
            at: server.endpoint,
            body: JSONBody(Array(#"{"model":"scripted","prompt":"\#(text)"}"#.utf8)),
            deadline: .seconds(20)
        )
    }

    private func cause(of request: HTTPRequest) async -> HTTPError.Cause? {
        do throws(HTTPError) {
            _ = try await client.send(request)
            return nil
        } catch {
            #expect(error.operation == request.operation)
            #expect(error.endpoint == request.endpoint)
            return error.cause
        }
    }

    @Test func wholeResponseComesBack() async throws {
        let response = try await client.send(get("/version"))
        #expect(response.status == 200)
        #expect(String(decoding: response.body, as: UTF8.self) == #"{"version":"scripted-1"}"#)
    }

    @Test func aClientServedByAnotherLoopHasNoThreadOfItsOwn() async throws {
        // The simplest loop: one thread that waits for the one descriptor.
        let ended = AsyncStream<Void>.makeStream()
        let served = try HTTPClient { descriptor, turn in
            Thread.detachNewThread {
                var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                repeat { _ = unsafe poll(&wanted, 1, -1) } while turn()
                ended.continuation.finish()
            }
            return { false }
        }
        try await withThrowingTaskGroup { group in
            for _ in 0..<50 {
                group.addTask { try await served.send(tokenize("ab")).status }
            }
            for try await status in group { #expect(status == 200) }
        }
        // A deadline is kept although nothing happens at any socket.
        server.plan(PlannedFault(.hang, path: "/version"))
        await #expect {
            _ = try await served.send(get("/version", deadline: .seconds(1)))
        } throws: {
            ($0 as? HTTPError)?.cause == .timedOut(after: .seconds(1))
        }
        // The end of the client is the end of a transfer that goes on.
        server.plan(PlannedFault(.hang, path: "/health"))
        let hanging = Task { [self] in try await served.send(get("/health")) }
        while server.record.requestCounts["/health"] != 1 {
            try await Task.sleep(for: .milliseconds(1))
        }
        served.close()
        await #expect {
            _ = try await hanging.value
        } throws: {
            ($0 as? HTTPError)?.cause == .closed
        }
        for await _ in ended.stream {}
        await #expect(throws: HTTPError.self) { _ = try await served.send(get("/version")) }
    }

    @Test func postedBodyArrives() async throws {
        let response = try await client.send(tokenize("ab"))
        #expect(String(decoding: response.body, as: UTF8.self).contains("[97, 98]"))
    }

    @Test func errorStatusIsAResponse() async throws {
        #expect(try await client.send(get("/nowhere")).status == 404)
    }

    @Test func emptyBodyIsAResponse() async throws {
        #expect(try await client.send(get("/health")) == HTTPResponse(status: 200, body: []))
    }

    @Test func longBodiesPassBothWays() async throws {
        let text = String(repeating: "x", count: 1 << 20)
        let response = try await client.send(tokenize(text))
        #expect(response.body.count > 4 << 20)
    }

    @Test func oneConnectionServesManyRequests() async throws {
        for _ in 0..<20 { _ = try await client.send(get("/version")) }
        #expect(server.record.mostConnections == 1)
    }

    @Test(arguments: [false, true])
    func manyRequestsAreInFlightAtOnce(overTCP: Bool) async throws {
        var options = ScriptedEngineOptions()
        options.latency = LatencyModel(
            firstTokenSeconds: 0.5,
            streamTokensPerSecond: 1000,
            placeCount: 400
        )
        let endpoint =
            overTCP ? HTTPEndpoint.http(host: "127.0.0.1", port: 0) : scratch.socket("other")
        let server = try ScriptedEngine(at: endpoint, options)
        let body = JSONBody(
            Array(
                #"{"model":"scripted","prompt":[1],"max_tokens":1,"seed":0,"temperature":0}"#.utf8
            )
        )
        let start = ContinuousClock.now
        let statuses = await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<300 {
                group.addTask { [client] in
                    do {
                        return try await client.send(
                            .post(
                                "/v1/completions",
                                at: server.endpoint,
                                body: body,
                                deadline: .seconds(75)
                            )
                        ).status
                    } catch { return nil }
                }
            }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(statuses == [200: 300])
        // On a busy machine the first may end before the last has begun.
        #expect(server.record.mostRunning > 150)
        // One after the other they would take 150 s.
        #expect(ContinuousClock.now - start < .seconds(75))
    }

    @Test func silentServerMeetsTheDeadline() async throws {
        server.plan(PlannedFault(.hang, path: "/version"))
        let start = ContinuousClock.now
        let cause = await cause(of: get("/version", deadline: .milliseconds(200)))
        #expect(cause == .timedOut(after: .milliseconds(200)))
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test func everyRequestHasItsOwnDeadline() async throws {
        let deadlines = [300, 100, 20_000, 200, 150, 100].map { Duration.milliseconds($0) }
        for _ in deadlines {
            server.plan(PlannedFault(.hang, path: "/version"))
        }
        let start = ContinuousClock.now
        let ends = await withTaskGroup(of: (Duration, HTTPError.Cause?, Duration).self) { group in
            for deadline in deadlines {
                group.addTask {
                    let cause = await cause(of: get("/version", deadline: deadline))
                    return (deadline, cause, ContinuousClock.now - start)
                }
            }
            var ends: [(Duration, HTTPError.Cause?, Duration)] = []
            for await end in group {
                ends.append(end)
                // Only the longest is left.
                if ends.count == deadlines.count - 1 { client.close() }
            }
            return ends
        }
        for (deadline, cause, end) in ends.dropLast() {
            #expect(cause == .timedOut(after: deadline))
            #expect(end >= deadline && end < deadline + .seconds(5))
        }
        #expect(ends.last?.1 == .closed)
    }

    @Test func missingSocketIsNoConnection() async throws {
        let request = HTTPRequest.get(
            "/",
            at: .unixSocket(path: scratch.path + "/none"),
            deadline: .seconds(5)
        )
        guard case .connectionFailed = await cause(of: request) else {
            Issue.record("not refused")
            return
        }
    }

    @Test func closedPortIsNoConnection() async throws {
        let gone = try ScriptedEngine(at: .http(host: "127.0.0.1", port: 0))
        gone.stop()
        let request = HTTPRequest.get("/", at: gone.endpoint, deadline: .seconds(5))
        guard case .connectionFailed = await cause(of: request) else {
            Issue.record("not refused")
            return
        }
    }

    @Test func connectionCutInTheBodyIsCut() async throws {
        server.plan(PlannedFault(.cut, path: "/version"))
        guard case .cut = await cause(of: get("/version")) else {
            Issue.record("not cut")
            return
        }
        #expect(try await client.send(get("/version")).status == 200)
    }

    @Test func connectionDroppedBeforeTheAnswerIsCut() async throws {
        server.plan(PlannedFault(.drop, path: "/version"))
        guard case .cut = await cause(of: get("/version")) else {
            Issue.record("not cut")
            return
        }
    }

    /// Short enough for libcurl to keep a copy, and too long for that.
    @Test(arguments: [0, 100_000])
    func aBodyIsSentAgainFromItsBeginning(padding: Int) async throws {
        // On a connection that has served before, an end without an answer is taken for that
        // of an idle connection.
        _ = try await client.send(get("/version"))
        server.plan(PlannedFault(.drop, path: "/v1/completions"))
        let user = String(repeating: "x", count: padding)
        let text = #"{"model":"scripted","prompt":[],"max_tokens":1,"user":"\#(user)"}"#
        let body = JSONBody(Array(text.utf8), inserting: [97, 98, 99], at: 30)
        let response = try await client.send(
            .post("/v1/completions", at: server.endpoint, body: body, deadline: .seconds(20))
        )
        #expect(response.status == 200)
        let reply = String(decoding: response.body, as: UTF8.self)
        #expect(reply.contains(#""prompt_token_ids":[97,98,99]"#))
        #expect(server.record.requestCounts["/v1/completions"] == 2)
    }

    @Test func everyRequestMayMeetAClosedConnection() async throws {
        // More often than libcurl sends again for one handle (5).
        for _ in 0..<8 {
            _ = try await client.send(get("/version"))
            server.plan(PlannedFault(.drop, path: "/tokenize"))
            #expect(try await client.send(tokenize("ab")).status == 200)
        }
    }

    /// One connection and one handle for all, on both sides of the length below which libcurl has
    /// a copy.
    @Test func requestsOfAllKindsFollowEachOther() async throws {
        let shortest = #"{"model":"scripted","prompt":"a","user":""}"#.utf8.count
        for length in [200_000, 60, 65_535, 65_536, 65_537, 100, 150_000] {
            let user = String(repeating: "x", count: length - shortest)
            let text = #"{"model":"scripted","prompt":"a","user":"\#(user)"}"#
            let body = JSONBody(Array(text.utf8))
            #expect(body.byteCount == length)
            let response = try await client.send(
                .post("/tokenize", at: server.endpoint, body: body, deadline: .seconds(20))
            )
            #expect(String(decoding: response.body, as: UTF8.self).contains("[97]"))
            #expect(try await client.send(get("/health")).body.isEmpty)
        }
        #expect(server.record.mostConnections == 1)
    }

    @Test func aDeadlineMakesRoomForTheNextRequest() async throws {
        let client = try HTTPClient(HTTPClient.Options(connectionLimit: 1))
        server.plan(PlannedFault(.hang, path: "/version"))
        let hanging = Task { [client] in
            try await client.send(get("/version", deadline: .milliseconds(300))).status
        }
        while server.record.requestCounts["/version"] != 1 {
            try await Task.sleep(for: .milliseconds(1))
        }
        let start = ContinuousClock.now
        #expect(try await client.send(get("/health")).status == 200)
        #expect(ContinuousClock.now - start < .seconds(10))
        await #expect(throws: HTTPError.self) { try await hanging.value }
    }

    @Test func garbageIsMalformed() async throws {
        server.plan(PlannedFault(.garbage, path: "/version"))
        guard case .malformed = await cause(of: get("/version")) else {
            Issue.record("not malformed")
            return
        }
    }

    @Test func tooLargeBodyIsRefused() async throws {
        var request = tokenize(String(repeating: "x", count: 1000))
        request.responseLimit = 1000
        #expect(await cause(of: request) == .tooLarge(limit: 1000))
    }

    @Test func idleConnectionThatTheServerClosedIsReplaced() async throws {
        let endpoint = server.endpoint
        _ = try await client.send(get("/version"))
        server.stop()
        guard case .unixSocket(let path) = endpoint else { return }
        try FileManager.default.removeItem(atPath: path)
        let second = try ScriptedEngine(at: endpoint)
        #expect(try await client.send(get("/version")).status == 200)
        #expect(second.record.requestCounts == ["/version": 1])
    }

    @Test func cancellationAbortsTheTransfer() async throws {
        server.plan(PlannedFault(.hang, path: "/version"))
        let task = Task { await cause(of: get("/version", deadline: .seconds(60))) }
        while server.record.requestCounts["/version"] != 1 {
            try await Task.sleep(for: .milliseconds(1))
        }
        task.cancel()
        #expect(await task.value == .cancelled)
        while server.record.abortedCount != 1 { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test func cancelledTaskSendsNothing() async throws {
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return await cause(of: get("/version"))
        }
        task.cancel()
        #expect(await task.value == .cancelled)
        #expect(server.record.requestCounts.isEmpty)
    }

    @Test func closingEndsWhatWaitsAndRefusesMore() async throws {
        server.plan(PlannedFault(.hang, path: "/version"))
        let task = Task { await cause(of: get("/version")) }
        while server.record.requestCounts["/version"] != 1 {
            try await Task.sleep(for: .milliseconds(1))
        }
        client.close()
        #expect(await task.value == .closed)
        #expect(await cause(of: get("/version")) == .closed)
    }

    /// Every call ends exactly once, whatever is cancelled when: a continuation resumed twice
    /// traps, and one never resumed runs into the suite's time limit.
    @Test func everyRequestEndsOnceUnderRandomCancellation() async throws {
        var options = ScriptedEngineOptions()
        options.latency = LatencyModel(firstTokenSeconds: 0.005, streamTokensPerSecond: 1000)
        let server = try ScriptedEngine(at: scratch.socket("other"), options)
        let body = JSONBody(
            Array(#"{"model":"scripted","prompt":[1],"max_tokens":2}"#.utf8)
        )
        let request = HTTPRequest.post(
            "/v1/completions",
            at: server.endpoint,
            body: body,
            deadline: .seconds(30)
        )
        let outcomes = await withTaskGroup(of: String.self) { group in
            for index in 0..<600 {
                group.addTask { [client] in
                    let task = Task {
                        do throws(HTTPError) {
                            return "\(try await client.send(request).status)"
                        } catch { return "\(error.cause)" }
                    }
                    if index % 3 > 0 {
                        do {
                            try await Task.sleep(for: .microseconds(index * 37 % 12_000))
                        } catch { return "\(error)" }
                        task.cancel()
                    }
                    return await task.value
                }
            }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(outcomes.values.reduce(0, +) == 600)
        #expect(Set(outcomes.keys) == ["200", "cancelled"])
        #expect(outcomes["200", default: 0] >= 200)
    }
}
