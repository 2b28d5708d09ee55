#include "cli/table.h"

#include "support/utf.h"

#include <algorithm>
#include <numeric>

namespace exhyperv::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8; // a column is not cut below this: nothing could be recognised any more

std::string cut(const std::string& text, std::size_t width) {
    if (display_width(text) <= width) return text;
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t next = at + 1;
        while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80)
            ++next;
        if (display_width(out) + display_width(std::string_view(text).substr(at, next - at)) + 1 > width) break;
        out.append(text, at, next - at);
        at = next;
    }
    return out + "…";
}

} // namespace

std::string Table::render(const Ui& ui) const {
    std::vector<std::size_t> widths(columns_.size());
    for (std::size_t c = 0; c < columns_.size(); ++c)
        widths[c] = display_width(columns_[c].title);
    std::vector<std::vector<Cell>> rows = rows_;
    for (auto& row : rows) {
        row.resize(columns_.size());
        for (std::size_t c = 0; c < row.size(); ++c) {
            row[c].text = printable(row[c].text);
            widths[c] = std::max(widths[c], display_width(row[c].text));
        }
    }

    const auto available = static_cast<std::size_t>(std::max(ui.width, 40));
    const auto total = [&] {
        return std::accumulate(widths.begin(), widths.end(), std::size_t{0}) + kGap * (widths.size() - 1);
    };
    while (total() > available) {
        std::size_t widest = columns_.size();
        for (std::size_t c = 0; c < columns_.size(); ++c)
            if (!columns_[c].never_cut && widths[c] > kNarrowest &&
                (widest == columns_.size() || widths[c] > widths[widest]))
                widest = c;
        if (widest == columns_.size()) break; // wider than the terminal, but whole
        --widths[widest];
    }

    std::string out;
    const auto write = [&](std::size_t c, const std::string& text, Tone tone, bool last) {
        const std::string shown = cut(text, widths[c]);
        const std::string space(widths[c] - std::min(widths[c], display_width(shown)), ' ');
        if (columns_[c].right) out += space;
        out += ui.paint(tone, shown);
        if (!columns_[c].right && !last) out += space;
        out += last ? "\n" : std::string(kGap, ' ');
    };
    for (std::size_t c = 0; c < columns_.size(); ++c)
        write(c, columns_[c].title, Tone::strong, c + 1 == columns_.size());
    for (const auto& row : rows)
        for (std::size_t c = 0; c < row.size(); ++c)
            write(c, row[c].text, row[c].tone, c + 1 == row.size());
    return out;
}

void Fields::add(std::string label, std::string value, Tone tone) {
    fields_.push_back({std::move(label), printable(value), tone});
}

std::string Fields::render(const Ui& ui, std::size_t indent) const {
    std::size_t width = 0;
    for (const Field& field : fields_)
        width = std::max(width, display_width(field.label));
    const std::size_t start = indent + width + kGap;
    const std::size_t room =
        std::max<std::size_t>(static_cast<std::size_t>(std::max(ui.width, 40)), start + 20) - start;
    std::string out;
    for (const Field& field : fields_) {
        out += std::string(indent, ' ') + ui.paint(Tone::faint, pad(field.label, width)) + std::string(kGap, ' ');
        bool first = true;
        for (const std::string& line : wrap(field.value, room)) {
            if (!first) out += std::string(start, ' ');
            out += ui.paint(field.tone, line) + '\n';
            first = false;
        }
    }
    return out;
}

} // namespace exhyperv::cli
