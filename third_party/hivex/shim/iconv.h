/* The four conversions libhivex asks for: UTF-8 to and from LATIN1 and UTF-16LE. Everything else is refused. */
#pragma once

#include <stddef.h>

typedef struct exh_iconv* iconv_t;

/* (iconv_t)-1 with EINVAL for other pairs of names. */
iconv_t iconv_open(const char* to, const char* from);
/* As POSIX has it: (size_t)-1 with E2BIG (no room), EILSEQ (malformed, or not in the target) or EINVAL (cut off at the
 * end); the pointers then stand where it stopped. A null `in` resets, which here changes nothing. */
size_t iconv(iconv_t conversion, char** in, size_t* in_left, char** out, size_t* out_left);
int iconv_close(iconv_t conversion);
