import HDF5
import MPI

/// Checks of the libraries this program is linked with; none of them is started.
enum LibraryChecks {
    /// One finding for each library.
    static func findings() -> [Finding] { [mpi, hdf5] }

    private static var mpi: Finding {
        guard let version = MPILibrary.version else {
            let remedy = "reinstall the MPI library, or build deepmath anew"
            return .failure("MPI", "the library does not tell its version", remedy)
        }
        return .ok("MPI", version)
    }

    private static var hdf5: Finding {
        do {
            return .ok("HDF5", "\(try HDF5Library.version()), parallel")
        } catch {
            return .failure("HDF5", "\(error)", "reinstall the parallel HDF5 library")
        }
    }
}
