internal import CCurlShim

/// The gate to libcurl: every status that comes back is turned into an error here.
enum Call {
    /// Throws unless `code` is success.
    static func easy(_ operation: String, _ code: CURLcode) throws(HTTPError.Cause) {
        guard code == CURLE_OK else { throw .failed("\(operation): \(text(of: code))") }
    }

    /// Throws unless `code` is success.
    static func multi(_ operation: String, _ code: CURLMcode) throws(HTTPError.Cause) {
        guard code == CURLM_OK else {
            throw .failed(
                "\(operation): \(unsafe String(cString: ccurl_multi_strerror(code)))"
            )
        }
    }

    /// libcurl's own words for `code`.
    static func text(of code: CURLcode) -> String {
        unsafe String(cString: ccurl_easy_strerror(code))
    }

    /// The library's one-time set-up; done on first use, before any thread of ours runs.
    static let globalSetUp: CURLcode = ccurl_global_init()
}
