/* POSIX names that libntfs-3g and our shim over it mention and mingw-w64 lacks. Owners and modes play no role here: the
 * program works on a guest's volume as its administrator, whose numbers are 0. */
#pragma once

#include <direct.h>
#include <errno.h>
#include <io.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

#define __timespec_defined 1 /* time.h has it, and says so by another name */

typedef unsigned int uid_t;
typedef unsigned int gid_t;

struct passwd {
    char* pw_name;
    uid_t pw_uid;
    gid_t pw_gid;
};
struct group {
    char* gr_name;
    gid_t gr_gid;
    char** gr_mem;
};

#ifndef S_IFLNK
#define S_IFLNK 0120000
#endif
#ifndef S_IFSOCK
#define S_IFSOCK 0140000
#endif
#ifndef S_ISLNK
#define S_ISLNK(mode) (((mode)&S_IFMT) == S_IFLNK)
#endif
#ifndef S_ISSOCK
#define S_ISSOCK(mode) (((mode)&S_IFMT) == S_IFSOCK)
#endif
#ifndef S_ISUID
#define S_ISUID 04000
#endif
#ifndef S_ISGID
#define S_ISGID 02000
#endif
#ifndef S_ISVTX
#define S_ISVTX 01000
#endif
#ifndef S_IRGRP
#define S_IRGRP 0040
#define S_IWGRP 0020
#define S_IXGRP 0010
#define S_IROTH 0004
#define S_IWOTH 0002
#define S_IXOTH 0001
#endif
#ifndef S_IRWXG
#define S_IRWXG 0070
#define S_IRWXO 0007
#endif

#ifndef makedev
#define major(device) ((unsigned)(device) >> 8)
#define minor(device) ((unsigned)(device)&0xff)
#define makedev(high, low) (((high) << 8) | (low))
#endif

static inline uid_t getuid(void) {
    return 0;
}
static inline gid_t getgid(void) {
    return 0;
}
static inline struct passwd* getpwnam(const char* name) {
    (void)name;
    return NULL;
}
static inline struct passwd* getpwuid(uid_t id) {
    (void)id;
    return NULL;
}
static inline struct group* getgrnam(const char* name) {
    (void)name;
    return NULL;
}
static inline struct group* getgrgid(gid_t id) {
    (void)id;
    return NULL;
}
static inline long random(void) {
    return rand();
}
static inline void srandom(unsigned seed) {
    srand(seed);
}
