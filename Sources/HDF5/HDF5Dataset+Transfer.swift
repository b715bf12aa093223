internal import CHDF5Shim

extension HDF5Dataset {
    /// Writes consecutive elements.
    ///
    /// - Important: Collective on a collective file: every rank calls it, with its own elements and
    ///   place; a rank without any writes an empty array.
    /// - Parameters:
    ///   - values: shape `[n]`, 0 or more; of the dataset's own type (`UInt8` for an enumeration), for
    ///     a conversion would make the transfer independent.
    ///   - start: index of the first; `start + n` is at most the dataset's count.
    /// - Returns: how HDF5 did it; nil when the dataset has no elements, so that nothing moved.
    /// - Throws: ``HDF5Error`` when the write fails.
    @discardableResult
    public borrowing func write<Element: HDF5Element>(
        _ values: [Element],
        at start: Int
    ) throws -> TransferMode? {
        try unsafe values.withUnsafeBytes { bytes in
            try unsafe write(bytes, of: Element.elementType, count: values.count, at: start)
        }
    }

    /// Writes consecutive elements that are there as bytes, such as those another rank has sent.
    ///
    /// - Important: Collective on a collective file, as ``write(_:at:)``.
    /// - Parameters:
    ///   - bytes: whole elements, in this machine's byte order.
    ///   - type: of the elements; the dataset's own.
    ///   - start: index of the first.
    /// - Returns: how HDF5 did it; nil when the dataset has no elements, so that nothing moved.
    /// - Throws: ``HDF5Error`` when the write fails.
    @discardableResult
    public borrowing func write(
        bytes: [UInt8],
        of type: ElementType,
        at start: Int
    ) throws -> TransferMode? {
        precondition(bytes.count.isMultiple(of: type.byteCount), "\(path): whole elements only")
        return try unsafe bytes.withUnsafeBytes { bytes in
            try unsafe write(bytes, of: type, count: bytes.count / type.byteCount, at: start)
        }
    }

    private borrowing func write(
        _ bytes: UnsafeRawBufferPointer,
        of type: ElementType,
        count elementCount: Int,
        at start: Int
    ) throws -> TransferMode? {
        // HDF5 fails on an empty selection of an empty dataset; all ranks see the same count.
        let total = try count()
        guard total > 0 else {
            precondition(elementCount == 0, "\(path): values beyond the end of an empty dataset")
            return nil
        }
        let memoryType = try memoryType(type)
        defer { release(memoryType, chdf5_tclose) }
        let identifier = handle.identifier
        // All of it, by one process: nothing to select and no list to make, which is most of the time.
        if !isCollective, start == 0, elementCount == total {
            try checked("H5Dwrite", path) {
                unsafe chdf5_dwrite(identifier, memoryType, 0, 0, 0, bytes.baseAddress)
            }
            return .independent
        }
        let spaces = try selection(start: start, count: elementCount)
        defer {
            release(spaces.file, chdf5_sclose)
            release(spaces.memory, chdf5_sclose)
        }
        let transfer = try checked("H5Pcreate", path) {
            chdf5_pcreate(chdf5_dataset_transfer_class())
        }
        defer { release(transfer, chdf5_pclose) }
        if isCollective {
            try checked("H5Pset_dxpl_mpio", path) {
                chdf5_pset_dxpl_mpio(transfer, chdf5_transfer_collective())
            }
        }
        try checked("H5Dwrite", path) {
            unsafe chdf5_dwrite(
                identifier,
                memoryType,
                spaces.memory,
                spaces.file,
                transfer,
                bytes.baseAddress
            )
        }
        guard isCollective else { return .independent }
        var mode: Int32 = 0
        try checked("H5Pget_mpio_actual_io_mode", path) {
            unsafe chdf5_pget_mpio_actual_io_mode(transfer, &mode)
        }
        return TransferMode(rawValue: mode)
    }

    /// Reads consecutive elements.
    ///
    /// - Parameters:
    ///   - type: the dataset's own; `UInt8` for an enumeration.
    ///   - range: within the dataset.
    /// - Returns: shape `[range.count]`.
    /// - Throws: ``HDF5Error`` when the dataset has another type or shape, the range is outside, or a
    ///   filter reports damage.
    public borrowing func read<Element: HDF5Element>(
        _ type: Element.Type = Element.self,
        in range: Range<Int>
    ) throws -> [Element] {
        let total = try count()
        try checkType(Element.elementType)
        guard range.lowerBound >= 0, range.upperBound <= total else {
            throw HDF5Error.wrongStorage(
                object: path,
                reason: "ends at \(total), not \(range.upperBound)"
            )
        }
        guard !range.isEmpty else { return [] }
        let memoryType = try memoryType(Element.elementType)
        defer { release(memoryType, chdf5_tclose) }
        let spaces = try selection(start: range.lowerBound, count: range.count)
        defer {
            release(spaces.file, chdf5_sclose)
            release(spaces.memory, chdf5_sclose)
        }
        let identifier = handle.identifier
        // Memory that HDF5 fills; zeroed first would cost as much as the read itself.
        return try unsafe [Element](unsafeUninitializedCapacity: range.count) { buffer, count in
            let memory = UnsafeMutableRawBufferPointer(buffer)
            try checked("H5Dread", path) {
                unsafe chdf5_dread(
                    identifier,
                    memoryType,
                    spaces.memory,
                    spaces.file,
                    0,
                    memory.baseAddress
                )
            }
            count = range.count
        }
    }

    /// Reads every element.
    public borrowing func readAll<Element: HDF5Element>(
        _ type: Element.Type = Element.self
    ) throws -> [Element] {
        try read(type, in: 0..<count())
    }

    /// The names of an enumeration's values; nil when this is no enumeration of bytes.
    public borrowing func memberNames() throws -> [UInt8: String]? {
        guard let type = try enumerationType() else { return nil }
        defer { release(type, chdf5_tclose) }
        let count = try checked("H5Tget_nmembers", path) { chdf5_tget_nmembers(type) }
        var names: [UInt8: String] = [:]
        for index in 0..<UInt32(count) {
            var value: UInt8 = 0
            try checked("H5Tget_member_value", path) {
                unsafe chdf5_tget_member_value(type, index, &value)
            }
            names[value] = locked {
                guard let text = unsafe chdf5_tget_member_name(type, index) else { return nil }
                defer { _ = unsafe chdf5_free_memory(text) }
                return unsafe String(cString: text)
            }
        }
        return names
    }

    /// The dataset's own type when it is an enumeration of bytes: HDF5 converts no integer to it.
    private borrowing func enumerationType() throws -> chdf5_id? {
        let identifier = handle.identifier
        let type = try checked("H5Dget_type", path) { chdf5_dget_type(identifier) }
        let isEnumeration =
            locked {
                chdf5_tget_class(type) == chdf5_class_enumeration() && chdf5_tget_size(type) == 1
            }
        guard isEnumeration else {
            release(type, chdf5_tclose)
            return nil
        }
        return type
    }

    private borrowing func memoryType(_ type: ElementType) throws -> chdf5_id {
        if type == .uint8, let enumeration = try enumerationType() { return enumeration }
        return try checked("H5Tcopy", path) { chdf5_tcopy(type.memory) }
    }

    /// The place in the file and a memory of the same size; an empty selection when `count` is 0.
    private borrowing func selection(
        start: Int,
        count: Int
    ) throws -> (file: chdf5_id, memory: chdf5_id) {
        let file = try fileSpace()
        var first = chdf5_size(start)
        var length = chdf5_size(count)
        var memoryLength = chdf5_size(max(count, 1))
        if count == 0 {
            try checked("H5Sselect_none", path) { chdf5_sselect_none(file) }
        } else {
            try checked("H5Sselect_hyperslab", path) {
                unsafe chdf5_sselect_hyperslab(file, chdf5_select_set(), &first, &length)
            }
        }
        let memory = try checked("H5Screate_simple", path) {
            unsafe chdf5_screate_simple(1, &memoryLength, &memoryLength)
        }
        if count == 0 {
            try checked("H5Sselect_none", path) { chdf5_sselect_none(memory) }
        }
        return (file, memory)
    }
}
