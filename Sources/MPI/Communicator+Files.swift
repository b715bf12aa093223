internal import CMPIShim

extension Communicator {
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
