#include "cli/views/progress_line.h"

#include "support/utf.h"
#include "text/quantity.h"

#include <fmt/format.h>

#include <algorithm>

namespace exhyperv::cli {
namespace {

constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr auto kSayAgain = std::chrono::seconds(10);
constexpr std::size_t kBar = 24;

std::string amount(std::uint64_t value, bool bytes) {
    return bytes ? text::format_size(value) : text::format_count(value);
}

unsigned percent_of(const Progress& progress) {
    const double share = static_cast<double>(progress.done) / static_cast<double>(progress.total);
    return static_cast<unsigned>(std::min(share, 1.0) * 100);
}

std::string bar(unsigned percent, const Ui& ui) {
    const std::size_t full = kBar * percent / 100;
    std::string done, open;
    for (std::size_t i = 0; i < full; ++i)
        done += "━";
    for (std::size_t i = full; i < kBar; ++i)
        open += "─";
    return ui.paint(Tone::accent, done) + ui.paint(Tone::faint, open);
}

} // namespace

std::string progress_text(const std::string& title, const Progress& progress, const RateMeter& rate, bool bytes,
                          std::size_t width, const Ui& ui) {
    if (progress.total == 0) {
        std::string text =
            title + "  " + (progress.done > 0 ? amount(progress.done, bytes) + "  " : "") + printable(progress.item);
        return wrap(text, width).front();
    }
    const unsigned percent = percent_of(progress);
    std::string tail =
        fmt::format(" {:>3}%  {} / {}", percent, amount(progress.done, bytes), amount(progress.total, bytes));
    if (const auto speed = rate.per_second(); speed && bytes)
        tail += "  " + text::format_size(static_cast<std::uint64_t>(*speed)) + "/s";
    if (const auto left = rate.left(progress.total))
        tail += "  " + ui.text("cli.progress.left", {{"time", text::format_duration(*left, ui.language)}});
    const std::size_t needed = display_width(title) + 2 + kBar + display_width(tail);
    // On a narrow terminal the title goes first: it stands above already.
    const std::string head = needed <= width && !title.empty() ? title + "  " : std::string();
    if (kBar + display_width(tail) > width) return wrap(tail, width).front();
    return head + bar(percent, ui) + tail;
}

ProgressLine::ProgressLine(Output& output, std::string title, std::size_t indent, bool bytes)
    : output_(output), title_(std::move(title)), indent_(indent), bytes_(bytes),
      last_said_(std::chrono::steady_clock::now()) {}

void ProgressLine::update(const Progress& progress) {
    if (output_.json()) return;
    const auto now = std::chrono::steady_clock::now();
    rate_.add(now, progress.done);
    if (output_.live()) {
        if (now - last_drawn_ < kRedraw) return;
        last_drawn_ = now;
        draw(progress);
    } else if (progress.total > 0 && now - last_said_ >= kSayAgain) {
        last_said_ = now;
        output_.line(std::string(indent_, ' ') + progress_text("", progress, rate_, bytes_, 80, output_.ui()));
    }
}

void ProgressLine::draw(const Progress& progress) {
    const Ui& ui = output_.ui();
    const std::size_t width = static_cast<std::size_t>(std::max(ui.width, 40)) - 1; // the last column would wrap
    output_.print("\r\x1b[2K" + std::string(indent_, ' ') +
                  progress_text(title_, progress, rate_, bytes_, width - std::min(width, indent_), ui));
    visible_ = true;
}

void ProgressLine::clear() {
    if (visible_) output_.print("\r\x1b[2K");
    visible_ = false;
}

} // namespace exhyperv::cli
