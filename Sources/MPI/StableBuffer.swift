/// Memory at a fixed address for as long as a non-blocking operation may touch it.
///
/// Arrays may move; what is handed to MPI must not, until its request completes.
@safe
final class StableBuffer<Element: BitwiseCopyable> {
    private let storage: UnsafeMutableBufferPointer<Element>

    /// A copy of `elements`.
    init(_ elements: [Element]) {
        unsafe storage = UnsafeMutableBufferPointer.allocate(capacity: elements.count)
        _ = unsafe storage.initialize(from: elements)
    }

    /// `count` times `element`.
    init(repeating element: Element, count: Int) {
        unsafe storage = UnsafeMutableBufferPointer.allocate(capacity: count)
        unsafe storage.initialize(repeating: element)
    }

    deinit {
        unsafe storage.deallocate()
    }

    /// Number of elements.
    var count: Int { unsafe storage.count }

    /// The elements as they are now.
    var elements: [Element] { unsafe Array(storage) }

    /// The address, for one call; valid while this object lives.
    @unsafe
    var address: UnsafeMutablePointer<Element>? { unsafe storage.baseAddress }
}
