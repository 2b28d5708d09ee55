#include "cli/output.h"

namespace exhyperv::cli {
namespace {

void write(std::FILE* stream, std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stream);
    std::fflush(stream);
}

} // namespace

std::string error_text(const Error& error, const Ui& ui) {
    Error safe = error;
    for (auto& [name, value] : safe.args)
        value = printable(value);
    const auto parts = text::render_error(safe, ui.language);
    std::string out = paragraph("✗ ", parts.title, ui);
    if (ui.color) out = ui.paint(Tone::bad, "✗") + out.substr(std::string_view("✗").size());
    const auto add = [&](std::string_view label_key, const std::string& text) {
        if (!text.empty()) out += paragraph("  " + ui.text(label_key) + ' ', text, ui);
    };
    add("cli.error.why", parts.cause);
    if (!error.provider_text.empty()) add("cli.error.provider", printable(error.provider_text));
    add("cli.error.do", parts.remedy);
    if (ui.verbose) add("cli.error.technical", printable(parts.technical));
    return out;
}

void Output::print(std::string_view text) {
    if (!json_) write(out_, text);
}

void Output::line(std::string_view text) {
    print(std::string(text) + '\n');
}

void Output::notice(const Message& message, std::string_view code) {
    if (json_) {
        notices_.emplace_back(code, message);
        return;
    }
    std::string text = paragraph("! ", error_ui_.text(message), error_ui_);
    write(err_, error_ui_.paint(Tone::warn, "!") + text.substr(1));
}

void Output::aside(std::string_view text) {
    if (!json_) write(err_, std::string(text) + '\n');
}

void Output::error(const Error& error) {
    if (json_)
        error_ = error;
    else
        write(err_, error_text(error, error_ui_));
}

void Output::finish(std::string_view command, int exit_code) {
    if (!json_) return;
    write(out_, envelope_text({command, exit_code, ui_.language, std::move(result_), error_, notices_}));
}

} // namespace exhyperv::cli
