#pragma once

#include "cli/invocation.h"

#include <vector>

namespace exhyperv::cli {

/// A command that tells more about what was just done, and what it shows.
struct NextCommand {
    std::string line;
    std::string_view help; ///< catalogue key
};

struct ChangeTexts {
    std::string_view question;     ///< asked before anything is touched
    std::string_view nothing;      ///< why nothing is to be done
    std::vector<NextCommand> look; ///< offered when it is done
};

/// Shows a plan and, unless --dry-run, asks, executes and reports: the one way every change takes on the command line.
Result<ExitCode> carry_out(Invocation& call, const assign::Plan& plan, const ChangeTexts& texts);

/// The end of an operation: what was read back, or what failed and what became of the steps before it.
ExitCode report_outcome(Invocation& call, const assign::Plan& plan, const assign::OperationResult& result,
                        const ChangeTexts& texts, std::chrono::milliseconds took);

/// What --shutdown and --turn-off say; both at once are refused. Errors: cli.contradiction.
[[nodiscard]] Result<assign::PowerPolicy> power_policy(const Arguments& arguments);
/// The options that choose a guest's Windows and how a running VM is treated, and --dry-run.
inline constexpr OptionSpec kShutdownOption{.name = "--shutdown", .help = "cli.opt.shutdown"};
inline constexpr OptionSpec kTurnOffOption{.name = "--turn-off", .help = "cli.opt.turn_off"};
inline constexpr OptionSpec kDryRunOption{.name = "--dry-run", .help = "cli.opt.dry_run"};
inline constexpr OptionSpec kDiskOption{
    .name = "--disk", .value = "IMAGE", .help = "cli.opt.disk", .offer = Offer::file};
inline constexpr OptionSpec kPartitionOption{.name = "--partition", .value = "NUMBER", .help = "cli.opt.partition"};

/// Who writes into a guest's disk.
inline constexpr std::string_view kEngineChoices[] = {"direct", "windows"};
inline constexpr OptionSpec kEngineOption{.name = "--engine",
                                          .value = "ENGINE",
                                          .help = "cli.opt.engine",
                                          .offer = Offer::choices,
                                          .choices = kEngineChoices};
[[nodiscard]] std::optional<guest::Engine> engine_wish(const Arguments& arguments);

/// The options that bring more into a guest than its card needs, or take that back.
inline constexpr OptionSpec kExtraOption{
    .name = "--extra", .value = "SOURCE[=TARGET]", .help = "cli.opt.extra", .offer = Offer::file, .many = true};
inline constexpr OptionSpec kFullStoreOption{.name = "--full-store", .help = "cli.opt.full_store"};
inline constexpr OptionSpec kVendorFoldersOption{.name = "--vendor-folders", .help = "cli.opt.vendor_folders"};
inline constexpr OptionSpec kOnlyNeededOption{.name = "--only-needed", .help = "cli.opt.only_needed"};
[[nodiscard]] drivers::ScopeWish scope_wish(const Arguments& arguments);

} // namespace exhyperv::cli
