/* Character classes of ASCII, whatever the locale. */
#pragma once

static inline int c_isprint(int c) {
    return c >= 0x20 && c <= 0x7e;
}
static inline int c_toupper(int c) {
    return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}
