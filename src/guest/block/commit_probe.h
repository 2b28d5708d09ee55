#pragma once

#include <functional>
#include <string_view>

namespace exhyperv::guest::testing {

/// Called at each named point of a commit, so that tests can end the process there: "transaction.data_flushed",
/// "transaction.journal_half_written", "transaction.journal_written", "transaction.journal_flushed",
/// "transaction.page_written", "transaction.pages_flushed", "transaction.journal_removed", "vhdx.session_started",
/// "vhdx.log_written", "vhdx.log_marked", "vhdx.page_applied", "vhdx.log_applied", "vhdx.log_cleared".
using CommitProbe = std::function<void(std::string_view point)>;

/// Replaces the probe of the process; an empty one turns it off. Not to be called while a commit runs.
void set_commit_probe(CommitProbe probe);
void reached(std::string_view point);

} // namespace exhyperv::guest::testing
