extension [UInt8] {
    /// Adds numbers as they lie in memory: little-endian on every machine that runs this.
    public mutating func append<Number: HDF5Element>(elements: [Number]) {
        unsafe elements.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }
}
