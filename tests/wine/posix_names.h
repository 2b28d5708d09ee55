// Included before everything else in the Windows build of the test programs (WineTests.cmake): the few POSIX functions
// that test files use and mingw-w64 lacks.
#pragma once

#include <direct.h>
#include <errno.h>
#include <process.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define popen _popen
#define pclose _pclose

/* Names like the template with its six X replaced; like the real one it makes the folder, and returns null where it
 * cannot. */
static inline char* mkdtemp(char* pattern) {
    static unsigned counter;
    char* marks = strlen(pattern) >= 6 ? pattern + strlen(pattern) - 6 : pattern;
    for (int attempt = 0; attempt < 1000; ++attempt) {
        const unsigned number = (unsigned)_getpid() * 4099u + counter++;
        char digits[9];
        snprintf(digits, sizeof digits, "%06x", number & 0xffffffu);
        memcpy(marks, digits, 6);
        if (_mkdir(pattern) == 0) return pattern;
        if (errno != EEXIST) return 0;
    }
    return 0;
}

static inline int setenv(const char* name, const char* value, int overwrite) {
    (void)overwrite;
    return _putenv_s(name, value);
}

static inline int unsetenv(const char* name) {
    return _putenv_s(name, "");
}
