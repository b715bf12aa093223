// Theory of operation. One thread owns libcurl: it takes submissions and cancellations from a
// mailbox, drives all transfers with `curl_multi`, and resumes the task that waits for
// each. Tasks only touch the mailbox, and wake the thread when they were first to put something into it.
// The thread is the client's own, or that of a loop which watches other descriptors as well.

private import Foundation

/// An HTTP/1.1 client for hundreds of requests at once, on one thread.
public final class HTTPClient: Sendable {
    /// Limits of a client.
    public struct Options: Sendable {
        /// Longest wait for a connection.
        public var connectTimeout: Duration
        /// Most connections open at once; further requests wait, and their deadline runs.
        public var connectionLimit: Int

        /// The stated limits.
        public init(connectTimeout: Duration = .seconds(10), connectionLimit: Int = 4096) {
            self.connectTimeout = connectTimeout
            self.connectionLimit = connectionLimit
        }
    }

    private let mailbox: Mailbox

    /// A client with its thread running.
    ///
    /// - Throws: ``HTTPError/Cause/failed(_:)`` when libcurl cannot be set up.
    public init(_ options: Options = Options()) throws(HTTPError.Cause) {
        let mailbox = Mailbox()
        let loop = LoopSeat(try TransferLoop(mailbox: mailbox, options: options))
        mailbox.open(wake: loop.waker)
        self.mailbox = mailbox
        let thread = Thread { loop.run() }
        thread.name = "http"
        thread.stackSize = 512 << 10
        thread.start()
    }

    /// A client that has no thread of its own.
    ///
    /// - Parameters:
    ///   - options: limits.
    ///   - serve: is given a descriptor and a turn. It has the turn made on one thread, always the
    ///     same, whenever the descriptor is readable, until the turn returns false; the descriptor
    ///     is good as long as somebody holds the turn. What it returns asks for a turn soon, however
    ///     the descriptor is, and says whether there will be one: on other threads there need not be.
    /// - Throws: ``HTTPError/Cause/failed(_:)`` when libcurl cannot be set up; what `serve` throws.
    public init(
        _ options: Options = Options(),
        servedBy serve: (Int32, @escaping @Sendable () -> Bool) throws -> @Sendable () -> Bool
    ) throws {
        let mailbox = Mailbox()
        let loop = LoopSeat(try TransferLoop(mailbox: mailbox, options: options))
        let takesTurnSoon = try serve(loop.descriptor) { loop.turn() }
        let wake = loop.waker
        mailbox.open { if !takesTurnSoon() { wake() } }
        self.mailbox = mailbox
    }

    deinit { mailbox.close() }

    /// Ends all requests with ``HTTPError/Cause/closed`` and refuses further ones.
    public func close() { mailbox.close() }

    /// Sends `request` and waits for the whole response, whatever its status.
    ///
    /// Cancelling the task aborts the transfer: the server sees the connection close. A request whose
    /// connection had served before and ends without any answer is sent again, a few times at most: the
    /// server may see it twice.
    ///
    /// - Throws: ``HTTPError`` when there is no complete response.
    public func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let ticket = Ticket()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                mailbox.submit(
                    Submission(request: request, ticket: ticket, continuation: continuation)
                )
            }
        } onCancel: {
            mailbox.cancel(ticket)
        }
        switch result {
        case .success(let response): return response
        case .failure(let cause):
            throw HTTPError(
                operation: request.operation,
                endpoint: request.endpoint,
                cause: cause
            )
        }
    }
}
