#pragma once

#include "guest/ntfs/ntfs_shim.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the product never makes but Windows does: a second name for a file, and a short (DOS) name. 0 or an errno. */
int test_add_hard_link(exh_volume* volume, uint64_t file, uint64_t directory, const uint16_t* name, size_t length);
int test_set_short_name(exh_volume* volume, uint64_t file, uint64_t directory, const char* name);

#ifdef __cplusplus
}
#endif
