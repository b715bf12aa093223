#include "cmpishim.h"

#include <mpi.h>
#include <unistd.h>

_Static_assert(sizeof(MPI_Comm) <= sizeof(cmpi_comm), "MPI_Comm fits its mirror");
_Static_assert(sizeof(MPI_Datatype) <= sizeof(cmpi_datatype), "MPI_Datatype fits its mirror");
_Static_assert(sizeof(MPI_Op) <= sizeof(cmpi_op), "MPI_Op fits its mirror");
_Static_assert(sizeof(MPI_Info) <= sizeof(cmpi_info), "MPI_Info fits its mirror");
_Static_assert(sizeof(MPI_Errhandler) <= sizeof(cmpi_errhandler), "MPI_Errhandler fits its mirror");
_Static_assert(sizeof(MPI_Request) <= sizeof(cmpi_request), "MPI_Request fits its mirror");
_Static_assert(sizeof(MPI_File) <= sizeof(cmpi_file), "MPI_File fits its mirror");
_Static_assert(sizeof(MPI_Offset) == sizeof(int64_t), "offsets have 64 bits");
_Static_assert(sizeof(MPI_Status) <= sizeof(cmpi_status), "MPI_Status fits its mirror");
_Static_assert(_Alignof(MPI_Status) <= _Alignof(cmpi_status), "MPI_Status aligns in its mirror");
_Static_assert(MPI_SUCCESS == 0, "zero means success");

#define COMM(handle) ((MPI_Comm)(handle).value)
#define TYPE(handle) ((MPI_Datatype)(handle).value)
#define OP(handle) ((MPI_Op)(handle).value)
#define FILE_OF(handle) ((MPI_File)(handle).value)
#define REQUEST(pointer) ((MPI_Request *)(void *)(pointer))
#define STATUS(pointer) ((MPI_Status *)(void *)(pointer))
#define CONST_STATUS(pointer) ((const MPI_Status *)(const void *)(pointer))

cmpi_comm cmpi_comm_world(void) { return (cmpi_comm){(uintptr_t)MPI_COMM_WORLD}; }
cmpi_info cmpi_info_null(void) { return (cmpi_info){(uintptr_t)MPI_INFO_NULL}; }
cmpi_errhandler cmpi_errors_return(void) {
    return (cmpi_errhandler){(uintptr_t)MPI_ERRORS_RETURN};
}
cmpi_datatype cmpi_byte(void) { return (cmpi_datatype){(uintptr_t)MPI_BYTE}; }
cmpi_datatype cmpi_int64(void) { return (cmpi_datatype){(uintptr_t)MPI_INT64_T}; }
cmpi_op cmpi_min(void) { return (cmpi_op){(uintptr_t)MPI_MIN}; }
cmpi_op cmpi_max(void) { return (cmpi_op){(uintptr_t)MPI_MAX}; }
cmpi_op cmpi_sum(void) { return (cmpi_op){(uintptr_t)MPI_SUM}; }
int cmpi_any_source(void) { return MPI_ANY_SOURCE; }
int cmpi_any_tag(void) { return MPI_ANY_TAG; }
int cmpi_thread_funneled(void) { return MPI_THREAD_FUNNELED; }
int cmpi_mode_create_write_only(void) { return MPI_MODE_CREATE | MPI_MODE_WRONLY; }
int cmpi_mode_write_only(void) { return MPI_MODE_WRONLY; }
int cmpi_comm_type_shared(void) { return MPI_COMM_TYPE_SHARED; }
int cmpi_max_error_string(void) { return MPI_MAX_ERROR_STRING; }
int cmpi_max_processor_name(void) { return MPI_MAX_PROCESSOR_NAME; }
int cmpi_max_library_version_string(void) { return MPI_MAX_LIBRARY_VERSION_STRING; }
int cmpi_status_source(const cmpi_status *status) { return CONST_STATUS(status)->MPI_SOURCE; }
int cmpi_status_tag(const cmpi_status *status) { return CONST_STATUS(status)->MPI_TAG; }

int cmpi_init_thread(int required, int *provided) {
    return MPI_Init_thread(0, 0, required, provided);
}
int cmpi_initialized(int *flag) { return MPI_Initialized(flag); }
int cmpi_finalized(int *flag) { return MPI_Finalized(flag); }
int cmpi_finalize(void) { return MPI_Finalize(); }
int cmpi_abort(cmpi_comm comm, int error_code) { return MPI_Abort(COMM(comm), error_code); }
int cmpi_error_string(int error_code, char *string, int *length) {
    return MPI_Error_string(error_code, string, length);
}
int cmpi_get_processor_name(char *name, int *length) {
    return MPI_Get_processor_name(name, length);
}
int cmpi_get_library_version(char *version, int *length) {
    return MPI_Get_library_version(version, length);
}

int cmpi_gettid(void) { return gettid(); }

int cmpi_comm_rank(cmpi_comm comm, int *rank) { return MPI_Comm_rank(COMM(comm), rank); }
int cmpi_comm_size(cmpi_comm comm, int *size) { return MPI_Comm_size(COMM(comm), size); }
int cmpi_comm_set_errhandler(cmpi_comm comm, cmpi_errhandler errhandler) {
    return MPI_Comm_set_errhandler(COMM(comm), (MPI_Errhandler)errhandler.value);
}
int cmpi_comm_split_type(
    cmpi_comm comm, int split_type, int key, cmpi_info info, cmpi_comm *new_comm) {
    return MPI_Comm_split_type(
        COMM(comm), split_type, key, (MPI_Info)info.value, (MPI_Comm *)(void *)new_comm);
}
int cmpi_comm_free(cmpi_comm *comm) { return MPI_Comm_free((MPI_Comm *)(void *)comm); }

int cmpi_isend(
    const void *buffer, int count, cmpi_datatype datatype, int destination, int tag, cmpi_comm comm,
    cmpi_request *request) {
    return MPI_Isend(
        buffer, count, TYPE(datatype), destination, tag, COMM(comm), REQUEST(request));
}
int cmpi_iprobe(int source, int tag, cmpi_comm comm, int *flag, cmpi_status *status) {
    return MPI_Iprobe(source, tag, COMM(comm), flag, STATUS(status));
}
int cmpi_get_count(const cmpi_status *status, cmpi_datatype datatype, int *count) {
    return MPI_Get_count(CONST_STATUS(status), TYPE(datatype), count);
}
int cmpi_recv(
    void *buffer, int count, cmpi_datatype datatype, int source, int tag, cmpi_comm comm,
    cmpi_status *status) {
    return MPI_Recv(buffer, count, TYPE(datatype), source, tag, COMM(comm), STATUS(status));
}
int cmpi_test(cmpi_request *request, int *flag, cmpi_status *status) {
    return MPI_Test(REQUEST(request), flag, STATUS(status));
}

int cmpi_ibarrier(cmpi_comm comm, cmpi_request *request) {
    return MPI_Ibarrier(COMM(comm), REQUEST(request));
}
int cmpi_ibcast(
    void *buffer, int count, cmpi_datatype datatype, int root, cmpi_comm comm,
    cmpi_request *request) {
    return MPI_Ibcast(buffer, count, TYPE(datatype), root, COMM(comm), REQUEST(request));
}
int cmpi_iallreduce(
    const void *send, void *receive, int count, cmpi_datatype datatype, cmpi_op op, cmpi_comm comm,
    cmpi_request *request) {
    return MPI_Iallreduce(
        send, receive, count, TYPE(datatype), OP(op), COMM(comm), REQUEST(request));
}
int cmpi_iallgather(
    const void *send, int send_count, cmpi_datatype send_type, void *receive, int receive_count,
    cmpi_datatype receive_type, cmpi_comm comm, cmpi_request *request) {
    return MPI_Iallgather(
        send, send_count, TYPE(send_type), receive, receive_count, TYPE(receive_type), COMM(comm),
        REQUEST(request));
}
int cmpi_igatherv(
    const void *send, int send_count, cmpi_datatype send_type, void *receive,
    const int *receive_counts, const int *displacements, cmpi_datatype receive_type, int root,
    cmpi_comm comm, cmpi_request *request) {
    return MPI_Igatherv(
        send, send_count, TYPE(send_type), receive, receive_counts, displacements,
        TYPE(receive_type), root, COMM(comm), REQUEST(request));
}

int cmpi_info_create(cmpi_info *info) { return MPI_Info_create((MPI_Info *)(void *)info); }
int cmpi_info_set(cmpi_info info, const char *key, const char *value) {
    return MPI_Info_set((MPI_Info)info.value, key, value);
}
int cmpi_info_free(cmpi_info *info) { return MPI_Info_free((MPI_Info *)(void *)info); }

int cmpi_file_open(
    cmpi_comm comm, const char *path, int mode, cmpi_info info, cmpi_file *file) {
    return MPI_File_open(
        COMM(comm), path, mode, (MPI_Info)info.value, (MPI_File *)(void *)file);
}
int cmpi_file_write_at_all(
    cmpi_file file, int64_t offset, const void *buffer, int count, cmpi_datatype datatype,
    cmpi_status *status) {
    return MPI_File_write_at_all(
        FILE_OF(file), offset, buffer, count, TYPE(datatype), STATUS(status));
}
int cmpi_file_sync(cmpi_file file) { return MPI_File_sync(FILE_OF(file)); }
int cmpi_file_close(cmpi_file *file) { return MPI_File_close((MPI_File *)(void *)file); }
