/* Files as libhivex uses them: names are UTF-8, whatever the machine's code page, and one call reads or writes it all. */
#pragma once

#include <fcntl.h>
#include <io.h>
#include <stddef.h>

/* Both return how many bytes were moved; fewer than asked means an error (errno) or the end of the file. */
size_t full_read(int file, void* buffer, size_t count);
size_t full_write(int file, const void* buffer, size_t count);

int exh_open_utf8(const char* name, int flags, ...);
#define open exh_open_utf8
