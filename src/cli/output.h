#pragma once

#include "cli/document.h"
#include "cli/ui.h"
#include "support/error.h"

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::cli {

/// Where a command's words go. For people: results on standard output, notices and errors on standard error. With
/// --json: one document on standard output at the end, whatever happened; nothing else anywhere.
class Output {
  public:
    Output(std::FILE* out, std::FILE* err, Ui ui, Ui error_ui, bool json, bool live)
        : out_(out), err_(err), ui_(ui), error_ui_(error_ui), json_(json), live_(live) {}

    [[nodiscard]] const Ui& ui() const { return ui_; }
    [[nodiscard]] bool json() const { return json_; }
    [[nodiscard]] bool live() const {
        return live_ && !json_;
    } ///< standard output is a terminal that can redraw a line
    [[nodiscard]] std::FILE* stream() const { return out_; }

    void print(std::string_view text); ///< as it is; nothing with --json
    void line(std::string_view text = {});
    /// To standard error: something the user should know besides the result. In the JSON document: `notices`.
    void notice(const Message& message, std::string_view code);
    /// To standard error: what goes on meanwhile; nothing with --json.
    void aside(std::string_view text);
    void error(const Error& error); ///< at most one ends a command; in the JSON document: `error`
    /// The command's result for programs; the last one counts.
    void result(Document document) { result_ = std::move(document); }
    /// Another process has taken over and writes the JSON document, if one is due, to the same place.
    void leave_to_another() { json_ = false; }
    /// Writes the JSON document, if one is due. To be called once, last.
    void finish(std::string_view command, int exit_code);

  private:
    std::FILE* out_;
    std::FILE* err_;
    Ui ui_, error_ui_;
    bool json_, live_;
    Document result_;
    std::optional<Error> error_;
    std::vector<std::pair<std::string, Message>> notices_;
};

/// An error as people read it: what happened, why, what to do; technical details when `ui.verbose`.
[[nodiscard]] std::string error_text(const Error& error, const Ui& ui);

} // namespace exhyperv::cli
