#pragma once

/* What the shim's C files share: the library's headers, which need these definitions where they were not configured. */

#define _GNU_SOURCE 1 /* S_IF*, struct stat's times */
#define HAVE_STDIO_H 1
#define HAVE_STDLIB_H 1
#define HAVE_STRING_H 1
#define HAVE_ERRNO_H 1
#define HAVE_STDARG_H 1
#define HAVE_STDDEF_H 1
#define HAVE_STDINT_H 1
#define HAVE_SYS_TYPES_H 1
#define HAVE_SYS_STAT_H 1
#define HAVE_FCNTL_H 1
#define HAVE_TIME_H 1
#define HAVE_CLOCK_GETTIME 1
#define HAVE_SYS_TIME_H 1

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

#include <ntfs-3g/types.h>

#include <ntfs-3g/attrib.h>
#include <ntfs-3g/bitmap.h>
#include <ntfs-3g/device.h>
#include <ntfs-3g/dir.h>
#include <ntfs-3g/inode.h>
#include <ntfs-3g/layout.h>
#include <ntfs-3g/logfile.h>
#include <ntfs-3g/logging.h>
#include <ntfs-3g/ntfstime.h>
#include <ntfs-3g/reparse.h>
#include <ntfs-3g/runlist.h>
#include <ntfs-3g/security.h>
#include <ntfs-3g/unistr.h>
#include <ntfs-3g/volume.h>

#include "guest/ntfs/ntfs_shim.h"

enum { EXH_INHERITED_SLOTS = 64 };

struct exh_volume {
    ntfs_volume* ntfs;
    exh_device device;
    int64_t position; /* of the device's read/write calls without an offset */
    /* What a directory's descriptor hands down depends on that descriptor only: computed once for each. */
    struct {
        le32 parent;
        le32 inherited;
        int directory;
    } inherited[EXH_INHERITED_SLOTS];
};

/* errno of a failed library call, never 0. */
int exh_errno(void);
/* Opens a user-visible inode: the root or a number from EXH_FIRST_USER on. NULL with errno otherwise. */
ntfs_inode* exh_open(exh_volume* volume, uint64_t reference);
/* The id of the descriptor that a new entry of `directory` gets; 0 when it cannot be told (the library then sets its
 * own). */
le32 exh_inherited_security(exh_volume* volume, ntfs_inode* directory, int for_directory);
