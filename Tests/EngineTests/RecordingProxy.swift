import Foundation
import HTTP
import Testing

/// Stands between the program and its engine, and writes down what each sent to the other.
final class RecordingProxy {
    /// A request that carried ids, with its answer.
    struct Call: Decodable {
        /// The endpoint's path.
        let path: String
        /// Seed of a completion; nil otherwise.
        let seed: UInt64?
        /// Ids that the program sent; empty for a call that asks for ids.
        let sent: [Int32]
        /// Text that the program sent alone; nil for messages and for completions.
        let text: String?
        /// Ids that came back.
        let received: [Int32]
    }

    let endpoint: HTTPEndpoint
    private let process = Process()
    private let log: String

    private static let script = """
        import json, os, sys
        from aiohttp import ClientSession, ClientTimeout, TCPConnector, UnixConnector, web

        upstream, own, path = sys.argv[1:]
        log = open(path, "a", buffering=1)

        def record(request, body, answer):
            if request.method != "POST":
                return
            asked, given = json.loads(body), json.loads(answer)
            prompt, choice = asked.get("prompt"), (given.get("choices") or [{}])[0]
            log.write(json.dumps({
                "path": request.path, "seed": asked.get("seed"),
                "sent": prompt if isinstance(prompt, list) else [],
                "text": prompt if isinstance(prompt, str) else None,
                "received": choice.get("token_ids", given.get("tokens", [])),
            }) + "\\n")

        async def forward(request):
            body = await request.read()
            async with request.app["session"].request(
                request.method, "http://engine" + request.path, data=body,
                headers={"Content-Type": "application/json"},
            ) as reply:
                answer = await reply.read()
            if reply.status == 200:
                record(request, body, answer)
            return web.Response(status=reply.status, body=answer)

        async def session(app):
            connector = UnixConnector(path=upstream, limit=0)
            app["session"] = ClientSession(connector=connector, timeout=ClientTimeout(total=None))
            yield
            await app["session"].close()

        app = web.Application(client_max_size=1 << 26)
        app.router.add_route("*", "/{path:.*}", forward)
        app.cleanup_ctx.append(session)
        web.run_app(app, path=own, print=None)
        """

    /// A proxy before the socket `upstream`; its files are in `directory`.
    init(before upstream: String, directory: String) throws {
        let own = directory + "/proxy-\(UUID().uuidString.prefix(8))"
        log = own + ".jsonl"
        endpoint = .unixSocket(path: own)
        process.executableURL = URL(filePath: RealEngine.python)
        process.arguments = ["-c", Self.script, upstream, own, log]
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    /// All calls so far, in order of their answers.
    func calls() throws -> [Call] {
        try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(Call.self, from: Data($0.utf8))
        }
    }

    /// Ends it; tests run on threads that block the milder signals, and children inherit that.
    func stop() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
}
