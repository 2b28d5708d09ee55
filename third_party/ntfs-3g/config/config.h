/* What libntfs-3g's configure script would have found out about mingw-w64. WINDOWS stays undefined: with it the library's
 * compat.h erases __attribute__((packed)), and on-disk structures get holes. */
#pragma once

#define HAVE_CTYPE_H 1
#define HAVE_ERRNO_H 1
#define HAVE_FCNTL_H 1
#define HAVE_INTTYPES_H 1
#define HAVE_LIMITS_H 1
#define HAVE_LOCALE_H 1
#define HAVE_MALLOC_H 1
#define HAVE_STDARG_H 1
#define HAVE_STDDEF_H 1
#define HAVE_STDINT_H 1
#define HAVE_STDIO_H 1
#define HAVE_STDLIB_H 1
#define HAVE_STRING_H 1
#define HAVE_SYS_STAT_H 1
#define HAVE_SYS_TYPES_H 1
#define HAVE_SYS_TIME_H 1
#define HAVE_TIME_H 1
#define HAVE_UNISTD_H 1
#define HAVE_UTIME_H 1
#define HAVE_WCHAR_H 1

#define HAVE_CLOCK_GETTIME 1
#define HAVE_GETTIMEOFDAY 1
#define HAVE_MEMCPY 1
#define HAVE_MEMMOVE 1
#define HAVE_MEMSET 1
#define HAVE_SETLOCALE 1
#define HAVE_SNPRINTF 1
#define HAVE_STRCASECMP 1
#define HAVE_STRCHR 1
#define HAVE_STRDUP 1
#define HAVE_STRERROR 1
#define HAVE_STRNLEN 1
#define HAVE_STRTOL 1
#define HAVE_STRTOUL 1
/* ffs, daemon and strsep: neither there nor used by what is compiled. */
#define HAVE_DAEMON 1
#define HAVE_FFS 1
#define HAVE_STRSEP 1

/* As Debian builds the library for Linux: both must write the same bytes. */
#define POSIXACLS 1
#define XATTR_MAPPINGS 1
#define DISABLE_PLUGINS 1
#define IGNORE_MTAB 1
#define NO_NTFS_DEVICE_DEFAULT_IO_OPS 1

#define PACKAGE "ntfs-3g"
#define PACKAGE_NAME "ntfs-3g"
#define PACKAGE_VERSION "cross-built"
#define VERSION PACKAGE_VERSION
