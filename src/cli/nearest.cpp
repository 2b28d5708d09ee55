#include "cli/parser.h"

#include "support/strings.h"

#include <algorithm>
#include <numeric>

namespace exhyperv::cli {
namespace {

/// Letters to insert, delete or change; swapped neighbours count as two.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
        }
    }
    return row[b.size()];
}

} // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
    if (word.size() > 64) return {};
    const std::string lower = ascii_lower(word);
    const std::size_t tolerated = word.size() <= 3 ? 1 : word.size() <= 6 ? 2 : 3;
    std::string best;
    std::size_t best_distance = tolerated + 1;
    for (const std::string& candidate : known) {
        const std::size_t distance = edit_distance(lower, ascii_lower(candidate));
        if (distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

} // namespace exhyperv::cli
