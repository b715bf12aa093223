internal import CHDF5Shim

/// An open one-dimensional dataset.
///
/// Closes itself when it goes out of use; ``close()`` does it where an error can be told.
public struct HDF5Dataset: ~Copyable {
    /// Path from the root of its file.
    public let path: String
    let isCollective: Bool
    let handle: Handle

    init(_ identifier: chdf5_id, path: String, isCollective: Bool) {
        self.path = path
        self.isCollective = isCollective
        handle = Handle(
            identifier,
            object: path,
            operation: "H5Dclose",
            closing: { chdf5_dclose($0) }
        )
    }

    /// Number of elements.
    public borrowing func count() throws -> Int {
        let space = try fileSpace()
        defer { release(space, chdf5_sclose) }
        let rank = try checked("H5Sget_simple_extent_ndims", path) {
            chdf5_sget_simple_extent_ndims(space)
        }
        guard rank == 1 else {
            throw HDF5Error.wrongType(object: path, expected: "one-dimensional dataset")
        }
        return Int(
            try checked("H5Sget_simple_extent_npoints", path) {
                chdf5_sget_simple_extent_npoints(space)
            }
        )
    }

    /// Bytes the elements take in the file, after filters.
    public borrowing func storedByteCount() -> Int {
        let identifier = handle.identifier
        return locked { Int(clamping: chdf5_dget_storage_size(identifier)) }
    }

    /// Where its first element lies in the file, in bytes from its start; nil when it has no elements, or
    /// lies in chunks.
    ///
    /// Elements may be written there by other means than HDF5, as long as nobody has the dataset open: that
    /// is what H5Dget_offset is for.
    public borrowing func fileOffset() -> Int? {
        let identifier = handle.identifier
        let address = locked { chdf5_dget_offset(identifier) }
        return address == chdf5_address_undefined() ? nil : Int(clamping: address)
    }

    /// Makes an extendible dataset longer.
    ///
    /// - Important: Collective on a collective file; every rank calls it with the same count.
    public borrowing func extend(to count: Int) throws {
        let identifier = handle.identifier
        var length = chdf5_size(count)
        try checked("H5Dset_extent", path) { unsafe chdf5_dset_extent(identifier, &length) }
    }

    /// Closes the dataset.
    public consuming func close() throws {
        try handle.close()
    }

    borrowing func fileSpace() throws -> chdf5_id {
        let identifier = handle.identifier
        return try checked("H5Dget_space", path) { chdf5_dget_space(identifier) }
    }
}

extension HDF5File {
    /// Makes a dataset of numbers, and the groups above it that are missing.
    ///
    /// - Important: Collective on a collective file; every rank calls it with the same arguments.
    /// - Parameters:
    ///   - dataset: path from the root.
    ///   - type: element type.
    ///   - count: elements at the start, 0 or more; they are not initialized.
    ///   - layout: how they lie in the file.
    /// - Returns: the open dataset.
    /// - Throws: ``HDF5Error`` when it exists already or cannot be made.
    public borrowing func createDataset(
        _ dataset: String,
        of type: ElementType,
        count: Int,
        layout: DatasetLayout
    ) throws -> HDF5Dataset {
        try createDataset(dataset, storedType: type.stored, count: count, layout: layout)
    }

    /// Makes a dataset of one-byte values with names: names[0] is 0, and so on.
    ///
    /// - Important: Collective on a collective file; every rank calls it with the same arguments.
    /// - Parameters:
    ///   - dataset: path from the root.
    ///   - names: 1...256 of them, distinct.
    ///   - count: elements at the start.
    ///   - layout: how they lie in the file.
    /// - Returns: the open dataset, whose elements are written and read as `UInt8`.
    /// - Throws: ``HDF5Error`` when it exists already or cannot be made.
    public borrowing func createEnumeration(
        _ dataset: String,
        names: [String],
        count: Int,
        layout: DatasetLayout
    ) throws -> HDF5Dataset {
        let type = try checked("H5Tenum_create", dataset) {
            chdf5_tenum_create(chdf5_stored_uint8())
        }
        defer { release(type, chdf5_tclose) }
        for (value, name) in names.enumerated() {
            var byte = UInt8(value)
            try unsafe name.withCString { text in
                _ = try checked("H5Tenum_insert", dataset) {
                    unsafe chdf5_tenum_insert(type, text, &byte)
                }
            }
        }
        return try createDataset(dataset, storedType: type, count: count, layout: layout)
    }

    /// Opens a dataset that is there.
    ///
    /// In a file that is open for reading alone, its elements must lie within the file.
    ///
    /// - Throws: ``HDF5Error`` when it cannot be opened; ``HDF5Error/wrongStorage(object:reason:)``.
    public borrowing func openDataset(_ dataset: String) throws -> HDF5Dataset {
        let file = handle.identifier
        let identifier = try unsafe dataset.withCString { name in
            try checked("H5Dopen", "\(path):\(dataset)") { unsafe chdf5_dopen(file, name) }
        }
        let open = HDF5Dataset(identifier, path: dataset, isCollective: isCollective)
        if isForeign { try open.checkStorage(fileByteCount: byteCount()) }
        return open
    }

    /// Size of the file.
    private borrowing func byteCount() throws -> Int {
        let file = handle.identifier
        var size: chdf5_size = 0
        try checked("H5Fget_filesize", path) { unsafe chdf5_fget_filesize(file, &size) }
        return Int(clamping: size)
    }

    private borrowing func createDataset(
        _ dataset: String,
        storedType: chdf5_id,
        count: Int,
        layout: DatasetLayout
    ) throws -> HDF5Dataset {
        let space = try Self.space(dataset, count: count, isExtendible: layout.isExtendible)
        defer { release(space, chdf5_sclose) }
        guard case .chunked = layout else {
            return try createDataset(dataset, storedType, space, try Self.contiguousList.get())
        }
        let create = try layout.createList(dataset, count: count)
        defer { release(create, chdf5_pclose) }
        return try createDataset(dataset, storedType, space, create)
    }

    private borrowing func createDataset(
        _ dataset: String,
        _ storedType: chdf5_id,
        _ space: chdf5_id,
        _ create: chdf5_id
    ) throws -> HDF5Dataset {
        let file = handle.identifier
        let links = try Self.linkList.get()
        let identifier = try unsafe dataset.withCString { name in
            try checked("H5Dcreate", "\(path):\(dataset)") {
                unsafe chdf5_dcreate(file, name, storedType, space, links, create)
            }
        }
        return HDF5Dataset(identifier, path: dataset, isCollective: isCollective)
    }

    /// How contiguous datasets are made; one for the whole process.
    private static let contiguousList = Result {
        try DatasetLayout.contiguous.createList("a list", count: 0)
    }

    private static func space(
        _ dataset: String,
        count: Int,
        isExtendible: Bool
    ) throws -> chdf5_id {
        var length = chdf5_size(count)
        var maximum = isExtendible ? chdf5_unlimited() : length
        return try checked("H5Screate_simple", dataset) {
            unsafe chdf5_screate_simple(1, &length, &maximum)
        }
    }
}

extension DatasetLayout {
    fileprivate var isExtendible: Bool {
        switch self {
        case .contiguous: false
        case .chunked(_, _, let isExtendible): isExtendible
        }
    }

    fileprivate func createList(_ dataset: String, count: Int) throws -> chdf5_id {
        let list = try checked("H5Pcreate", dataset) {
            chdf5_pcreate(chdf5_dataset_create_class())
        }
        // Every element that counts is written, so filling first would only cost time.
        try checked("H5Pset_fill_time", dataset) {
            chdf5_pset_fill_time(list, chdf5_fill_never())
        }
        guard case .chunked(let chunkCount, let filters, let isExtendible) = self else {
            try checked("H5Pset_alloc_time", dataset) {
                chdf5_pset_alloc_time(list, chdf5_allocate_early())
            }
            return list
        }
        // HDF5 refuses chunks longer than a dataset of fixed length, and chunks of an empty one.
        guard count > 0 || isExtendible else { return list }
        var length = chdf5_size(isExtendible ? chunkCount : min(chunkCount, count))
        try checked("H5Pset_chunk", dataset) { unsafe chdf5_pset_chunk(list, 1, &length) }
        if filters.shuffles {
            try checked("H5Pset_shuffle", dataset) { chdf5_pset_shuffle(list) }
        }
        if let level = filters.deflateLevel {
            try checked("H5Pset_deflate", dataset) { chdf5_pset_deflate(list, UInt32(level)) }
        }
        if filters.checks {
            try checked("H5Pset_fletcher32", dataset) { chdf5_pset_fletcher32(list) }
        }
        return list
    }
}
