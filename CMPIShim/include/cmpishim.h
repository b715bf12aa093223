// The complete list of what we call in MPI: one function wraps one call, in its argument order, and
// returns its status unchanged. Handles are passed by value in structs wide enough for both common
// representations (pointers in Open MPI, integers in MPICH), so mpi.h stays out of the Swift importer.
#ifndef CMPISHIM_H
#define CMPISHIM_H

#include <stdint.h>

typedef struct { uintptr_t value; } cmpi_comm;
typedef struct { uintptr_t value; } cmpi_datatype;
typedef struct { uintptr_t value; } cmpi_op;
typedef struct { uintptr_t value; } cmpi_info;
typedef struct { uintptr_t value; } cmpi_errhandler;
typedef struct { uintptr_t value; } cmpi_request;
typedef struct { uintptr_t value; } cmpi_file;
typedef struct { int64_t storage[8]; } cmpi_status;

// Constants that MPI defines as macros.
cmpi_comm cmpi_comm_world(void);
cmpi_info cmpi_info_null(void);
cmpi_errhandler cmpi_errors_return(void);
cmpi_datatype cmpi_byte(void);
cmpi_datatype cmpi_int64(void);
cmpi_op cmpi_min(void);
cmpi_op cmpi_max(void);
cmpi_op cmpi_sum(void);
int cmpi_any_source(void);
int cmpi_any_tag(void);
int cmpi_thread_funneled(void);
int cmpi_mode_create_write_only(void);
int cmpi_mode_write_only(void);
int cmpi_comm_type_shared(void);
int cmpi_max_error_string(void);
int cmpi_max_processor_name(void);
int cmpi_max_library_version_string(void);
int cmpi_status_source(const cmpi_status *status);
int cmpi_status_tag(const cmpi_status *status);

// The process.
int cmpi_init_thread(int required, int *provided);
int cmpi_initialized(int *flag);
int cmpi_finalized(int *flag);
int cmpi_finalize(void);
int cmpi_abort(cmpi_comm comm, int error_code);
int cmpi_error_string(int error_code, char *string, int *length);
int cmpi_get_processor_name(char *name, int *length);
int cmpi_get_library_version(char *version, int *length);

// The kernel's id of the calling thread, which Swift's Glibc module lacks.
int cmpi_gettid(void);

// Communicators.
int cmpi_comm_rank(cmpi_comm comm, int *rank);
int cmpi_comm_size(cmpi_comm comm, int *size);
int cmpi_comm_set_errhandler(cmpi_comm comm, cmpi_errhandler errhandler);
int cmpi_comm_split_type(
    cmpi_comm comm, int split_type, int key, cmpi_info info, cmpi_comm *new_comm);
int cmpi_comm_free(cmpi_comm *comm);

// Messages.
int cmpi_isend(
    const void *buffer, int count, cmpi_datatype datatype, int destination, int tag, cmpi_comm comm,
    cmpi_request *request);
int cmpi_iprobe(int source, int tag, cmpi_comm comm, int *flag, cmpi_status *status);
int cmpi_get_count(const cmpi_status *status, cmpi_datatype datatype, int *count);
int cmpi_recv(
    void *buffer, int count, cmpi_datatype datatype, int source, int tag, cmpi_comm comm,
    cmpi_status *status);
int cmpi_test(cmpi_request *request, int *flag, cmpi_status *status);

// Collectives, all non-blocking: the blocking ones spin a core.
int cmpi_ibarrier(cmpi_comm comm, cmpi_request *request);
int cmpi_ibcast(
    void *buffer, int count, cmpi_datatype datatype, int root, cmpi_comm comm,
    cmpi_request *request);
int cmpi_iallreduce(
    const void *send, void *receive, int count, cmpi_datatype datatype, cmpi_op op, cmpi_comm comm,
    cmpi_request *request);
int cmpi_iallgather(
    const void *send, int send_count, cmpi_datatype send_type, void *receive, int receive_count,
    cmpi_datatype receive_type, cmpi_comm comm, cmpi_request *request);
int cmpi_igatherv(
    const void *send, int send_count, cmpi_datatype send_type, void *receive,
    const int *receive_counts, const int *displacements, cmpi_datatype receive_type, int root,
    cmpi_comm comm, cmpi_request *request);

// Hints.
int cmpi_info_create(cmpi_info *info);
int cmpi_info_set(cmpi_info info, const char *key, const char *value);
int cmpi_info_free(cmpi_info *info);

// Files.
int cmpi_file_open(
    cmpi_comm comm, const char *path, int mode, cmpi_info info, cmpi_file *file);
int cmpi_file_write_at_all(
    cmpi_file file, int64_t offset, const void *buffer, int count, cmpi_datatype datatype,
    cmpi_status *status);
int cmpi_file_sync(cmpi_file file);
int cmpi_file_close(cmpi_file *file);

#endif
