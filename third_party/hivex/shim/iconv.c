#include "iconv.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

typedef enum { UTF8, LATIN1, UTF16LE } encoding;
struct exh_iconv {
    encoding from, to;
};

static struct exh_iconv conversions[] = {{UTF8, LATIN1}, {LATIN1, UTF8}, {UTF8, UTF16LE}, {UTF16LE, UTF8}};

static int encoding_of(const char* name, encoding* out) {
    if (!strcmp(name, "UTF-8")) return *out = UTF8, 1;
    if (!strcmp(name, "LATIN1")) return *out = LATIN1, 1;
    if (!strcmp(name, "UTF-16LE")) return *out = UTF16LE, 1;
    return 0;
}

iconv_t iconv_open(const char* to, const char* from) {
    encoding source, target;
    size_t i;
    if (encoding_of(from, &source) && encoding_of(to, &target))
        for (i = 0; i < sizeof conversions / sizeof *conversions; ++i)
            if (conversions[i].from == source && conversions[i].to == target) return &conversions[i];
    errno = EINVAL;
    return (iconv_t)-1;
}

int iconv_close(iconv_t conversion) {
    (void)conversion;
    return 0;
}

/* One character: bytes used, 0 for a cut-off one, -1 for a malformed one. */
static int decode_utf8(const uint8_t* in, size_t left, uint32_t* out) {
    static const uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    uint8_t lead = in[0];
    int more = lead < 0x80 ? 0 : lead >= 0xc2 && lead < 0xe0 ? 1 : (lead & 0xf0) == 0xe0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : -1;
    int i;
    if (more < 0) return -1;
    *out = more == 0 ? lead : lead & (0x3f >> more);
    for (i = 1; i <= more; ++i) {
        if ((size_t)i >= left) return 0;
        if ((in[i] & 0xc0) != 0x80) return -1;
        *out = *out << 6 | (in[i] & 0x3f);
    }
    if (*out < smallest[more] || *out > 0x10ffff || (*out >= 0xd800 && *out < 0xe000)) return -1;
    return more + 1;
}

static int decode_utf16(const uint8_t* in, size_t left, uint32_t* out) {
    uint32_t low;
    if (left < 2) return 0;
    *out = in[0] | (uint32_t)in[1] << 8;
    if (*out < 0xd800 || *out >= 0xe000) return 2;
    if (*out >= 0xdc00) return -1;
    if (left < 4) return 0;
    low = in[2] | (uint32_t)in[3] << 8;
    if (low < 0xdc00 || low >= 0xe000) return -1;
    *out = 0x10000 + ((*out - 0xd800) << 10) + (low - 0xdc00);
    return 4;
}

/* Bytes written to `out` (room for 4), -1 when the encoding has no such character. */
static int encode(encoding to, uint32_t character, uint8_t* out) {
    if (to == LATIN1) {
        if (character > 0xff) return -1;
        out[0] = (uint8_t)character;
        return 1;
    }
    if (to == UTF16LE) {
        uint32_t rest;
        if (character < 0x10000) return out[0] = (uint8_t)character, out[1] = (uint8_t)(character >> 8), 2;
        rest = character - 0x10000;
        out[0] = (uint8_t)(rest >> 10);
        out[1] = (uint8_t)(0xd8 | rest >> 18);
        out[2] = (uint8_t)rest;
        out[3] = (uint8_t)(0xdc | ((rest >> 8) & 3));
        return 4;
    }
    if (character < 0x80) return out[0] = (uint8_t)character, 1;
    if (character < 0x800) {
        out[0] = (uint8_t)(0xc0 | character >> 6);
        out[1] = (uint8_t)(0x80 | (character & 0x3f));
        return 2;
    }
    if (character < 0x10000) {
        out[0] = (uint8_t)(0xe0 | character >> 12);
        out[1] = (uint8_t)(0x80 | ((character >> 6) & 0x3f));
        out[2] = (uint8_t)(0x80 | (character & 0x3f));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | character >> 18);
    out[1] = (uint8_t)(0x80 | ((character >> 12) & 0x3f));
    out[2] = (uint8_t)(0x80 | ((character >> 6) & 0x3f));
    out[3] = (uint8_t)(0x80 | (character & 0x3f));
    return 4;
}

size_t iconv(iconv_t conversion, char** in, size_t* in_left, char** out, size_t* out_left) {
    if (!in || !*in) return 0;
    while (*in_left > 0) {
        const uint8_t* at = (const uint8_t*)*in;
        uint8_t bytes[4];
        uint32_t character = at[0]; /* LATIN1 */
        int used = conversion->from == UTF8      ? decode_utf8(at, *in_left, &character)
                   : conversion->from == UTF16LE ? decode_utf16(at, *in_left, &character)
                                                 : 1;
        int size = used > 0 ? encode(conversion->to, character, bytes) : 0;
        if (used <= 0 || size < 0) {
            errno = used == 0 ? EINVAL : EILSEQ;
            return (size_t)-1;
        }
        if ((size_t)size > *out_left) {
            errno = E2BIG;
            return (size_t)-1;
        }
        memcpy(*out, bytes, (size_t)size);
        *in += used, *in_left -= (size_t)used;
        *out += size, *out_left -= (size_t)size;
    }
    return 0;
}
