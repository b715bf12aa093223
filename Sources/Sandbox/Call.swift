import CSandboxShim
import Glibc

/// Turns the status of a C call into its value or an error: negative means `errno` says why.
func checked(
    _ call: String,
    _ status: Int32,
    about subject: @autoclosure () -> String = ""
) throws(SystemCallError) -> Int32 {
    guard status >= 0 else { throw SystemCallError(call, subject()) }
    return status
}

/// Repeats a call that a signal interrupted.
func uninterrupted(_ call: () -> Int) -> Int {
    while true {
        let result = call()
        if result >= 0 || csandbox_errno() != EINTR { return result }
    }
}

/// Runs `body` with an array of C strings that ends with a null pointer, as `execve` wants it.
func withCStrings<Result>(
    _ strings: [String],
    _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) throws -> Result
) rethrows -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) }
    unsafe pointers.append(nil)
    defer {
        for index in unsafe pointers.indices { unsafe free(pointers[index]) }
    }
    return try unsafe pointers.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else {
            preconditionFailure("an array with a null pointer in it has an address")
        }
        return try unsafe body(base)
    }
}
