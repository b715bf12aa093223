internal import CHDF5Shim

/// The value of an attribute.
public enum AttributeValue: Hashable, Sendable {
    /// UTF-8 text, without NUL.
    case string(String)
    /// A whole number.
    case integer(Int64)
    /// A real number.
    case real(Double)
}

extension HDF5File {
    /// Adds an attribute.
    ///
    /// - Important: Collective on a collective file; every rank calls it with the same arguments.
    /// - Parameters:
    ///   - name: not yet there.
    ///   - value: text is stored as a variable-length string, which readers show as text.
    ///   - object: path of a group or dataset from the root.
    /// - Throws: ``HDF5Error`` when it exists already or the object does not.
    public borrowing func setAttribute(
        _ name: String,
        to value: AttributeValue,
        of object: String = "/"
    ) throws {
        try value.write(as: name, to: object, from: handle.identifier, "\(path):\(object)@\(name)")
    }

    /// The value of an attribute, or nil when there is none of that name.
    ///
    /// - Parameters:
    ///   - name: of the attribute.
    ///   - object: path of a group or dataset from the root.
    /// - Returns: the scalar; nil when it is not there.
    /// - Throws: ``HDF5Error`` when the object is missing, or the attribute is not one text or number.
    public borrowing func attribute(
        _ name: String,
        of object: String = "/"
    ) throws -> AttributeValue? {
        let file = handle.identifier
        let label = "\(path):\(object)@\(name)"
        let attribute: chdf5_id? = try unsafe object.withCString { objectName in
            try unsafe name.withCString { attributeName in
                let isThere = try checked("H5Aexists", label) {
                    unsafe chdf5_aexists_by_name(file, objectName, attributeName)
                }
                guard isThere > 0 else { return nil }
                return try checked("H5Aopen", label) {
                    unsafe chdf5_aopen_by_name(file, objectName, attributeName)
                }
            }
        }
        guard let attribute else { return nil }
        defer { release(attribute, chdf5_aclose) }
        let type = try checked("H5Aget_type", label) { chdf5_aget_type(attribute) }
        defer { release(type, chdf5_tclose) }
        switch try AttributeKind(attribute, type: type, label: label) {
        case .variableText: return .string(try Self.text(attribute, type: type, label: label))
        case .fixedText(let byteCount):
            var bytes = [UInt8](repeating: 0, count: byteCount)
            try unsafe bytes.withUnsafeMutableBytes { buffer in
                _ = try checked("H5Aread", label) {
                    unsafe chdf5_aread(attribute, type, buffer.baseAddress)
                }
            }
            return .string(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
        case .integer:
            var number: Int64 = 0
            try checked("H5Aread", label) {
                unsafe chdf5_aread(attribute, chdf5_memory_int64(), &number)
            }
            return .integer(number)
        case .real:
            var number: Double = 0
            try checked("H5Aread", label) {
                unsafe chdf5_aread(attribute, chdf5_memory_double(), &number)
            }
            return .real(number)
        }
    }

    /// The names of an object's attributes, sorted.
    public borrowing func attributeNames(of object: String = "/") throws -> [String] {
        let file = handle.identifier
        let names = AttributeNames()
        try withExtendedLifetime(names) {
            let context = unsafe Unmanaged.passUnretained(names).toOpaque()
            try unsafe object.withCString { objectName in
                _ = try checked("H5Aiterate", "\(path):\(object)") {
                    unsafe chdf5_aiterate_by_name(
                        file,
                        objectName,
                        chdf5_index_name(),
                        chdf5_order_increasing(),
                        { _, name, _, context in
                            guard let name = unsafe name, let context = unsafe context else {
                                return 0
                            }
                            let names = unsafe Unmanaged<AttributeNames>.fromOpaque(context)
                                .takeUnretainedValue()
                            names.list.append(unsafe String(cString: name))
                            return 0
                        },
                        context
                    )
                }
            }
        }
        return names.list.sorted()
    }

    /// Text of variable length.
    private static func text(
        _ attribute: chdf5_id,
        type: chdf5_id,
        label: String
    ) throws -> String {
        let space = try checked("H5Aget_space", label) { chdf5_aget_space(attribute) }
        defer { release(space, chdf5_sclose) }
        var pointer: UnsafeMutablePointer<CChar>?
        try checked("H5Aread", label) { unsafe chdf5_aread(attribute, type, &pointer) }
        guard let characters = unsafe pointer else { return "" }
        let text = unsafe String(cString: characters)
        try checked("H5Dvlen_reclaim", label) {
            unsafe chdf5_dvlen_reclaim(type, space, &pointer)
        }
        return text
    }
}

/// What the visitor of attributes collects.
private final class AttributeNames {
    var list: [String] = []
}

extension HDF5Dataset {
    /// Adds an attribute, without looking for the dataset in its file again.
    ///
    /// - Important: Collective on a collective file; every rank calls it with the same arguments.
    /// - Parameters:
    ///   - name: not yet there.
    ///   - value: text is stored as a variable-length string.
    /// - Throws: ``HDF5Error`` when it exists already.
    public borrowing func setAttribute(_ name: String, to value: AttributeValue) throws {
        try value.write(as: name, to: ".", from: handle.identifier, "\(path)@\(name)")
    }
}

extension AttributeValue {
    /// Adds it to `object`, a path that starts at `location`.
    fileprivate func write(
        as name: String,
        to object: String,
        from location: chdf5_id,
        _ label: String
    ) throws {
        let type = try storedType(name)
        defer { release(type, chdf5_tclose) }
        let space = try checked("H5Screate", name) { chdf5_screate(chdf5_scalar()) }
        defer { release(space, chdf5_sclose) }
        let attribute = try unsafe object.withCString { objectName in
            try unsafe name.withCString { attributeName in
                try checked("H5Acreate", label) {
                    unsafe chdf5_acreate_by_name(location, objectName, attributeName, type, space)
                }
            }
        }
        defer { release(attribute, chdf5_aclose) }
        switch self {
        case .string(let text):
            try unsafe text.withCString { characters in
                var pointer: UnsafePointer<CChar>? = unsafe characters
                try checked("H5Awrite", label) {
                    unsafe chdf5_awrite(attribute, type, &pointer)
                }
            }
        case .integer(var number):
            try checked("H5Awrite", label) {
                unsafe chdf5_awrite(attribute, chdf5_memory_int64(), &number)
            }
        case .real(var number):
            try checked("H5Awrite", label) {
                unsafe chdf5_awrite(attribute, chdf5_memory_double(), &number)
            }
        }
    }

    fileprivate func storedType(_ name: String) throws -> chdf5_id {
        switch self {
        case .string:
            let type = try checked("H5Tcopy", name) { chdf5_tcopy(chdf5_c_string()) }
            try checked("H5Tset_size", name) { chdf5_tset_size(type, chdf5_variable_length()) }
            try checked("H5Tset_cset", name) { chdf5_tset_cset(type, chdf5_charset_utf8()) }
            return type
        case .integer:
            return try checked("H5Tcopy", name) { chdf5_tcopy(chdf5_stored_int64()) }
        case .real:
            return try checked("H5Tcopy", name) { chdf5_tcopy(chdf5_stored_double()) }
        }
    }
}
