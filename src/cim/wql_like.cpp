#include "cim/wql.h"
#include "support/strings.h"
#include "support/utf.h"

namespace exhyperv::cim::wql {
namespace {

/// Where the bracket set that starts at `at` ends (behind its ]), or `at` when it is not a set but a plain bracket.
std::size_t set_end(std::u16string_view pattern, std::size_t at) {
    std::size_t i = at + 1;
    if (i < pattern.size() && (pattern[i] == u'^' || pattern[i] == u'!')) ++i;
    const std::size_t first = i;
    while (i < pattern.size() && (pattern[i] != u']' || i == first))
        ++i;
    return i < pattern.size() ? i + 1 : at;
}

bool in_set(std::u16string_view set, char16_t c) { // set: what stands between the brackets
    const bool negated = !set.empty() && (set.front() == u'^' || set.front() == u'!') && set.size() > 1;
    if (negated) set.remove_prefix(1);
    bool found = false;
    for (std::size_t i = 0; i < set.size() && !found; ++i) {
        if (i + 2 < set.size() && (set[i + 1] == u'-' || set[i + 1] == u'=')) { // WMI writes ranges both ways
            found = c >= set[i] && c <= set[i + 2];
            i += 2;
        } else {
            found = set[i] == c;
        }
    }
    return found != negated;
}

} // namespace

bool like(std::string_view text, std::string_view pattern) {
    const std::u16string t = to_utf16(ascii_lower(text)), p = to_utf16(ascii_lower(pattern));
    // One backtracking point suffices for wildcards: a later % makes every earlier choice irrelevant.
    std::size_t ti = 0, pi = 0, star = std::u16string::npos, retry = 0;
    while (ti < t.size()) {
        bool one = false;
        std::size_t next = pi;
        if (pi < p.size()) {
            if (p[pi] == u'%') {
                star = pi++;
                retry = ti;
                continue;
            }
            const std::size_t end = p[pi] == u'[' ? set_end(p, pi) : pi;
            if (end != pi) {
                one = in_set(std::u16string_view(p).substr(pi + 1, end - pi - 2), t[ti]);
                next = end;
            } else {
                one = p[pi] == u'_' || p[pi] == t[ti];
                next = pi + 1;
            }
        }
        if (one) {
            pi = next;
            ++ti;
        } else if (star != std::u16string::npos) {
            pi = star + 1;
            ti = ++retry;
        } else {
            return false;
        }
    }
    while (pi < p.size() && p[pi] == u'%')
        ++pi;
    return pi == p.size();
}

} // namespace exhyperv::cim::wql
