#include "chdf5shim.h"

#include <fcntl.h>
#include <hdf5.h>
#include <stdbool.h>
#include <zlib.h>

_Static_assert(sizeof(hid_t) == sizeof(chdf5_id), "identifiers are 64-bit");
_Static_assert(sizeof(hsize_t) == sizeof(chdf5_size), "sizes are 64-bit");
_Static_assert(sizeof(H5E_error2_t) == sizeof(chdf5_error), "the error record is mirrored");
_Static_assert(
    offsetof(H5E_error2_t, maj_num) == offsetof(chdf5_error, major)
        && offsetof(H5E_error2_t, min_num) == offsetof(chdf5_error, minor)
        && offsetof(H5E_error2_t, line) == offsetof(chdf5_error, line)
        && offsetof(H5E_error2_t, func_name) == offsetof(chdf5_error, function_name)
        && offsetof(H5E_error2_t, file_name) == offsetof(chdf5_error, file_name)
        && offsetof(H5E_error2_t, desc) == offsetof(chdf5_error, description),
    "the error record is mirrored");

unsigned chdf5_file_truncate(void) { return H5F_ACC_TRUNC; }
unsigned chdf5_file_exclusive(void) { return H5F_ACC_EXCL; }
unsigned chdf5_file_read_only(void) { return H5F_ACC_RDONLY; }
unsigned chdf5_file_read_write(void) { return H5F_ACC_RDWR; }
int chdf5_scope_global(void) { return H5F_SCOPE_GLOBAL; }
int chdf5_version_1_8(void) { return H5F_LIBVER_V18; }
int chdf5_version_1_10(void) { return H5F_LIBVER_V110; }
int chdf5_close_strong(void) { return H5F_CLOSE_STRONG; }
int chdf5_select_set(void) { return H5S_SELECT_SET; }
int chdf5_scalar(void) { return H5S_SCALAR; }
int chdf5_layout_compact(void) { return H5D_COMPACT; }
int chdf5_layout_contiguous(void) { return H5D_CONTIGUOUS; }
int chdf5_layout_chunked(void) { return H5D_CHUNKED; }
int chdf5_filter_deflate(void) { return H5Z_FILTER_DEFLATE; }
int chdf5_filter_shuffle(void) { return H5Z_FILTER_SHUFFLE; }
int chdf5_filter_fletcher32(void) { return H5Z_FILTER_FLETCHER32; }
int chdf5_link_external(void) { return H5L_TYPE_EXTERNAL; }
int chdf5_fill_never(void) { return H5D_FILL_TIME_NEVER; }
int chdf5_allocate_early(void) { return H5D_ALLOC_TIME_EARLY; }
int chdf5_transfer_collective(void) { return H5FD_MPIO_COLLECTIVE; }
int chdf5_index_name(void) { return H5_INDEX_NAME; }
int chdf5_order_increasing(void) { return H5_ITER_INC; }
int chdf5_class_integer(void) { return H5T_INTEGER; }
int chdf5_class_float(void) { return H5T_FLOAT; }
int chdf5_class_string(void) { return H5T_STRING; }
int chdf5_class_enumeration(void) { return H5T_ENUM; }
int chdf5_charset_utf8(void) { return H5T_CSET_UTF8; }
size_t chdf5_variable_length(void) { return H5T_VARIABLE; }
chdf5_size chdf5_unlimited(void) { return H5S_UNLIMITED; }
chdf5_id chdf5_file_access_class(void) { return H5P_FILE_ACCESS; }
chdf5_id chdf5_dataset_create_class(void) { return H5P_DATASET_CREATE; }
chdf5_id chdf5_dataset_transfer_class(void) { return H5P_DATASET_XFER; }
chdf5_id chdf5_link_create_class(void) { return H5P_LINK_CREATE; }

chdf5_id chdf5_memory_int8(void) { return H5T_NATIVE_INT8; }
chdf5_id chdf5_memory_uint8(void) { return H5T_NATIVE_UINT8; }
chdf5_id chdf5_memory_int16(void) { return H5T_NATIVE_INT16; }
chdf5_id chdf5_memory_int32(void) { return H5T_NATIVE_INT32; }
chdf5_id chdf5_memory_int64(void) { return H5T_NATIVE_INT64; }
chdf5_id chdf5_memory_uint64(void) { return H5T_NATIVE_UINT64; }
chdf5_id chdf5_memory_float(void) { return H5T_NATIVE_FLOAT; }
chdf5_id chdf5_memory_double(void) { return H5T_NATIVE_DOUBLE; }
chdf5_id chdf5_stored_int8(void) { return H5T_STD_I8LE; }
chdf5_id chdf5_stored_uint8(void) { return H5T_STD_U8LE; }
chdf5_id chdf5_stored_int16(void) { return H5T_STD_I16LE; }
chdf5_id chdf5_stored_int32(void) { return H5T_STD_I32LE; }
chdf5_id chdf5_stored_int64(void) { return H5T_STD_I64LE; }
chdf5_id chdf5_stored_uint64(void) { return H5T_STD_U64LE; }
chdf5_id chdf5_stored_float(void) { return H5T_IEEE_F32LE; }
chdf5_id chdf5_stored_double(void) { return H5T_IEEE_F64LE; }
chdf5_id chdf5_c_string(void) { return H5T_C_S1; }

int chdf5_dont_atexit(void) { return H5dont_atexit(); }
int chdf5_eset_auto_off(void) { return H5Eset_auto2(H5E_DEFAULT, 0, 0); }
int chdf5_ewalk(chdf5_error_visitor visitor, void *context) {
    return H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, (H5E_walk2_t)(void *)visitor, context);
}
int chdf5_eclear(void) { return H5Eclear2(H5E_DEFAULT); }
ptrdiff_t chdf5_eget_msg(chdf5_id message, char *text, size_t size) {
    return H5Eget_msg(message, 0, text, size);
}
int chdf5_get_libversion(unsigned *major, unsigned *minor, unsigned *release) {
    return H5get_libversion(major, minor, release);
}

int chdf5_fis_hdf5(const char *name) { return H5Fis_hdf5(name); }
chdf5_id chdf5_fcreate(const char *name, unsigned flags, chdf5_id access) {
    return H5Fcreate(name, flags, H5P_DEFAULT, access);
}
chdf5_id chdf5_fopen(const char *name, unsigned flags, chdf5_id access) {
    return H5Fopen(name, flags, access);
}
int chdf5_fflush(chdf5_id file, int scope) { return H5Fflush(file, (H5F_scope_t)scope); }
int chdf5_fget_filesize(chdf5_id file, chdf5_size *size) { return H5Fget_filesize(file, size); }
int chdf5_fclose(chdf5_id file) { return H5Fclose(file); }

chdf5_id chdf5_pcreate(chdf5_id class_id) { return H5Pcreate(class_id); }
int chdf5_pclose(chdf5_id list) { return H5Pclose(list); }
int chdf5_pset_fapl_mpio(chdf5_id list, cmpi_comm comm, cmpi_info info) {
    return H5Pset_fapl_mpio(list, (MPI_Comm)comm.value, (MPI_Info)info.value);
}
int chdf5_pset_all_coll_metadata_ops(chdf5_id list, int is_collective) {
    return H5Pset_all_coll_metadata_ops(list, (hbool_t)is_collective);
}
int chdf5_pset_coll_metadata_write(chdf5_id list, int is_collective) {
    return H5Pset_coll_metadata_write(list, (hbool_t)is_collective);
}
int chdf5_pset_fclose_degree(chdf5_id list, int degree) {
    return H5Pset_fclose_degree(list, (H5F_close_degree_t)degree);
}
int chdf5_pset_file_locking(chdf5_id list, int uses, int ignores_when_disabled) {
    return H5Pset_file_locking(list, (hbool_t)uses, (hbool_t)ignores_when_disabled);
}
int chdf5_pset_libver_bounds(chdf5_id list, int low, int high) {
    return H5Pset_libver_bounds(list, (H5F_libver_t)low, (H5F_libver_t)high);
}
int chdf5_pset_create_intermediate_group(chdf5_id list, unsigned creates) {
    return H5Pset_create_intermediate_group(list, creates);
}
int chdf5_pset_chunk(chdf5_id list, int rank, const chdf5_size *lengths) {
    return H5Pset_chunk(list, rank, lengths);
}
int chdf5_pget_layout(chdf5_id list) { return H5Pget_layout(list); }
int chdf5_pget_chunk(chdf5_id list, int rank, chdf5_size *lengths) {
    return H5Pget_chunk(list, rank, lengths);
}
int chdf5_pget_external_count(chdf5_id list) { return H5Pget_external_count(list); }
int chdf5_pget_nfilters(chdf5_id list) { return H5Pget_nfilters(list); }
int chdf5_pget_filter(chdf5_id list, unsigned index, unsigned *flags, size_t *value_count) {
    return H5Pget_filter2(list, index, flags, value_count, 0, 0, 0, 0);
}
int chdf5_pset_shuffle(chdf5_id list) { return H5Pset_shuffle(list); }
int chdf5_pset_deflate(chdf5_id list, unsigned level) { return H5Pset_deflate(list, level); }
int chdf5_pset_fletcher32(chdf5_id list) { return H5Pset_fletcher32(list); }
int chdf5_pset_fill_time(chdf5_id list, int time) {
    return H5Pset_fill_time(list, (H5D_fill_time_t)time);
}
int chdf5_pset_alloc_time(chdf5_id list, int time) {
    return H5Pset_alloc_time(list, (H5D_alloc_time_t)time);
}
int chdf5_pset_dxpl_mpio(chdf5_id list, int mode) {
    return H5Pset_dxpl_mpio(list, (H5FD_mpio_xfer_t)mode);
}
int chdf5_pget_mpio_actual_io_mode(chdf5_id list, int *mode) {
    return H5Pget_mpio_actual_io_mode(list, (H5D_mpio_actual_io_mode_t *)mode);
}

chdf5_id chdf5_gcreate(chdf5_id location, const char *name, chdf5_id link_create) {
    return H5Gcreate2(location, name, link_create, H5P_DEFAULT, H5P_DEFAULT);
}
int chdf5_gclose(chdf5_id group) { return H5Gclose(group); }
int chdf5_lunregister(int kind) { return H5Lunregister((H5L_type_t)kind); }
int chdf5_lexists(chdf5_id location, const char *name) {
    return H5Lexists(location, name, H5P_DEFAULT);
}

chdf5_id chdf5_dcreate(
    chdf5_id location, const char *name, chdf5_id type, chdf5_id space, chdf5_id link_create,
    chdf5_id create) {
    return H5Dcreate2(location, name, type, space, link_create, create, H5P_DEFAULT);
}
chdf5_id chdf5_dopen(chdf5_id location, const char *name) {
    return H5Dopen2(location, name, H5P_DEFAULT);
}
int chdf5_dclose(chdf5_id dataset) { return H5Dclose(dataset); }
int chdf5_dset_extent(chdf5_id dataset, const chdf5_size *lengths) {
    return H5Dset_extent(dataset, lengths);
}
chdf5_id chdf5_dget_space(chdf5_id dataset) { return H5Dget_space(dataset); }
chdf5_id chdf5_dget_create_plist(chdf5_id dataset) { return H5Dget_create_plist(dataset); }
int chdf5_dget_num_chunks(chdf5_id dataset, chdf5_id space, chdf5_size *count) {
    return H5Dget_num_chunks(dataset, space, count);
}
chdf5_id chdf5_dget_type(chdf5_id dataset) { return H5Dget_type(dataset); }
chdf5_size chdf5_dget_storage_size(chdf5_id dataset) { return H5Dget_storage_size(dataset); }
uint64_t chdf5_dget_offset(chdf5_id dataset) { return H5Dget_offset(dataset); }
uint64_t chdf5_address_undefined(void) { return HADDR_UNDEF; }
int chdf5_dwrite(
    chdf5_id dataset, chdf5_id memory_type, chdf5_id memory_space, chdf5_id file_space,
    chdf5_id transfer, const void *buffer) {
    return H5Dwrite(dataset, memory_type, memory_space, file_space, transfer, buffer);
}
int chdf5_dread(
    chdf5_id dataset, chdf5_id memory_type, chdf5_id memory_space, chdf5_id file_space,
    chdf5_id transfer, void *buffer) {
    return H5Dread(dataset, memory_type, memory_space, file_space, transfer, buffer);
}
int chdf5_dvlen_reclaim(chdf5_id type, chdf5_id space, void *buffer) {
    return H5Dvlen_reclaim(type, space, H5P_DEFAULT, buffer);
}
chdf5_id chdf5_screate(int kind) { return H5Screate((H5S_class_t)kind); }
chdf5_id chdf5_screate_simple(
    int rank, const chdf5_size *lengths, const chdf5_size *maximum_lengths) {
    return H5Screate_simple(rank, lengths, maximum_lengths);
}
int chdf5_sclose(chdf5_id space) { return H5Sclose(space); }
int chdf5_sselect_none(chdf5_id space) { return H5Sselect_none(space); }
int chdf5_sselect_hyperslab(
    chdf5_id space, int operation, const chdf5_size *start, const chdf5_size *count) {
    return H5Sselect_hyperslab(space, (H5S_seloper_t)operation, start, 0, count, 0);
}
int chdf5_sget_simple_extent_type(chdf5_id space) { return H5Sget_simple_extent_type(space); }
int chdf5_sget_simple_extent_ndims(chdf5_id space) { return H5Sget_simple_extent_ndims(space); }
long long chdf5_sget_simple_extent_npoints(chdf5_id space) {
    return H5Sget_simple_extent_npoints(space);
}

chdf5_id chdf5_tcopy(chdf5_id type) { return H5Tcopy(type); }
int chdf5_tclose(chdf5_id type) { return H5Tclose(type); }
int chdf5_tset_size(chdf5_id type, size_t size) { return H5Tset_size(type, size); }
int chdf5_tset_cset(chdf5_id type, int charset) { return H5Tset_cset(type, (H5T_cset_t)charset); }
int chdf5_tget_class(chdf5_id type) { return H5Tget_class(type); }
size_t chdf5_tget_size(chdf5_id type) { return H5Tget_size(type); }
int chdf5_tequal(chdf5_id left, chdf5_id right) { return H5Tequal(left, right); }
int chdf5_tis_variable_str(chdf5_id type) { return H5Tis_variable_str(type); }
chdf5_id chdf5_tenum_create(chdf5_id base) { return H5Tenum_create(base); }
int chdf5_tenum_insert(chdf5_id type, const char *name, const void *value) {
    return H5Tenum_insert(type, name, value);
}
int chdf5_tget_nmembers(chdf5_id type) { return H5Tget_nmembers(type); }
char *chdf5_tget_member_name(chdf5_id type, unsigned index) {
    return H5Tget_member_name(type, index);
}
int chdf5_tget_member_value(chdf5_id type, unsigned index, void *value) {
    return H5Tget_member_value(type, index, value);
}
int chdf5_free_memory(void *memory) { return H5free_memory(memory); }

chdf5_id chdf5_acreate_by_name(
    chdf5_id location, const char *object, const char *name, chdf5_id type, chdf5_id space) {
    return H5Acreate_by_name(
        location, object, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
}
chdf5_id chdf5_aopen_by_name(chdf5_id location, const char *object, const char *name) {
    return H5Aopen_by_name(location, object, name, H5P_DEFAULT, H5P_DEFAULT);
}
int chdf5_aexists_by_name(chdf5_id location, const char *object, const char *name) {
    return H5Aexists_by_name(location, object, name, H5P_DEFAULT);
}
int chdf5_awrite(chdf5_id attribute, chdf5_id memory_type, const void *buffer) {
    return H5Awrite(attribute, memory_type, buffer);
}
int chdf5_aread(chdf5_id attribute, chdf5_id memory_type, void *buffer) {
    return H5Aread(attribute, memory_type, buffer);
}
int chdf5_aclose(chdf5_id attribute) { return H5Aclose(attribute); }
chdf5_id chdf5_aget_type(chdf5_id attribute) { return H5Aget_type(attribute); }
chdf5_id chdf5_aget_space(chdf5_id attribute) { return H5Aget_space(attribute); }
int chdf5_aiterate_by_name(
    chdf5_id location, const char *object, int index, int order,
    chdf5_attribute_visitor visitor, void *context) {
    return H5Aiterate_by_name(
        location, object, (H5_index_t)index, (H5_iter_order_t)order, 0,
        (H5A_operator2_t)(void *)visitor, context, H5P_DEFAULT);
}

int chdf5_fallocate(int descriptor, int mode, int64_t offset, int64_t length) {
    return fallocate(descriptor, mode, offset, length);
}
int chdf5_sync_file_range(int descriptor, int64_t offset, int64_t length, unsigned flags) {
    return sync_file_range(descriptor, offset, length, flags);
}
unsigned chdf5_sync_file_range_write(void) { return SYNC_FILE_RANGE_WRITE; }

uint32_t chdf5_crc32(uint32_t start, const void *bytes, size_t size) {
    return (uint32_t)crc32_z(start, bytes, size);
}
uint32_t chdf5_crc32_combine(uint32_t first, uint32_t second, int64_t second_size) {
    return (uint32_t)crc32_combine(first, second, second_size);
}
