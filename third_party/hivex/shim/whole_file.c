#include "whole_file.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <windows.h>

enum { LARGEST = 1 << 30 };

size_t full_read(int file, void* buffer, size_t count) {
    size_t done = 0;
    while (done < count) {
        size_t left = count - done;
        int got = _read(file, (char*)buffer + done, (unsigned)(left < LARGEST ? left : LARGEST));
        if (got <= 0) {
            if (got == 0) errno = 0;
            break;
        }
        done += (size_t)got;
    }
    return done;
}

size_t full_write(int file, const void* buffer, size_t count) {
    size_t done = 0;
    while (done < count) {
        size_t left = count - done;
        int put = _write(file, (const char*)buffer + done, (unsigned)(left < LARGEST ? left : LARGEST));
        if (put <= 0) {
            if (put == 0) errno = ENOSPC;
            break;
        }
        done += (size_t)put;
    }
    return done;
}

int exh_open_utf8(const char* name, int flags, ...) {
    int file;
    wchar_t* wide;
    int length = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, name, -1, NULL, 0);
    if (length <= 0) {
        errno = EILSEQ;
        return -1;
    }
    wide = malloc((size_t)length * sizeof *wide);
    if (!wide) return -1;
    MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, name, -1, wide, length);
    file = _wopen(wide, flags | _O_NOINHERIT, _S_IREAD | _S_IWRITE);
    free(wide);
    return file;
}
