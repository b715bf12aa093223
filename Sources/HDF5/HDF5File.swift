internal import CHDF5Shim
public import MPI

/// An open HDF5 file.
///
/// Opened by one process, or collectively over a communicator: then every rank creates the same
/// objects in the same order, and takes part in every write. A serial file that goes out of use closes
/// itself; a collective one must be closed by ``close()`` on every rank.
public struct HDF5File: ~Copyable {
    /// What an opened file is for.
    public enum Access: Sendable {
        /// Nothing is changed.
        case readOnly
        /// Objects may be added and rows written.
        case readWrite
    }

    /// Where it lies.
    public let path: String
    /// Whether all ranks of a communicator have it open together.
    public let isCollective: Bool
    let handle: Handle
    /// Whether it is read by one process alone and never written: only then is its content looked at
    /// with suspicion.
    let isForeign: Bool

    /// Creates a file, or empties the one that is there; one process alone.
    public init(creating path: String) throws {
        let access = try Self.accessList(path)
        defer { release(access, chdf5_pclose) }
        try self.init(path, isCollective: false, list: access, flags: nil)
    }

    /// Creates a file together, or empties the one that is there.
    ///
    /// - Important: Collective over `communicator`; every rank calls it.
    public init(creating path: String, over communicator: borrowing Communicator) throws {
        let access = try Self.accessList(path)
        defer { release(access, chdf5_pclose) }
        try Self.makeCollective(access, path, communicator)
        try self.init(path, isCollective: true, list: access, flags: nil)
    }

    /// Opens a file; one process alone.
    public init(opening path: String, access: Access = .readOnly) throws {
        let list = try Self.accessList(path)
        defer { release(list, chdf5_pclose) }
        try self.init(path, isCollective: false, list: list, flags: access.flags)
    }

    /// Opens a file together.
    ///
    /// - Important: Collective over `communicator`; every rank calls it.
    public init(
        opening path: String,
        access: Access = .readOnly,
        over communicator: borrowing Communicator
    ) throws {
        let list = try Self.accessList(path)
        defer { release(list, chdf5_pclose) }
        try Self.makeCollective(list, path, communicator)
        try self.init(path, isCollective: true, list: list, flags: access.flags)
    }

    /// Opens with `flags`, or creates when they are nil.
    private init(_ path: String, isCollective: Bool, list: chdf5_id, flags: UInt32?) throws {
        let identifier = try unsafe path.withCString { name in
            try checked(flags == nil ? "H5Fcreate" : "H5Fopen", path) {
                if let flags {
                    unsafe chdf5_fopen(name, flags, list)
                } else {
                    unsafe chdf5_fcreate(name, chdf5_file_truncate(), list)
                }
            }
        }
        self.path = path
        self.isCollective = isCollective
        isForeign = !isCollective && flags == HDF5File.Access.readOnly.flags
        handle = Handle(
            identifier,
            object: path,
            operation: "H5Fclose",
            closesWhenUnused: !isCollective,
            closing: { chdf5_fclose($0) }
        )
    }

    /// Hands everything to the file system, and asks it to write it to the disk.
    ///
    /// - Important: Collective on a collective file; every rank calls it.
    public borrowing func flush() throws {
        let identifier = handle.identifier
        try checked("H5Fflush", path) { chdf5_fflush(identifier, chdf5_scope_global()) }
    }

    /// Writes what is left and closes the file with all its objects.
    ///
    /// - Important: Collective on a collective file; every rank calls it.
    public consuming func close() throws {
        try handle.close()
    }

    /// Gives a collective file up after a failed write, without another collective call.
    ///
    /// Closing it would have to write what is left, and does not end when one rank fails in that. MPI is
    /// not finalized any more. A serial file is closed.
    public consuming func abandon() {
        guard isCollective else { return }
        OwnerThread.noteAbandonedFile()
    }

    /// Whether a file that can be read starts as an HDF5 file does.
    public static func isHDF5(_ path: String) throws -> Bool {
        try unsafe path.withCString { name in
            try checked("H5Fis_hdf5", path) { unsafe chdf5_fis_hdf5(name) } > 0
        }
    }

    /// Makes a group, and those above it that are missing.
    ///
    /// - Important: Collective on a collective file; every rank calls it.
    public borrowing func createGroup(_ group: String) throws {
        let file = handle.identifier
        let links = try Self.linkList.get()
        let identifier = try unsafe group.withCString { name in
            try checked("H5Gcreate", group) { unsafe chdf5_gcreate(file, name, links) }
        }
        release(identifier, chdf5_gclose)
    }

    /// Whether there is an object at `object`, a path from the root.
    public borrowing func contains(_ object: String) throws -> Bool {
        let file = handle.identifier
        var prefix = ""
        for part in object.split(separator: "/") {
            prefix += "/" + part
            let isThere = try unsafe prefix.withCString { name in
                try checked("H5Lexists", prefix) { unsafe chdf5_lexists(file, name) } > 0
            }
            guard isThere else { return false }
        }
        return true
    }

    /// Has groups made that a path needs.
    ///
    /// One for the whole process: making a list costs as much as making a dataset.
    static let linkList = Result {
        let links = try checked("H5Pcreate", "a list") { chdf5_pcreate(chdf5_link_create_class()) }
        try checked("H5Pset_create_intermediate_group", "a list") {
            chdf5_pset_create_intermediate_group(links, 1)
        }
        return links
    }

    private static func accessList(_ path: String) throws -> chdf5_id {
        let access = try checked("H5Pcreate", path) { chdf5_pcreate(chdf5_file_access_class()) }
        try checked("H5Pset_fclose_degree", path) {
            chdf5_pset_fclose_degree(access, chdf5_close_strong())
        }
        // Files get their names only when whole, so nobody needs locks, which some network file
        // systems refuse.
        try checked("H5Pset_file_locking", path) { chdf5_pset_file_locking(access, 0, 1) }
        try checked("H5Pset_libver_bounds", path) {
            chdf5_pset_libver_bounds(access, chdf5_version_1_8(), chdf5_version_1_10())
        }
        return access
    }

    private static func makeCollective(
        _ access: chdf5_id,
        _ path: String,
        _ communicator: borrowing Communicator
    ) throws {
        let comm = communicator.handle
        try checked("H5Pset_fapl_mpio", path) {
            chdf5_pset_fapl_mpio(access, comm, cmpi_info_null())
        }
        try checked("H5Pset_all_coll_metadata_ops", path) {
            chdf5_pset_all_coll_metadata_ops(access, 1)
        }
        try checked("H5Pset_coll_metadata_write", path) {
            chdf5_pset_coll_metadata_write(access, 1)
        }
    }
}

extension HDF5File.Access {
    fileprivate var flags: UInt32 {
        switch self {
        case .readOnly: chdf5_file_read_only()
        case .readWrite: chdf5_file_read_write()
        }
    }
}
