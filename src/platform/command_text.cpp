#include "platform/command_text.h"

namespace exhyperv::platform {

namespace {

void append_quoted(std::string& out, const std::string& word) {
    out += '"';
    std::size_t backslashes = 0;
    for (const char c : word) {
        if (c == '\\') {
            ++backslashes;
        } else {
            if (c == '"') out.append(backslashes + 1, '\\'); // one more each, and one for the quote
            backslashes = 0;
        }
        out += c;
    }
    out.append(backslashes, '\\'); // before the closing quote they count double
    out += '"';
}

} // namespace

std::string command_text(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) {
        if (!out.empty()) out += ' ';
        if (!word.empty() && word.find_first_of(" \t\n\v\"") == std::string::npos)
            out += word;
        else
            append_quoted(out, word);
    }
    return out;
}

} // namespace exhyperv::platform
