#include "drivers/guest_layout.h"
#include "drivers/guest_paths.h"
#include "drivers/guest_state.h"
#include "drivers/import.h"
#include "drivers/import_manifest.h"
#include "drivers/removal.h"
#include "drivers/source_reader.h"
#include "support/strings.h"

#include <fmt/format.h>

#include <algorithm>

namespace exhyperv::drivers {

namespace {

constexpr std::uint32_t kFileAttributes = guest::kReadOnly | guest::kArchive;

std::string mebibytes(std::uint64_t bytes) {
    return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1u << 20));
}

/// Which of the plan's entries are bytes from the host, in reading order: package files first, then copies in System32.
struct Job {
    bool link = false;
    std::size_t index = 0;
};

class Importer {
  public:
    Importer(guest::GuestDisk& disk, const ImportPlan& plan, host::HostFiles& files, const ProgressSink& progress,
             const CallContext& context)
        : disk_(disk), plan_(plan), files_(files), progress_(progress), context_(context),
          layout_(layout_of(disk.volume().kind())), state_(disk.volume(), context), remover_(disk.volume()) {}

    Result<ImportReport> run() {
        for (const auto& directory : plan_.new_directories)
            TRY(volume().make_directories(directory));
        TRY(write_data());
        TRY(make_links());
        TRY(remove_old());
        for (const auto& planned : plan_.configs)
            if (!planned.present) TRY(write_config(volume(), planned.config));
        TRY(write_values());
        TRY(make_read_only());
        report_.manifest = manifest_after(plan_, outcome_);
        TRY(write_manifest_file(volume(), report_.manifest));
        report_.files_kept = plan_.count(FileAction::keep);
        report_.files_removed = remover_.files_removed;
        report_.warnings.insert(report_.warnings.end(), remover_.warnings.begin(), remover_.warnings.end());
        return std::move(report_);
    }

  private:
    guest::GuestVolume& volume() { return disk_.volume(); }

    std::string host_path(const PlannedFile& file) const {
        return join_path(plan_.drivers.packages[file.package].directory, file.path);
    }

    SourceItem source_item(const std::string& path, std::uint64_t size) {
        SourceItem item{{}, size, {}};
        if (auto local = files_.local_path(path); local) {
            item.path = std::move(*local);
        } else {
            item.problem = std::move(local).error();
        }
        return item;
    }

    Result<> write_data() {
        std::vector<Job> jobs;
        std::vector<SourceItem> items;
        for (std::size_t i = 0; i < plan_.files.size(); ++i) {
            const auto& file = plan_.files[i];
            if (file.action != FileAction::add && file.action != FileAction::replace) continue;
            jobs.push_back({false, i});
            items.push_back(source_item(host_path(file), file.size));
        }
        for (std::size_t i = 0; i < plan_.links.size(); ++i) {
            const auto& link = plan_.links[i];
            if (!link.link.copy || (link.action != FileAction::add && link.action != FileAction::replace)) continue;
            jobs.push_back({true, i});
            items.push_back(source_item(link.host_path, link.link.size));
        }
        if (jobs.empty()) return {};
        SourceReader reader(std::move(items));
        for (std::size_t i = 0; i < jobs.size(); ++i) {
            TRY(context_.check("importing driver files"));
            TRY(jobs[i].link ? write_copy(jobs[i].index, i, reader) : write_file(jobs[i].index, i, reader));
        }
        return {};
    }

    /// One file that cannot be read costs itself, not the import; without a kernel driver there is no point in going
    /// on.
    Result<> source_failed(const std::string& path, bool essential, const Error& why) {
        if (why.code == "call.cancelled" || why.code == "call.timeout") return fail(why);
        if (essential) {
            auto error =
                Error{"drivers.essential_file", {{"path", path}}, why.native, why.provider_text, describe(why)};
            return fail(std::move(error));
        }
        report_.failed_files.push_back(path);
        report_.warnings.push_back({"drivers.warn.file_unreadable", {{"path", path}, {"reason", why.code}}});
        return {};
    }

    /// Puts a file into the guest. An error inside the answer: the source failed; a new file leaves nothing behind
    /// then, a replaced one its old content.
    Result<std::optional<Error>> put(const std::string& path, const guest::NewFile& file, SourceReader& reader,
                                     const std::string& shown, bool replace) {
        const auto start = done_;
        const guest::ByteSource source = [&](std::span<std::byte> out) -> Result<std::size_t> {
            TRY(context_.check("importing driver files"));
            TRY_ASSIGN(const auto count, reader.read(out));
            done_ += count;
            if (progress_) progress_({done_, plan_.bytes_to_write, shown});
            return count;
        };
        auto written = replace ? volume().replace(path, file, source) : volume().write_new(path, file, source);
        if (written) return std::optional<Error>();
        if (!reader.failed()) return fail(std::move(written).error());
        if (!replace) {
            TRY_ASSIGN(const auto partial, volume().stat(path));
            if (partial) TRY(volume().remove(path));
        }
        done_ = start + file.size;
        return std::optional<Error>(std::move(written).error());
    }

    Result<> write_file(std::size_t index, std::size_t item, SourceReader& reader) {
        const auto& file = plan_.files[index];
        const auto shown = host_path(file);
        if (auto begun = reader.begin(item, context_); !begun) {
            outcome_.failed.insert(index);
            done_ += file.size;
            return source_failed(shown, file.essential, begun.error());
        }
        std::string backup = known_backup(file);
        const bool aside = file.action == FileAction::replace && file.foreign;
        if (aside) {
            TRY_ASSIGN(backup, state_.free_backup_name(file.guest_path));
            TRY(volume().rename(file.guest_path, join_path(parent_path(file.guest_path), backup)));
        }
        TRY_ASSIGN(auto problem, put(file.guest_path, {file.size, kFileAttributes, file.modified, true}, reader, shown,
                                     file.action == FileAction::replace && !aside));
        if (problem) {
            outcome_.failed.insert(index);
            if (aside) TRY(volume().rename(join_path(parent_path(file.guest_path), backup), file.guest_path));
            return source_failed(shown, file.essential, *problem);
        }
        outcome_.written[index] = {file.path, file.size, file.modified, reader.hash(), backup, false};
        ++report_.files_written;
        report_.bytes_written += file.size;
        return {};
    }

    Result<> write_copy(std::size_t index, std::size_t item, SourceReader& reader) {
        const auto& planned = plan_.links[index];
        const auto& shown = planned.host_path;
        if (auto begun = reader.begin(item, context_); !begun) {
            done_ += planned.bytes;
            keep_known_link(index);
            return source_failed(shown, false, begun.error());
        }
        TRY(make_room(planned));
        TRY_ASSIGN(auto problem,
                   put(planned.link.path, {planned.link.size, guest::kArchive, planned.link.modified, true}, reader,
                       shown, false));
        if (problem) {
            if (planned.move_aside) TRY(volume().rename(backup_path(planned), planned.link.path));
            return source_failed(shown, false, *problem);
        }
        auto& link = outcome_.links[index] = planned.link;
        link.hash = reader.hash();
        ++report_.links_made;
        report_.bytes_written += planned.link.size;
        return {};
    }

    Result<> make_links() {
        for (std::size_t i = 0; i < plan_.links.size(); ++i) {
            const auto& planned = plan_.links[i];
            if (planned.action == FileAction::remove) {
                TRY(remover_.link(planned.link, plan_.options.host_copy ? &*plan_.options.host_copy : nullptr));
            } else if (planned.action == FileAction::keep) {
                outcome_.links[i] = planned.link;
            } else if (!planned.link.copy) {
                TRY(context_.check("making links"));
                if (source_is_missing(planned)) { // a link to nothing would hide the guest's own file
                    keep_known_link(i);
                    continue;
                }
                TRY(make_room(planned));
                TRY(planned.link.directory ? volume().make_junction(planned.link.path, planned.link.target)
                                           : volume().make_symlink(planned.link.path, planned.link.target, false));
                outcome_.links[i] = planned.link;
                ++report_.links_made;
            }
        }
        return {};
    }

    Result<> make_room(const PlannedLink& planned) {
        if (planned.move_aside) return volume().rename(planned.link.path, backup_path(planned));
        if (planned.action == FileAction::replace) return volume().remove(planned.link.path);
        return {};
    }

    Result<> remove_old() {
        for (const auto& file : plan_.files) {
            if (file.action != FileAction::remove) continue;
            const auto& folder = plan_.drivers.packages[file.package].folder;
            if (const auto* listed = known_file(folder, file.path)) TRY(remover_.file(folder, *listed));
        }
        std::uint64_t removed = 0;
        std::vector<std::string> directories;
        for (const auto& folder : plan_.retired_packages) {
            TRY(context_.check("removing the older driver"));
            const auto* package = plan_.before.package(folder);
            if (package != nullptr) TRY(remover_.package(*package, {}, removed, 0));
            const auto root = package_root(layout_, folder);
            for (const auto& path : plan_.before.created_directories)
                if (iequals(path, root) || is_inside(path, root)) directories.push_back(path);
        }
        TRY_ASSIGN(const auto left, remover_.directories(directories));
        for (const auto& path : directories)
            if (std::ranges::find(left, path) == left.end()) outcome_.removed_directories.insert(path);
        return {};
    }

    Result<> write_values() {
        if (plan_.registry.edits.empty()) return {};
        TRY_ASSIGN(auto hive, disk_.read_hive("SYSTEM"));
        TRY_ASSIGN(const auto applied, hive.apply(plan_.registry.edits));
        if (applied == 0) return {};
        report_.values_changed = plan_.registry.values_to_change(); // keys that are made for them are no values
        return disk_.write_hive("SYSTEM", hive);
    }

    /// Everything under HostDriverStore is read-only, or the guest's driver service loses files; WSL has it so too.
    Result<> make_read_only() {
        for (const auto& path : plan_.new_directories)
            if (iequals(path, layout_.store) || is_inside(path, layout_.store))
                TRY(volume().set_attributes(path, guest::kDirectory | guest::kReadOnly));
        for (const auto& entry : plan_.attributes)
            TRY(volume().set_attributes(entry.path, entry.before | guest::kReadOnly));
        return {};
    }

    static std::string backup_path(const PlannedLink& planned) {
        return join_path(parent_path(planned.link.path), planned.link.backup);
    }
    const ManifestFile* known_file(const std::string& folder, const std::string& path) const {
        const auto* package = plan_.before.package(folder);
        if (package == nullptr) return nullptr;
        const auto found =
            std::ranges::find_if(package->files, [&](const auto& file) { return iequals(file.path, path); });
        return found == package->files.end() ? nullptr : &*found;
    }
    std::string known_backup(const PlannedFile& file) const {
        const auto* known = known_file(plan_.drivers.packages[file.package].folder, file.path);
        return known == nullptr ? std::string() : known->backup;
    }
    bool source_is_missing(const PlannedLink& planned) const {
        return std::ranges::any_of(outcome_.failed, [&](std::size_t index) {
            const auto& file = plan_.files[index];
            return file.package == planned.package && iequals(file.path, planned.source) &&
                   file.action == FileAction::add;
        });
    }
    void keep_known_link(std::size_t index) {
        for (const auto& link : plan_.before.links)
            if (iequals(link.path, plan_.links[index].link.path)) outcome_.links[index] = link;
    }

    guest::GuestDisk& disk_;
    const ImportPlan& plan_;
    host::HostFiles& files_;
    const ProgressSink& progress_;
    const CallContext& context_;
    const GuestLayout& layout_;
    GuestState state_;
    Remover remover_;
    ImportOutcome outcome_;
    std::uint64_t done_ = 0;
    ImportReport report_;
};

} // namespace

Result<ImportReport> run_import(guest::GuestDisk& disk, const ImportPlan& plan, host::HostFiles& files,
                                const ProgressSink& progress, const CallContext& context) {
    if (plan.nothing_to_do()) {
        ImportReport report;
        report.files_kept = plan.count(FileAction::keep);
        report.manifest = plan.before;
        return report;
    }
    if (!plan.enough_space())
        return fail(
            "drivers.no_space",
            {{"disk", plan.disk}, {"needed", mebibytes(plan.space_needed)}, {"free", mebibytes(plan.space_free)}});
    return Importer(disk, plan, files, progress, context).run();
}

} // namespace exhyperv::drivers
