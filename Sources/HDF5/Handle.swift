internal import CHDF5Shim

/// An open HDF5 object, closed once.
final class Handle {
    let identifier: chdf5_id
    private let object: String
    private let operation: String
    private let closing: @Sendable (chdf5_id) -> Int32
    /// Whether going out of use closes it: not so for a collective file, which all ranks must close.
    private let closesWhenUnused: Bool
    private var isOpen = true

    init(
        _ identifier: chdf5_id,
        object: String,
        operation: String,
        closesWhenUnused: Bool = true,
        closing: @escaping @Sendable (chdf5_id) -> Int32
    ) {
        self.identifier = identifier
        self.object = object
        self.operation = operation
        self.closesWhenUnused = closesWhenUnused
        self.closing = closing
    }

    deinit {
        if isOpen, closesWhenUnused { release(identifier, closing) }
    }

    /// Closes and says whether that worked.
    func close() throws {
        guard isOpen else { return }
        isOpen = false
        try checked(operation, object) { closing(identifier) }
    }
}
