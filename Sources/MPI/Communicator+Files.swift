internal import CMPIShim

/// Bytes of one rank, and where they lie in a file.
public struct FilePart: Hashable, Sendable {
    /// Place of the first byte, 0 or more.
    public let offset: Int
    /// Fewer than 2^31, also none.
    public let bytes: [UInt8]

    /// `bytes` from `offset` on.
    public init(offset: Int, bytes: [UInt8]) {
        precondition(offset >= 0, "a place in a file is not negative")
        precondition(bytes.count <= Int32.max, "MPI's counts are 32 bits wide")
        self.offset = offset
        self.bytes = bytes
    }
}

extension Communicator {
    /// Writes parts of one file that is there, together, and syncs nothing.
    ///
    /// The parts of the ranks are long and do not overlap: the exchange between ranks by which two-phase
    /// collective buffering joins small ones would only copy them, so it is asked to stay out (hint
    /// `romio_cb_write` of ROMIO).
    ///
    /// - Important: Collective; every rank of this communicator calls it, with equally many parts.
    /// - Parameters:
    ///   - parts: of this rank.
    ///   - path: the file, the same on every rank.
    ///   - afterEach: called with each part that is written.
    /// - Throws: ``MPIError`` when MPI fails; a rank whose own bytes failed to go out still took part in
    ///   the rest, so the others may have succeeded.
    public borrowing func write(
        _ parts: [FilePart],
        to path: String,
        afterEach: (FilePart) -> Void = { _ in }
    ) throws {
        let opened = try openForParts(path)
        var failure: (any Error)?
        for part in parts {
            do {
                try write(part, to: opened, path)
                afterEach(part)
            } catch {
                failure = failure ?? error
            }
        }
        var file = opened
        do {
            try checked("MPI_File_close of \(path)", rank: rank) { unsafe cmpi_file_close(&file) }
        } catch {
            failure = failure ?? error
        }
        if let failure { throw failure }
    }

    private borrowing func openForParts(_ path: String) throws -> cmpi_file {
        let comm = handle
        var info = cmpi_info()
        try checked("MPI_Info_create", rank: rank) { unsafe cmpi_info_create(&info) }
        defer { _ = unsafe cmpi_info_free(&info) }
        let hints = info
        try unsafe "romio_cb_write".withCString { key in
            try unsafe "disable".withCString { value in
                try checked("MPI_Info_set", rank: rank) { unsafe cmpi_info_set(hints, key, value) }
            }
        }
        var file = cmpi_file()
        try unsafe path.withCString { name in
            try checked("MPI_File_open of \(path)", rank: rank) {
                unsafe cmpi_file_open(comm, name, cmpi_mode_write_only(), hints, &file)
            }
        }
        return file
    }

    private borrowing func write(
        _ part: FilePart,
        to file: cmpi_file,
        _ path: String
    ) throws {
        let operation = "MPI_File_write_at_all of \(path)"
        var status = cmpi_status()
        try unsafe part.bytes.withUnsafeBytes { buffer in
            try checked(operation, rank: rank) {
                unsafe cmpi_file_write_at_all(
                    file,
                    Int64(part.offset),
                    buffer.baseAddress,
                    Int32(buffer.count),
                    cmpi_byte(),
                    &status
                )
            }
        }
        // On some file systems a write may move less than it was asked to, and succeed.
        var count: Int32 = 0
        try checked("MPI_Get_count", rank: rank) {
            unsafe cmpi_get_count(&status, cmpi_byte(), &count)
        }
        guard Int(count) == part.bytes.count else {
            throw MPIError.call(
                operation: operation,
                message:
                    "\(count) of \(part.bytes.count) bytes were written; the disk or the quota is full",
                rank: rank
            )
        }
    }

    /// Writes one file of bytes together, without any structure, and syncs it.
    ///
    /// What HDF5 writes is measured against this.
    ///
    /// - Important: Collective; every rank of this communicator calls it.
    /// - Parameters:
    ///   - path: the file, the same on every rank; made when it is missing.
    ///   - bytes: of this rank, fewer than 2^31.
    ///   - offset: where in the file they go.
    /// - Throws: ``MPIError`` when MPI fails.
    public borrowing func writeFile(_ path: String, _ bytes: [UInt8], at offset: Int) throws {
        let comm = handle
        var file = cmpi_file()
        try unsafe path.withCString { name in
            try checked("MPI_File_open", rank: rank) {
                unsafe cmpi_file_open(
                    comm,
                    name,
                    cmpi_mode_create_write_only(),
                    cmpi_info_null(),
                    &file
                )
            }
        }
        var status = cmpi_status()
        let opened = file
        try unsafe bytes.withUnsafeBytes { buffer in
            try checked("MPI_File_write_at_all", rank: rank) {
                unsafe cmpi_file_write_at_all(
                    opened,
                    Int64(offset),
                    buffer.baseAddress,
                    Int32(buffer.count),
                    cmpi_byte(),
                    &status
                )
            }
        }
        try checked("MPI_File_sync", rank: rank) { cmpi_file_sync(opened) }
        try checked("MPI_File_close", rank: rank) { unsafe cmpi_file_close(&file) }
    }
}
