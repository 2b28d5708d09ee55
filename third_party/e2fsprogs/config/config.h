/* What the configure script of e2fsprogs would find out about mingw-w64, as far as libext2fs asks. */
#define DISABLE_BACKTRACE 1
#define HAVE_DIRENT_H 1
#define HAVE_ERRNO_H 1
#define HAVE_INTPTR_T 1
#define HAVE_INTTYPES_H 1
#define HAVE_LINUX_TYPES_H 1 /* its own, in include/mingw */
#define HAVE_MALLOC_H 1
#define HAVE_SETJMP_H 1
#define HAVE_SNPRINTF 1
#define HAVE_STDLIB_H 1
#define HAVE_STRCASECMP 1
#define HAVE_STRDUP 1
#define HAVE_STRINGS_H 1
#define HAVE_STRNLEN 1
#define HAVE_SYS_STAT_H 1
#define HAVE_SYS_SYSMACROS_H 1 /* its own, too */
#define HAVE_SYS_TIME_H 1
#define HAVE_SYS_TYPES_H 1
#define HAVE_TYPE_SSIZE_T 1
#define HAVE_UNISTD_H 1
#define ROOT_SYSCONFDIR "/etc"
#define SIZEOF_INT 4
#define SIZEOF_LONG 4
#define SIZEOF_LONG_LONG 8
#define SIZEOF_OFF_T 8
#define SIZEOF_SHORT 2
#define SIZEOF_TIME_T 8
