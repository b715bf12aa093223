internal import CCurlShim

/// One libcurl handle with the request it carries; used again for later requests.
///
/// Lives on the loop's thread. libcurl holds an unretained pointer to it, which is good while the
/// handle is in the loop's keeping.
@safe final class Transfer {
    private let easy: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>
    private(set) var submission: Submission?
    /// When the request has had its time; of the last request when there is none.
    private(set) var deadline = ContinuousClock.now
    private var upload = JSONBodyReader(JSONBody([]))
    private var body: [UInt8] = []
    private var isTooLarge = false

    /// A body of fewer bytes goes out with the request's head in one piece, for which libcurl needs a
    /// copy; of a longer one it would send the head first all the same.
    private static let copyLimit = 64 << 10
    /// Bytes that libcurl takes of a longer body at a time, and keeps room for as long as the response
    /// takes; it goes round its loop once for each.
    private static let uploadBufferSize = 32 << 10

    init() throws(HTTPError.Cause) {
        guard let easy = unsafe ccurl_easy_init() else { throw .failed("curl_easy_init") }
        unsafe self.easy = easy
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    }

    deinit {
        unsafe ccurl_easy_cleanup(easy)
        unsafe errorText.deallocate()
    }

    // MARK: Options

    /// What is the same in all requests.
    private func setConstants() throws(HTTPError.Cause) {
        try unsafe Call.easy("ERRORBUFFER", ccurl_easy_set_error_buffer(easy, errorText))
        try unsafe Call.easy("PROXY", ccurl_easy_set_proxy(easy, ""))
        try unsafe Call.easy("NOSIGNAL", ccurl_easy_set_nosignal(easy, 1))
        try unsafe Call.easy("TCP_NODELAY", ccurl_easy_set_tcp_nodelay(easy, 1))
        try unsafe Call.easy(
            "HTTP_VERSION",
            ccurl_easy_set_http_version(easy, Int(CURL_HTTP_VERSION_1_1))
        )
        try unsafe Call.easy(
            "UPLOAD_BUFFERSIZE",
            ccurl_easy_set_upload_buffer_size(easy, Self.uploadBufferSize)
        )
    }

    private func setCallbacks() throws(HTTPError.Cause) {
        let this = unsafe Unmanaged.passUnretained(self).toOpaque()
        try unsafe Call.easy("PRIVATE", ccurl_easy_set_private(easy, this))
        try unsafe Call.easy("WRITEDATA", ccurl_easy_set_write_context(easy, this))
        try unsafe Call.easy("READDATA", ccurl_easy_set_read_context(easy, this))
        try unsafe Call.easy("SEEKDATA", ccurl_easy_set_seek_context(easy, this))
        let write: ccurl_write_function = { bytes, size, count, context in
            guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
            return unsafe Transfer.owner(context).receive(
                UnsafeRawBufferPointer(start: bytes, count: size * count)
            )
        }
        let read: ccurl_read_function = { bytes, size, count, context in
            guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
            return unsafe Transfer.owner(context).upload.read(
                into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
            )
        }
        let seek: ccurl_seek_function = { context, offset, origin in
            guard let context = unsafe context, offset == 0, origin == SEEK_SET else {
                return CURL_SEEKFUNC_CANTSEEK
            }
            unsafe Transfer.owner(context).beginUpload()
            return CURL_SEEKFUNC_OK
        }
        try unsafe Call.easy("WRITEFUNCTION", ccurl_easy_set_write_function(easy, write))
        try unsafe Call.easy("READFUNCTION", ccurl_easy_set_read_function(easy, read))
        try unsafe Call.easy("SEEKFUNCTION", ccurl_easy_set_seek_function(easy, seek))
    }

    /// The transfer that a callback or a message is about.
    private static func owner(_ context: UnsafeMutableRawPointer) -> Transfer {
        unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    // MARK: A request

    /// Prepares the handle for `submission` and adds it to `multi`.
    func start(
        _ submission: Submission,
        in multi: UnsafeMutableRawPointer,
        headers: RequestHeaders,
        connectTimeout: Duration
    ) throws(HTTPError.Cause) {
        let request = submission.request
        unsafe errorText.pointee = 0
        body = []
        isTooLarge = false
        self.submission = submission
        deadline = .now + request.deadline
        try setConstants()
        try setCallbacks()
        try setDestination(request.endpoint, path: request.path, connectTimeout)
        try setPayload(request, headers: headers)
        try unsafe Call.multi("curl_multi_add_handle", ccurl_multi_add_handle(multi, easy))
    }

    private func setDestination(
        _ endpoint: HTTPEndpoint,
        path: String,
        _ connectTimeout: Duration
    ) throws(HTTPError.Cause) {
        try unsafe Call.easy("URL", ccurl_easy_set_url(easy, endpoint.url(path: path)))
        switch endpoint {
        case .unixSocket(let path):
            // Connects at once or never: no limit is set, for libcurl would wake for it long after.
            try unsafe Call.easy(
                "UNIX_SOCKET_PATH",
                ccurl_easy_set_unix_socket_path(easy, path)
            )
        case .http:
            try unsafe Call.easy(
                "CONNECTTIMEOUT_MS",
                ccurl_easy_set_connect_timeout_ms(easy, connectTimeout.wholeMilliseconds)
            )
        }
    }

    private func setPayload(
        _ request: HTTPRequest,
        headers: RequestHeaders
    ) throws(HTTPError.Cause) {
        switch request.method {
        case .get:
            try unsafe Call.easy("HTTPGET", ccurl_easy_set_http_get(easy, 1))
        case .post:
            let body = request.body
            try unsafe Call.easy("POST", ccurl_easy_set_post(easy, 1))
            try unsafe Call.easy(
                "POSTFIELDSIZE",
                ccurl_easy_set_post_field_size(easy, curl_off_t(body.byteCount))
            )
            if body.byteCount < Self.copyLimit {
                let code = unsafe body.bytes.withUnsafeBytes { bytes in
                    unsafe ccurl_easy_set_copy_post_fields(easy, bytes.baseAddress)
                }
                try Call.easy("COPYPOSTFIELDS", code)
            } else {
                beginUpload()
            }
            try unsafe Call.easy("HTTPHEADER", ccurl_easy_set_http_header(easy, headers.list))
        }
    }

    /// From the body's beginning, for libcurl sends it again when an idle connection turns out closed.
    private func beginUpload() {
        guard let submission else { return }
        upload = JSONBodyReader(submission.request.body)
    }

    /// Takes a piece of the body; anything but its length tells libcurl to abort.
    private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let submission, body.count + bytes.count <= submission.request.responseLimit else {
            isTooLarge = true
            return 0
        }
        if body.isEmpty { makeRoom() }
        unsafe body.append(contentsOf: bytes)
        return bytes.count
    }

    /// For the whole body at once where the server has told its length, unless it is longer than any
    /// completion: a length is soon claimed.
    private func makeRoom() {
        var length: curl_off_t = 0
        guard unsafe ccurl_easy_get_content_length(easy, &length) == CURLE_OK, length > 0 else {
            return
        }
        body.reserveCapacity(min(Int(length), 4 << 20))
    }

    /// Takes the handle out of `multi` and resumes the waiting task.
    func finish(_ outcome: Submission.Outcome, in multi: UnsafeMutableRawPointer) {
        let code = unsafe ccurl_multi_remove_handle(multi, easy)
        precondition(code == CURLM_OK, "a transfer ends in the loop that started it")
        // libcurl lets go of its copy of the body and of its count of resends, which has a small limit
        // for each handle; the connection stays in `multi`.
        unsafe ccurl_easy_reset(easy)
        resume(outcome)
    }

    /// Resumes the waiting task of a transfer that is in no loop.
    func resume(_ outcome: Submission.Outcome) {
        body = []
        let ended = submission
        submission = nil
        // Lets go of the ids: they are about to grow, in place if nobody else has them.
        upload = JSONBodyReader(JSONBody([]))
        ended?.continuation.resume(returning: outcome)
    }

    /// What a transfer that libcurl reports as done with `code` has brought.
    func outcome(_ code: CURLcode) -> Submission.Outcome {
        guard let submission else { return .failure(.failed("a transfer without a request")) }
        guard code == CURLE_OK else { return .failure(cause(code, of: submission.request)) }
        var status = 0
        let asked = unsafe ccurl_easy_get_response_code(easy, &status)
        guard asked == CURLE_OK else { return .failure(.failed(Call.text(of: asked))) }
        return .success(HTTPResponse(status: status, body: body))
    }

    private func cause(_ code: CURLcode, of request: HTTPRequest) -> HTTPError.Cause {
        let detail = unsafe String(cString: errorText)
        let reason = detail.isEmpty ? Call.text(of: code) : detail
        switch code {
        case CURLE_WRITE_ERROR where isTooLarge: return .tooLarge(limit: request.responseLimit)
        // No other limit is libcurl's.
        case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST, CURLE_OPERATION_TIMEDOUT:
            return .connectionFailed(reason)
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR:
            return .cut(reason)
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING,
            CURLE_HTTP2:
            return .malformed(reason)
        default: return .failed(reason)
        }
    }

    /// The transfer that libcurl's `easy` belongs to.
    static func owner(of easy: UnsafeMutableRawPointer) -> Transfer? {
        var context: UnsafeMutableRawPointer?
        let code = unsafe ccurl_easy_get_private(easy, &context)
        guard code == CURLE_OK, let context = unsafe context else { return nil }
        return unsafe owner(context)
    }
}

/// The header lines of every POST.
@safe final class RequestHeaders {
    fileprivate let list: UnsafeMutablePointer<curl_slist>

    init() throws(HTTPError.Cause) {
        // An empty `Expect:` keeps libcurl from waiting for a 100 before a long body.
        let first = unsafe ccurl_slist_append(nil, "Content-Type: application/json")
        guard let first = unsafe first else { throw .failed("curl_slist_append") }
        guard let both = unsafe ccurl_slist_append(first, "Expect:") else {
            unsafe ccurl_slist_free_all(first)
            throw .failed("curl_slist_append")
        }
        unsafe list = both
    }

    deinit { unsafe ccurl_slist_free_all(list) }
}
