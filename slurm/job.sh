# What the batch scripts share: starting the ranks, and queueing the job again. To be sourced.

source tools/environment.sh

# Ranks: launch WORKERS_PER_NODE COMMAND...
#
# Rank 0 is one task more on the first node: the block distribution gives it the place that the
# others have left. In a job of two parts (sbatch ... : ...) rank 0 is the first part, and the
# workers are the second. LAUNCHER=mpirun is for a Slurm without PMIx.
launch() {
    if [ -n "${SLURM_HET_SIZE:-}" ]; then
        launch_parts "$@"
        return
    fi
    local ranks=$((SLURM_JOB_NUM_NODES * $1 + 1))
    shift
    echo "$(date '+%F %T') start ${SLURM_RESTART_COUNT:-0} of job $SLURM_JOB_ID: $ranks ranks on $SLURM_JOB_NODELIST"
    if [ "${LAUNCHER:-srun}" = mpirun ]; then
        # The batch shell gets no signal here unless it is asked for: sbatch --signal=B:USR1@180.
        mpirun -n "$ranks" "$@" &
        local process=$! status
        trap 'kill -USR1 '"$process" USR1
        trap 'kill -TERM '"$process" TERM
        wait "$process"
        status=$?
        # A trapped signal ends the wait, not the ranks.
        while kill -0 "$process" 2>/dev/null; do
            wait "$process"
            status=$?
        done
        return "$status"
    fi
    # One task more than workers is no multiple of --ntasks-per-node, about which srun would warn.
    env -u SLURM_NTASKS_PER_NODE -u SLURM_TASKS_PER_NODE srun --mpi=pmix --kill-on-bad-exit=1 --distribution=block --ntasks="$ranks" "$@"
}

# Ranks of a job of two parts, in one MPI world: launch_parts WORKERS_PER_NODE COMMAND...
launch_parts() {
    local workers=$((SLURM_JOB_NUM_NODES_HET_GROUP_1 * $1))
    shift
    echo "$(date '+%F %T') start ${SLURM_RESTART_COUNT:-0} of job $SLURM_JOB_ID: rank 0 on $SLURM_JOB_NODELIST_HET_GROUP_0, $workers workers on $SLURM_JOB_NODELIST_HET_GROUP_1"
    env -u SLURM_NTASKS_PER_NODE -u SLURM_TASKS_PER_NODE srun --mpi=pmix --kill-on-bad-exit=1 \
        --het-group=0 --ntasks=1 "$@" : --het-group=1 --ntasks="$workers" "$@"
}

# Ends the batch script, or queues the job again: finish STATUS
#
# Status 75 says that the job was stopped and has advanced; 76 that it was stopped and has not, and
# then another start would be no better.
finish() {
    local status=$1
    if [ "$status" = 75 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt "${MAX_REQUEUES:-20}" ]; then
        echo "$(date '+%F %T') not done yet: queued again"
        scontrol requeue "$SLURM_JOB_ID" && return 0
    fi
    exit "$status"
}
