// The complete list of what we call in HDF5: one function wraps one call, in its argument order, and
// returns its status unchanged. Macros (flags, native types) become functions. hdf5.h stays out of the
// Swift importer: its globals and function-like macros do not import.
#ifndef CHDF5SHIM_H
#define CHDF5SHIM_H

#include <stddef.h>
#include <stdint.h>

#include "cmpishim.h"

typedef int64_t chdf5_id;
typedef unsigned long long chdf5_size;

// Mirror of H5E_error2_t.
typedef struct {
    chdf5_id class_id;
    chdf5_id major;
    chdf5_id minor;
    unsigned line;
    const char *function_name;
    const char *file_name;
    const char *description;
} chdf5_error;

typedef int (*chdf5_error_visitor)(unsigned index, const chdf5_error *error, void *context);
typedef int (*chdf5_attribute_visitor)(
    chdf5_id location, const char *name, const void *info, void *context);

// Flags and constants that HDF5 defines as macros or enumerations.
unsigned chdf5_file_truncate(void);
unsigned chdf5_file_exclusive(void);
unsigned chdf5_file_read_only(void);
unsigned chdf5_file_read_write(void);
int chdf5_scope_global(void);
int chdf5_version_1_8(void);
int chdf5_version_1_10(void);
int chdf5_close_strong(void);
int chdf5_select_set(void);
int chdf5_scalar(void);
int chdf5_layout_compact(void);
int chdf5_layout_contiguous(void);
int chdf5_layout_chunked(void);
int chdf5_filter_deflate(void);
int chdf5_filter_shuffle(void);
int chdf5_filter_fletcher32(void);
int chdf5_link_external(void);
int chdf5_fill_never(void);
int chdf5_allocate_early(void);
int chdf5_transfer_collective(void);
int chdf5_index_name(void);
int chdf5_order_increasing(void);
int chdf5_class_integer(void);
int chdf5_class_float(void);
int chdf5_class_string(void);
int chdf5_class_enumeration(void);
int chdf5_charset_utf8(void);
size_t chdf5_variable_length(void);
chdf5_size chdf5_unlimited(void);
chdf5_id chdf5_file_access_class(void);
chdf5_id chdf5_dataset_create_class(void);
chdf5_id chdf5_dataset_transfer_class(void);
chdf5_id chdf5_link_create_class(void);

// Element types: in memory, and in the file (little-endian everywhere).
chdf5_id chdf5_memory_int8(void);
chdf5_id chdf5_memory_uint8(void);
chdf5_id chdf5_memory_int16(void);
chdf5_id chdf5_memory_int32(void);
chdf5_id chdf5_memory_int64(void);
chdf5_id chdf5_memory_uint64(void);
chdf5_id chdf5_memory_float(void);
chdf5_id chdf5_memory_double(void);
chdf5_id chdf5_stored_int8(void);
chdf5_id chdf5_stored_uint8(void);
chdf5_id chdf5_stored_int16(void);
chdf5_id chdf5_stored_int32(void);
chdf5_id chdf5_stored_int64(void);
chdf5_id chdf5_stored_uint64(void);
chdf5_id chdf5_stored_float(void);
chdf5_id chdf5_stored_double(void);
chdf5_id chdf5_c_string(void);

// The library and its error stack.
int chdf5_dont_atexit(void);
int chdf5_eset_auto_off(void);
int chdf5_ewalk(chdf5_error_visitor visitor, void *context);
int chdf5_eclear(void);
ptrdiff_t chdf5_eget_msg(chdf5_id message, char *text, size_t size);
int chdf5_get_libversion(unsigned *major, unsigned *minor, unsigned *release);

// Files.
int chdf5_fis_hdf5(const char *name);
chdf5_id chdf5_fcreate(const char *name, unsigned flags, chdf5_id access);
chdf5_id chdf5_fopen(const char *name, unsigned flags, chdf5_id access);
int chdf5_fflush(chdf5_id file, int scope);
int chdf5_fget_filesize(chdf5_id file, chdf5_size *size);
int chdf5_fclose(chdf5_id file);

// Property lists.
chdf5_id chdf5_pcreate(chdf5_id class_id);
int chdf5_pclose(chdf5_id list);
int chdf5_pset_fapl_mpio(chdf5_id list, cmpi_comm comm, cmpi_info info);
int chdf5_pset_all_coll_metadata_ops(chdf5_id list, int is_collective);
int chdf5_pset_coll_metadata_write(chdf5_id list, int is_collective);
int chdf5_pset_fclose_degree(chdf5_id list, int degree);
int chdf5_pset_file_locking(chdf5_id list, int uses, int ignores_when_disabled);
int chdf5_pset_libver_bounds(chdf5_id list, int low, int high);
int chdf5_pset_create_intermediate_group(chdf5_id list, unsigned creates);
int chdf5_pset_chunk(chdf5_id list, int rank, const chdf5_size *lengths);
int chdf5_pget_layout(chdf5_id list);
int chdf5_pget_chunk(chdf5_id list, int rank, chdf5_size *lengths);
int chdf5_pget_external_count(chdf5_id list);
int chdf5_pget_nfilters(chdf5_id list);
int chdf5_pget_filter(chdf5_id list, unsigned index, unsigned *flags, size_t *value_count);
int chdf5_pset_shuffle(chdf5_id list);
int chdf5_pset_deflate(chdf5_id list, unsigned level);
int chdf5_pset_fletcher32(chdf5_id list);
int chdf5_pset_fill_time(chdf5_id list, int time);
int chdf5_pset_alloc_time(chdf5_id list, int time);
int chdf5_pset_dxpl_mpio(chdf5_id list, int mode);
int chdf5_pget_mpio_actual_io_mode(chdf5_id list, int *mode);

// Groups and links.
chdf5_id chdf5_gcreate(chdf5_id location, const char *name, chdf5_id link_create);
int chdf5_gclose(chdf5_id group);
int chdf5_lunregister(int kind);
int chdf5_lexists(chdf5_id location, const char *name);

// Datasets and data spaces.
chdf5_id chdf5_dcreate(
    chdf5_id location, const char *name, chdf5_id type, chdf5_id space, chdf5_id link_create,
    chdf5_id create);
chdf5_id chdf5_dopen(chdf5_id location, const char *name);
int chdf5_dclose(chdf5_id dataset);
int chdf5_dset_extent(chdf5_id dataset, const chdf5_size *lengths);
chdf5_id chdf5_dget_space(chdf5_id dataset);
chdf5_id chdf5_dget_create_plist(chdf5_id dataset);
int chdf5_dget_num_chunks(chdf5_id dataset, chdf5_id space, chdf5_size *count);
chdf5_id chdf5_dget_type(chdf5_id dataset);
chdf5_size chdf5_dget_storage_size(chdf5_id dataset);
uint64_t chdf5_dget_offset(chdf5_id dataset);
uint64_t chdf5_address_undefined(void);
int chdf5_dwrite(
    chdf5_id dataset, chdf5_id memory_type, chdf5_id memory_space, chdf5_id file_space,
    chdf5_id transfer, const void *buffer);
int chdf5_dread(
    chdf5_id dataset, chdf5_id memory_type, chdf5_id memory_space, chdf5_id file_space,
    chdf5_id transfer, void *buffer);
int chdf5_dvlen_reclaim(chdf5_id type, chdf5_id space, void *buffer);
chdf5_id chdf5_screate(int kind);
chdf5_id chdf5_screate_simple(
    int rank, const chdf5_size *lengths, const chdf5_size *maximum_lengths);
int chdf5_sclose(chdf5_id space);
int chdf5_sselect_none(chdf5_id space);
int chdf5_sselect_hyperslab(
    chdf5_id space, int operation, const chdf5_size *start, const chdf5_size *count);
int chdf5_sget_simple_extent_type(chdf5_id space);
int chdf5_sget_simple_extent_ndims(chdf5_id space);
long long chdf5_sget_simple_extent_npoints(chdf5_id space);

// Types.
chdf5_id chdf5_tcopy(chdf5_id type);
int chdf5_tclose(chdf5_id type);
int chdf5_tset_size(chdf5_id type, size_t size);
int chdf5_tset_cset(chdf5_id type, int charset);
int chdf5_tget_class(chdf5_id type);
size_t chdf5_tget_size(chdf5_id type);
int chdf5_tequal(chdf5_id left, chdf5_id right);
int chdf5_tis_variable_str(chdf5_id type);
chdf5_id chdf5_tenum_create(chdf5_id base);
int chdf5_tenum_insert(chdf5_id type, const char *name, const void *value);
int chdf5_tget_nmembers(chdf5_id type);
char *chdf5_tget_member_name(chdf5_id type, unsigned index);
int chdf5_tget_member_value(chdf5_id type, unsigned index, void *value);
int chdf5_free_memory(void *memory);

// Attributes.
chdf5_id chdf5_acreate_by_name(
    chdf5_id location, const char *object, const char *name, chdf5_id type, chdf5_id space);
chdf5_id chdf5_aopen_by_name(chdf5_id location, const char *object, const char *name);
int chdf5_aexists_by_name(chdf5_id location, const char *object, const char *name);
int chdf5_awrite(chdf5_id attribute, chdf5_id memory_type, const void *buffer);
int chdf5_aread(chdf5_id attribute, chdf5_id memory_type, void *buffer);
int chdf5_aclose(chdf5_id attribute);
chdf5_id chdf5_aget_type(chdf5_id attribute);
chdf5_id chdf5_aget_space(chdf5_id attribute);
int chdf5_aiterate_by_name(
    chdf5_id location, const char *object, int index, int order,
    chdf5_attribute_visitor visitor, void *context);

// zlib's checksum.
uint32_t chdf5_crc32(uint32_t start, const void *bytes, size_t size);
uint32_t chdf5_crc32_combine(uint32_t first, uint32_t second, int64_t second_size);

// System calls that Swift's Glibc module lacks.
int chdf5_fallocate(int descriptor, int mode, int64_t offset, int64_t length);
int chdf5_sync_file_range(int descriptor, int64_t offset, int64_t length, unsigned flags);
unsigned chdf5_sync_file_range_write(void);

#endif
