import HTTP
import Testing

@Suite struct HTTPEndpointTests {
    @Test(arguments: [
        ("unix:/run/engine.sock", HTTPEndpoint.unixSocket(path: "/run/engine.sock")),
        ("unix:///run/engine.sock", .unixSocket(path: "/run/engine.sock")),
        ("http://node7:8000", .http(host: "node7", port: 8000)),
        ("http://node7:8000/", .http(host: "node7", port: 8000)),
        ("http://node7", .http(host: "node7", port: 80)),
        ("http://[fe80::1]:8000", .http(host: "fe80::1", port: 8000)),
        ("http://[fe80::1]", .http(host: "fe80::1", port: 80)),
    ])
    func isReadAsWritten(text: String, endpoint: HTTPEndpoint) throws {
        #expect(try HTTPEndpoint(text) == endpoint)
    }

    @Test(arguments: [
        ("", "neither"), ("node7:8000", "neither"), ("https://node7", "https"),
        ("unix:run/engine.sock", "absolute"), ("http://", "host"), ("http://:80", "host"),
        ("http://node7:0", "port"), ("http://node7:x", "port"), ("http://node7:65536", "port"),
        ("http://fe80::1:80", "brackets"), ("http://[fe80::1:80", "bracket"),
        ("http://node7:80/v1", "host and a port"), ("http://user@node7:80", "host and a port"),
        ("unix:/" + String(repeating: "d", count: 107), "108 bytes"),
    ])
    func isRefusedWithTheReason(text: String, reason: String) {
        let invalid = #expect(throws: HTTPEndpoint.Invalid.self) { try HTTPEndpoint(text) }
        #expect(invalid?.reason.contains(reason) == true)
    }

    @Test func descriptionReadsBack() throws {
        for text in ["unix:/a/b", "http://h:1", "http://[::1]:8000"] {
            #expect(try HTTPEndpoint(text).description == text)
        }
    }

    @Test func onlyANameIsAskedFor() {
        #expect(HTTPEndpoint.http(host: "node7", port: 8000).isNamed)
        #expect(!HTTPEndpoint.http(host: "127.0.0.1", port: 8000).isNamed)
        #expect(!HTTPEndpoint.http(host: "::1", port: 8000).isNamed)
        #expect(!HTTPEndpoint.unixSocket(path: "/tmp/engine").isNamed)
    }
}
