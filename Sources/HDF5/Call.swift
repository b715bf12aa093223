// The gate to HDF5. The library (as Debian builds it with MPI) is not thread-safe, so a lock makes
// calls and the error stack they leave one unit; and once MPI runs, only MPI's thread may call, for any
// call may become an MPI call. Handles are not closed at exit: a process that leaves in the middle of a
// collective operation must not start another one from an exit handler.

internal import CHDF5Shim
internal import MPI
import Synchronization

/// Makes one HDF5 call and checks its status.
///
/// - Parameters:
///   - operation: HDF5's name of the call, for the error.
///   - object: the file or the path within it, for the error.
///   - body: the call; negative means that it failed.
/// - Returns: what the call returned.
/// - Throws: ``HDF5Error/call(operation:object:causes:)``.
@discardableResult
func checked<Status: SignedInteger & FixedWidthInteger>(
    _ operation: String,
    _ object: String,
    _ body: () -> Status
) throws -> Status {
    precondition(OwnerThread.isCurrent, "\(operation): only the thread that started MPI calls it")
    let result = locked { () -> (Status, [String]) in
        let status = body()
        return (status, status < 0 ? takenErrorStack() : [])
    }
    guard result.0 >= 0 else {
        throw HDF5Error.call(operation: operation, object: object, causes: result.1)
    }
    return result.0
}

/// Closes a handle that lived within one function.
///
/// Its status is of no use there: closing a property list, space or type moves no bytes.
func release(_ identifier: chdf5_id, _ close: (chdf5_id) -> Int32) {
    locked { _ = close(identifier) }
}

/// Runs `body` while no other thread is inside HDF5.
func locked<Result>(_ body: () -> Result) -> Result {
    Library.lock.withLock { isPrepared in
        if !isPrepared {
            isPrepared = true
            _ = chdf5_dont_atexit()
            _ = chdf5_eset_auto_off()
            // A file from a stranger must not lead to other files of this machine.
            _ = chdf5_lunregister(chdf5_link_external())
        }
        return body()
    }
}

/// The one HDF5 library of the process.
private enum Library {
    /// Whether it has been told not to print errors, not to act at exit and not to follow links to other files.
    static let lock = Mutex(false)
}
