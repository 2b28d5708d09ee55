/* POSIX names that ext2fs.h mentions and strict C++ leaves out. */
#pragma once
#include <sys/types.h>
#ifdef NO_OLDNAMES
typedef _dev_t dev_t;
typedef _mode_t mode_t;
#endif
