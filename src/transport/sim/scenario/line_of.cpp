#include "transport/sim/scenario/reader.h"

#include "support/strings.h"

namespace exhyperv::sim {

namespace {

/// Walks valid JSON text once, along one pointer, and counts lines.
class LineFinder {
  public:
    explicit LineFinder(std::string_view text) : text_(text) {}

    std::size_t find(std::string_view pointer) {
        space();
        auto found = line_;
        while (!pointer.empty()) {
            auto slash = pointer.find('/', 1);
            auto step = pointer.substr(1, slash == pointer.npos ? pointer.npos : slash - 1);
            pointer = slash == pointer.npos ? std::string_view() : pointer.substr(slash);
            if (!enter(step, found)) break;
        }
        return found;
    }

  private:
    [[nodiscard]] bool done() const { return at_ >= text_.size(); }
    [[nodiscard]] char now() const { return done() ? '\0' : text_[at_]; }
    void next() {
        if (now() == '\n') ++line_;
        ++at_;
    }
    void space() {
        while (!done() && (now() == ' ' || now() == '\t' || now() == '\r' || now() == '\n'))
            next();
    }
    std::string_view string() {
        auto start = ++at_;
        while (!done() && now() != '"')
            at_ += now() == '\\' ? 2 : 1;
        auto end = std::min(at_, text_.size());
        ++at_;
        return text_.substr(start, end - start);
    }
    /// Over one value, whatever it is.
    void skip() {
        int depth = 0;
        do {
            space();
            if (done()) return;
            if (now() == '"')
                string();
            else if (now() == '{' || now() == '[')
                ++depth, next();
            else if (now() == '}' || now() == ']')
                --depth, next();
            else if (depth > 0)
                next();
            else
                while (!done() && now() != ',' && now() != '}' && now() != ']' && now() != '\n' && now() != ' ')
                    next();
        } while (depth > 0 && !done());
    }
    /// Into the member or element `step` of the value at hand; `found` becomes its line.
    bool enter(std::string_view step, std::size_t& found) {
        const auto object = now() == '{';
        if (!object && now() != '[') return false;
        next();
        for (std::size_t index = 0; !done(); ++index) {
            space();
            if (now() == '}' || now() == ']') return false;
            auto line = line_;
            bool hit = !object && parse_u64(step) == index;
            if (object) {
                hit = string() == step;
                space();
                next(); // ':'
                space();
            }
            if (hit) {
                found = line;
                return true;
            }
            skip();
            space();
            if (now() == ',') next();
        }
        return false;
    }

    std::string_view text_;
    std::size_t at_ = 0, line_ = 1;
};

} // namespace

std::size_t line_of(std::string_view text, std::string_view pointer) {
    return LineFinder(text).find(pointer);
}

} // namespace exhyperv::sim
