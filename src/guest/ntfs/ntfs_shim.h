#pragma once

/* libntfs-3g behind a plain C interface: its own headers cannot be included from C++ (macros min/max, BOOL, members
 * named like keywords) and want HAVE_* definitions. Everything here is stateless between calls: a file is named by its
 * MFT reference.
 *
 * Every function returns 0 or an errno value. One volume is used by one thread at a time. Names are UTF-16, host order
 * (the program runs on little-endian machines only), not terminated. Times are FILETIME (100 ns since 1601). */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct exh_volume exh_volume;

/* Where the volume's bytes are. Offsets are relative to the volume. The callbacks return 0 or an errno. */
typedef struct exh_device {
    void* context;
    int (*read)(void* context, uint64_t offset, void* buffer, size_t length);
    int (*write)(void* context, uint64_t offset, const void* buffer, size_t length);
    uint64_t size;
    int writable;
} exh_device;

typedef struct exh_geometry {
    uint32_t cluster_size;
    uint32_t mft_record_size;
    int64_t clusters;
    int64_t mft_zone_start, mft_zone_end; /* kept for $MFT as long as there is room elsewhere */
    int dirty;                            /* the volume asks for chkdsk */
} exh_geometry;

/* clean: Windows closed it; unclean: changes are only in the log; cached: written by a Windows that keeps metadata in
 * memory over the shutdown (log version 2.0). */
enum { EXH_LOG_CLEAN = 0, EXH_LOG_UNCLEAN = 1, EXH_LOG_CACHED = 2 };

typedef struct exh_info {
    uint64_t reference; /* MFT record number and sequence number */
    uint64_t size;
    uint32_t attributes; /* Windows bits, FILE_ATTRIBUTE_DIRECTORY included */
    uint32_t security_id;
    uint32_t reparse_tag;
    uint32_t links;
    uint64_t created, modified;
    int directory;
} exh_info;

typedef struct exh_run {
    int64_t lcn, length; /* clusters */
} exh_run;

typedef struct exh_new_file {
    const uint16_t* name;
    size_t name_length;
    int directory;
    uint32_t attributes;
    uint64_t created, modified; /* 0: now */
    uint32_t security_id;       /* 0: what the directory hands down */
    uint64_t size;
    const void* small_data; /* content of a file small enough for its MFT record, or */
    const exh_run* runs;    /* clusters that hold it, already marked as used */
    size_t run_count;
} exh_new_file;

/* shim_device.c */
int exh_mount(const exh_device* device, exh_volume** out);
/* Writes back what the library holds in memory and frees the volume, also when it fails. */
int exh_unmount(exh_volume* volume);
void exh_get_geometry(const exh_volume* volume, exh_geometry* out);
int exh_log_state(exh_volume* volume, int* state);
int exh_free_clusters(exh_volume* volume, int64_t* out);

/* shim_clusters.c: the cluster bitmap ($Bitmap) */
int exh_bitmap_read(exh_volume* volume, uint64_t byte_offset, void* buffer, size_t length);
int exh_bitmap_mark(exh_volume* volume, int64_t lcn, int64_t length, int used);
/* The runs of the bitmap itself, in order; `count` is capacity in, number out. ENOSPC when there are more. */
int exh_bitmap_runs(exh_volume* volume, exh_run* runs, size_t* count);
/* Where the library's own allocations (directory indexes) start to look: without this it skips 16 MiB after each one,
 * which makes a dynamic image grow without bound. */
void exh_set_allocation_hint(exh_volume* volume, int64_t lcn);

/* shim_read.c */
enum { EXH_ROOT = 5, EXH_FIRST_USER = 24 };
int exh_lookup(exh_volume* volume, uint64_t directory, const uint16_t* name, size_t length, uint64_t* out);
int exh_stat(exh_volume* volume, uint64_t reference, exh_info* out);
/* The name as it is stored, for a name found without regard to case; `out` has room for 255 units. */
int exh_stored_name(exh_volume* volume, uint64_t reference, uint64_t directory, const uint16_t* name, size_t length,
                    uint16_t* out, size_t* out_length);
/* Short (DOS) names and the volume's own files are left out. A non-zero return of `entry` ends the listing with that
 * value. */
int exh_list(exh_volume* volume, uint64_t directory,
             int (*entry)(void* context, uint64_t reference, const uint16_t* name, size_t length), void* context);
/* The unnamed stream. Reads up to `length` bytes; *got is 0 at the end. */
int exh_read(exh_volume* volume, uint64_t reference, uint64_t offset, void* buffer, size_t length, size_t* got);

/* shim_write.c */
int exh_create(exh_volume* volume, uint64_t directory, const exh_new_file* file, uint64_t* reference);
/* One name of a file (the file itself with its last name), or an empty directory. */
int exh_remove(exh_volume* volume, uint64_t directory, const uint16_t* name, size_t length);
int exh_rename(exh_volume* volume, uint64_t reference, uint64_t old_directory, const uint16_t* old_name,
               size_t old_length, uint64_t new_directory, const uint16_t* new_name, size_t new_length);
/* Bits of `mask` are set to those of `attributes`; `modified` 0 keeps the time. */
int exh_set_basic(exh_volume* volume, uint64_t reference, uint32_t mask, uint32_t attributes, uint64_t modified);

/* shim_security.c */
int exh_get_security(exh_volume* volume, uint64_t reference, void* buffer, size_t capacity, size_t* length);
int exh_set_security(exh_volume* volume, uint64_t reference, const void* descriptor, size_t length);
int exh_get_reparse(exh_volume* volume, uint64_t reference, void* buffer, size_t capacity, size_t* length);
int exh_set_reparse(exh_volume* volume, uint64_t reference, const void* data, size_t length);

/* shim_format.c: label and log of a volume written from a template. The log is cut to at most `log_bytes` and emptied.
 */
int exh_finish_format(exh_volume* volume, const uint16_t* label, size_t length, uint64_t log_bytes);

#ifdef __cplusplus
}
#endif
