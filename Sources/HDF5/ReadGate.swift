// What is read is looked at before libhdf5 gets a buffer for it. The library fills a buffer by what the file
// says, not by what the caller expects: an attribute with a thousand elements read into one number
// overwrites the stack. Each read goes through one of the three checks here.

internal import CHDF5Shim

extension HDF5Dataset {
    /// Bytes of one chunk, at most; those of this program have half a mebibyte.
    private static let longestChunk = 64 << 20
    /// Bytes that one stored byte can become: deflate's best is 1032.
    private static let bestCompression = 1_100

    /// Whether the elements are of a type, so that a read converts nothing.
    ///
    /// - Throws: ``HDF5Error/wrongType(object:expected:)`` when they are not.
    public borrowing func checkType(_ type: ElementType) throws {
        let identifier = handle.identifier
        let own = try checked("H5Dget_type", path) { chdf5_dget_type(identifier) }
        defer { release(own, chdf5_tclose) }
        let isEnumeration = locked {
            chdf5_tget_class(own) == chdf5_class_enumeration() && chdf5_tget_size(own) == 1
        }
        if type == .uint8, isEnumeration { return }
        guard try checked("H5Tequal", path, { chdf5_tequal(own, type.stored) }) > 0 else {
            throw HDF5Error.wrongType(object: path, expected: "\(type)")
        }
    }

    /// Checks that all elements are there, in a file of a size: no length that the file only claims
    /// makes a reader ask for memory.
    ///
    /// - Throws: ``HDF5Error/wrongStorage(object:reason:)`` when they are not.
    borrowing func checkStorage(fileByteCount: Int) throws {
        let total = try count()
        guard total > 0 else { return }
        let identifier = handle.identifier
        let own = try checked("H5Dget_type", path) { chdf5_dget_type(identifier) }
        defer { release(own, chdf5_tclose) }
        let size = locked { Int(clamping: chdf5_tget_size(own)) }
        let (byteCount, isTooLong) = total.multipliedReportingOverflow(by: size)
        let list = try checked("H5Dget_create_plist", path) {
            chdf5_dget_create_plist(identifier)
        }
        defer { release(list, chdf5_pclose) }
        let layout = try checked("H5Pget_layout", path) { chdf5_pget_layout(list) }
        let otherFiles = try checked("H5Pget_external_count", path) {
            chdf5_pget_external_count(list)
        }
        guard otherFiles == 0 else { throw storageError("lies in another file") }
        let stored = storedByteCount()
        guard !isTooLong, size > 0, stored <= fileByteCount else {
            throw storageError("claims more bytes than its file has")
        }
        switch layout {
        case chdf5_layout_compact(): try require(byteCount <= stored)
        case chdf5_layout_contiguous():
            try require(byteCount <= stored)
            guard let offset = fileOffset(), offset <= fileByteCount - byteCount else {
                throw storageError("lies beyond the end of its file")
            }
        case chdf5_layout_chunked():
            try checkChunks(list, count: total, size: size)
            try require(byteCount / Self.bestCompression <= stored)
        default: throw storageError("lies in a way that no file of this program has")
        }
    }

    private borrowing func checkChunks(_ list: chdf5_id, count: Int, size: Int) throws {
        let identifier = handle.identifier
        var length: chdf5_size = 0
        let rank = try checked("H5Pget_chunk", path) { unsafe chdf5_pget_chunk(list, 1, &length) }
        let longest = Self.longestChunk / size
        guard rank == 1, length > 0, length <= chdf5_size(longest) else {
            throw storageError("has chunks of another size than files of this program have")
        }
        let filterCount = try checked("H5Pget_nfilters", path) { chdf5_pget_nfilters(list) }
        let known = [
            chdf5_filter_deflate(), chdf5_filter_shuffle(), chdf5_filter_fletcher32(),
        ]
        for index in 0..<UInt32(filterCount) {
            var flags: UInt32 = 0
            var valueCount = 0
            let filter = try checked("H5Pget_filter", path) {
                unsafe chdf5_pget_filter(list, index, &flags, &valueCount)
            }
            guard known.contains(filter), filterCount <= known.count else {
                throw storageError("has filters that no file of this program has")
            }
        }
        let space = try fileSpace()
        defer { release(space, chdf5_sclose) }
        var chunkCount: chdf5_size = 0
        try checked("H5Dget_num_chunks", path) {
            unsafe chdf5_dget_num_chunks(identifier, space, &chunkCount)
        }
        let (whole, rest) = chdf5_size(count).quotientAndRemainder(dividingBy: length)
        try require(chunkCount == whole + (rest > 0 ? 1 : 0))
    }

    private func require(_ isStored: Bool) throws {
        guard isStored else { throw storageError("does not have all of its elements in the file") }
    }

    private func storageError(_ reason: String) -> HDF5Error {
        .wrongStorage(object: path, reason: reason)
    }
}

/// What an attribute that can be read is.
enum AttributeKind {
    case variableText
    /// Text that takes so many bytes.
    case fixedText(Int)
    case integer
    case real

    /// HDF5 keeps attributes of up to 64 KiB in an object's header.
    private static let longestText = 64 << 10

    /// Looks at an open attribute.
    ///
    /// - Throws: ``HDF5Error/wrongType(object:expected:)`` when it is no scalar, or neither text nor a
    ///   number that a machine has.
    init(_ attribute: chdf5_id, type: chdf5_id, label: String) throws {
        let space = try checked("H5Aget_space", label) { chdf5_aget_space(attribute) }
        defer { release(space, chdf5_sclose) }
        let extent = try checked("H5Sget_simple_extent_type", label) {
            chdf5_sget_simple_extent_type(space)
        }
        guard extent == chdf5_scalar() else {
            throw HDF5Error.wrongType(object: label, expected: "scalar")
        }
        switch locked({ chdf5_tget_class(type) }) {
        case chdf5_class_string():
            if try checked("H5Tis_variable_str", label, { chdf5_tis_variable_str(type) }) > 0 {
                self = .variableText
                return
            }
            let size = locked { Int(clamping: chdf5_tget_size(type)) }
            guard (1...Self.longestText).contains(size) else {
                throw HDF5Error.wrongType(
                    object: label,
                    expected: "text of at most \(Self.longestText) bytes"
                )
            }
            self = .fixedText(size)
        case chdf5_class_integer():
            try Self.check(type, [.int8, .int16, .int32, .int64, .uint8, .uint64], label)
            self = .integer
        case chdf5_class_float():
            try Self.check(type, [.float, .double], label)
            self = .real
        default: throw HDF5Error.wrongType(object: label, expected: "text or number")
        }
    }

    /// Other layouts of bits may be damage, with which the library's conversion does not end well.
    private static func check(
        _ type: chdf5_id,
        _ known: [ElementType],
        _ label: String
    ) throws {
        for candidate in known
        where try checked("H5Tequal", label, { chdf5_tequal(type, candidate.stored) }) > 0 {
            return
        }
        throw HDF5Error.wrongType(object: label, expected: "text or number of 8 to 64 bits")
    }
}
