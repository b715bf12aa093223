# Source this before mpirun or srun: `source tools/environment.sh`.
#
# Puts the built programs on PATH and sets what Open MPI 4 needs to be told.
#
#   DEEPMATH_BIN   where the programs are, if not in .build-release/release

deepmath_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export PATH="${DEEPMATH_BIN:-$deepmath_root/.build-release/release}:$PATH"

# ROMIO: OMPIO's default two-phase component has known hangs with parallel HDF5.
export OMPI_MCA_io=${OMPI_MCA_io:-romio321}
# More ranks than cores is normal here: rank 0 and the workers' own threads mostly wait.
export OMPI_MCA_rmaps_base_oversubscribe=${OMPI_MCA_rmaps_base_oversubscribe:-1}
# A bound rank would hand its few cores down to its engine.
export OMPI_MCA_hwloc_base_binding_policy=${OMPI_MCA_hwloc_base_binding_policy:-none}
# In a container the kernel forbids cross-memory attach; messages are small, so copying is fine.
export OMPI_MCA_btl_vader_single_copy_mechanism=${OMPI_MCA_btl_vader_single_copy_mechanism:-none}
# The program says itself, in one line, why it failed; mpirun's ten lines would bury that.
export OMPI_MCA_orte_execute_quiet=${OMPI_MCA_orte_execute_quiet:-1}
if [ "$(id -u)" = 0 ]; then
    # mpirun refuses root unless told twice; in a container root is the ordinary user.
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi
unset deepmath_root
