// The gate to MPI: every call goes through `checked`, which holds the rule that one thread alone
// talks to MPI (MPI_THREAD_FUNNELED) and turns a status into an error with MPI's own text.

internal import CMPIShim
import Glibc
import Synchronization

/// The thread that owns MPI, for the bindings that must run on it too.
package enum OwnerThread {
    /// `pthread_self()` of the thread that started MPI; 0 while MPI is not in use.
    private static let identifier = Atomic<UInt>(0)

    /// Makes the calling thread the owner.
    static func claim() { identifier.store(UInt(pthread_self()), ordering: .releasing) }

    /// Gives ownership up, after MPI_Finalize.
    static func release() { identifier.store(0, ordering: .releasing) }

    /// Whether a file that MPI has open was given up after a failure.
    ///
    /// MPI_Finalize would close it, and a collective close of a file whose ranks have got out of step does
    /// not end.
    static let hasAbandonedFile = Atomic<Bool>(false)

    /// Says that a collective file was given up after a failure.
    package static func noteAbandonedFile() { hasAbandonedFile.store(true, ordering: .relaxed) }

    /// Whether the calling thread may talk to MPI, or MPI is not in use.
    package static var isCurrent: Bool {
        let owner = identifier.load(ordering: .acquiring)
        return owner == 0 || owner == UInt(pthread_self())
    }
}

/// Makes one MPI call and checks its status.
///
/// - Parameters:
///   - operation: MPI's name of the call, for the error.
///   - rank: the calling rank, nil while unknown.
///   - body: the call; its value is MPI's status.
/// - Throws: ``MPIError/call(operation:message:rank:)`` on any status but success.
func checked(_ operation: String, rank: Int?, _ body: () throws -> Int32) throws {
    precondition(OwnerThread.isCurrent, "\(operation): only the thread that started MPI calls it")
    let status = try body()
    guard status == 0 else {
        throw MPIError.call(operation: operation, message: errorString(status), rank: rank)
    }
}

private func errorString(_ code: Int32) -> String {
    unsafe text(capacity: Int(cmpi_max_error_string())) { unsafe cmpi_error_string(code, $0, $1) }
        ?? "error \(code)"
}

/// Text that a call writes into a buffer of `capacity` characters, or nil when the call fails.
func text(
    capacity: Int,
    _ call: (UnsafeMutablePointer<CChar>, UnsafeMutablePointer<Int32>) -> Int32
) -> String? {
    var length: Int32 = 0
    var status: Int32 = 0
    let string = unsafe String(unsafeUninitializedCapacity: capacity) { buffer in
        unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
            guard let start = characters.baseAddress else { return 0 }
            status = unsafe call(start, &length)
            return status == 0 ? min(Int(length), capacity) : 0
        }
    }
    return status == 0 ? string : nil
}
