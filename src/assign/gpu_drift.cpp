#include "assign/gpu_drift.h"

#include "assign/core/json_fields.h"
#include "assign/core/scope_json.h"
#include "assign/guest_choice.h"
#include "assign/preflight/survey.h"
#include "assign/state/guest_record.h"
#include "drivers/held_files.h"
#include "drivers/import_manifest.h"
#include "drivers/linux_guest.h"
#include "drivers/scope.h"
#include "hyperv/lookup.h"
#include "platform/file.h"
#include "support/strings.h"

#include <algorithm>
#include <map>

namespace exhyperv::assign {

namespace {

using Source = DriftRow::Source;

/// A guest's manifest and where it was read.
struct GuestSide {
    Source source = Source::nothing;
    std::string disk;
    std::uint32_t partition = 0;
    drivers::Manifest manifest;
    std::optional<drivers::Manifest> host_copy; ///< what this host believes
    std::optional<Error> problem;
};

class DriftReader {
  public:
    DriftReader(const Environment& environment, const Survey& survey, const CallContext& context)
        : environment_(environment), survey_(survey), context_(context) {}

    Result<> add(const model::Vm& vm) {
        std::vector<GuestRecord> records;
        std::optional<Error> problem;
        if (auto read = guest_records(environment_.state_directory, vm.id))
            records = std::move(*read);
        else
            problem = read.error();
        std::vector<std::string> cards; // of partitions, then of records
        const auto want = [&](const std::string& card) {
            const auto same = [&](const std::string& known) { return iequals(known, card); };
            if (!card.empty() && std::ranges::none_of(cards, same)) cards.push_back(card);
        };
        for (const auto& partition : survey_.partitions_of(vm.id))
            want(model::instance_path_of_interface(partition.gpu_interface_path));
        const auto held = cards.size();
        for (const auto& record : records)
            want(record.card);
        for (std::size_t i = 0; i < cards.size(); ++i) {
            TRY(context_.check("comparing drivers"));
            DriftRow row;
            row.vm = vm.id;
            row.vm_name = vm.name;
            row.state = vm.state;
            row.card = cards[i];
            row.has_partition = i < held;
            row.problem = problem;
            bool recorded = false; // a row for each system of the VM that has the card's driver
            for (const GuestRecord& record : records)
                if (iequals(record.card, cards[i])) {
                    TRY(add_row(vm, &record, row));
                    recorded = true;
                }
            if (!recorded) TRY(add_row(vm, nullptr, row));
        }
        return {};
    }

    std::vector<DriftRow> rows;

  private:
    Result<> add_row(const model::Vm& vm, const GuestRecord* record, DriftRow row) {
        TRY(fill(vm, record, row));
        if (lags(row) || is_orphan(row)) row.waiting = waiting_of(vm.id);
        rows.push_back(std::move(row));
        return {};
    }

    /// A record that cannot be read is the server's problem, not a reason to hide the driver's state.
    [[nodiscard]] std::optional<WaitingGuest> waiting_of(const Guid& vm) const {
        return waiting_guest(environment_.state_directory, vm).value_or(std::nullopt);
    }

    Result<> fill(const model::Vm& vm, const GuestRecord* record, DriftRow& row) {
        const auto& side = vm.state == model::VmState::off ? guest_side(vm, record) : remembered_side(vm, record);
        row.source = side.source;
        row.disk = side.disk;
        row.partition = side.partition;
        if (side.problem && !row.problem) row.problem = side.problem;
        row.card_name = row.card;
        if (const auto* known = side.manifest.card(row.card)) row.card_name = known->name;
        for (const auto& gpu : survey_.gpus)
            if (iequals(gpu.instance_path, row.card)) row.card_name = gpu.name;

        const auto& host = drivers_of(row.card);
        if (!host) {
            if (host.error().code.starts_with("call.")) return fail(host.error());
            row.problem = host.error();
            if (const auto* known = side.manifest.card(row.card)) {
                row.drift.guest_version = known->driver_version;
                row.drift.since = known->imported_at;
            }
            return {};
        }
        row.on_host = true;
        auto manifest = side.manifest;
        (void)drivers::adopt_image_card(manifest, *host); // an image prepared without a host knows the card by its id
        auto& files = environment_.host.files();
        auto fitted = drivers::fit_to_guest(*host, manifest.volume, files, context_);
        if (!fitted) return fail(std::move(fitted).error());
        const auto scope = drivers::remembered_scope(manifest, side.host_copy ? &*side.host_copy : nullptr, row.card);
        if (scope.plain()) {
            row.drift = drivers::compare(manifest, *fitted);
            return {};
        }
        const auto& scoped = scoped_drivers(*fitted, manifest.volume, scope);
        if (!scoped) {
            if (scoped.error().code.starts_with("call.")) return fail(scoped.error());
            row.problem = scoped.error();
        }
        row.drift = drivers::compare(manifest, scoped ? *scoped : *fitted);
        return {};
    }

    /// With what the guest was given besides; looked up once for guests that were given the same.
    const Result<drivers::ResolvedDrivers>& scoped_drivers(const drivers::ResolvedDrivers& drivers,
                                                           guest::VolumeKind volume,
                                                           const drivers::ImportScope& scope) {
        const drivers::ScopeWish wish{false, scope.full_store, scope.vendor_folders, scope.extras};
        const auto key = drivers.instance_path + one_line(scope_to_json(wish)) + (scope.complete ? "" : "+") +
                         (volume == guest::VolumeKind::ext4 ? " linux" : "");
        auto found = scoped_.find(key);
        if (found == scoped_.end()) {
            auto with = [&]() -> Result<drivers::ResolvedDrivers> {
                auto copy = drivers;
                TRY(drivers::add_scope(copy, scope, environment_.host.files(), context_));
                return copy;
            }();
            found = scoped_.emplace(key, std::move(with)).first;
        }
        return found->second;
    }

    /// Each card's packages are looked up once, however many VMs have it.
    const Result<drivers::ResolvedDrivers>& drivers_of(const std::string& card) {
        auto found = drivers_.find(card);
        if (found == drivers_.end()) {
            auto& host = environment_.host;
            found = drivers_.emplace(card, drivers::resolve(host.registry(), host.files(), card, context_)).first;
        }
        return found->second;
    }

    static std::string key_of(const model::Vm& vm, const GuestRecord* record) {
        return vm.id.str() + (record ? record->place.disk + "#" + std::to_string(record->place.partition) : "");
    }

    const GuestSide& guest_side(const model::Vm& vm, const GuestRecord* record) {
        const auto key = key_of(vm, record);
        if (const auto known = sides_.find(key); known != sides_.end()) return known->second;
        GuestSide side;
        if (const auto read = read_guest(vm, record, side); !read) {
            // What was put there once is better than nothing, and said to be that.
            side = record ? remembered(vm, *record) : GuestSide{};
            side.problem = read.error();
        }
        return sides_[key] = std::move(side);
    }

    Result<> read_guest(const model::Vm& vm, const GuestRecord* record, GuestSide& side) const {
        std::string local;
        if (record) {
            side.disk = record->place.disk;
            side.partition = record->place.partition;
            TRY_ASSIGN(local, environment_.host.files().local_path(side.disk));
        } else {
            TRY_ASSIGN(const auto choice, choose_guest(environment_.host, vm, std::nullopt, 0));
            side.disk = choice.disk;
            side.partition = choice.windows.partition;
            local = choice.local_path;
        }
        TRY_ASSIGN(const auto disk, guest::GuestDisk::open(local, {false, side.partition}));
        TRY_ASSIGN(auto manifest, drivers::read_manifest(disk->volume()));
        side.source = Source::guest;
        if (manifest) side.manifest = std::move(*manifest);
        TRY(drivers::drop_lost_files(side.manifest, disk->volume(), context_)); // a list is no proof of the files
        if (record)
            if (auto copy =
                    drivers::read_manifest_copy(manifest_copy_path(environment_.state_directory, vm.id, record->place)))
                side.host_copy = std::move(*copy);
        return {};
    }

    const GuestSide& remembered_side(const model::Vm& vm, const GuestRecord* record) {
        const auto key = key_of(vm, record);
        if (const auto known = sides_.find(key); known != sides_.end()) return known->second;
        return sides_[key] = record ? remembered(vm, *record) : GuestSide{};
    }

    [[nodiscard]] GuestSide remembered(const model::Vm& vm, const GuestRecord& record) const {
        GuestSide side;
        side.disk = record.place.disk;
        side.partition = record.place.partition;
        auto copy = drivers::read_manifest_copy(manifest_copy_path(environment_.state_directory, vm.id, record.place));
        if (!copy) {
            side.problem = copy.error();
        } else if (*copy) {
            side.source = Source::host_copy;
            side.manifest = **copy;
            side.host_copy = std::move(*copy);
        }
        return side;
    }

    const Environment& environment_;
    const Survey& survey_;
    const CallContext& context_;
    std::map<std::string, Result<drivers::ResolvedDrivers>, ILess> drivers_;
    std::map<std::string, Result<drivers::ResolvedDrivers>> scoped_;
    std::map<std::string, GuestSide, ILess> sides_;
};

} // namespace

std::string_view source_name(DriftRow::Source source) {
    switch (source) {
    case Source::guest:
        return "guest";
    case Source::host_copy:
        return "host_copy";
    case Source::nothing:
        break;
    }
    return "nothing";
}

bool is_orphan(const DriftRow& row) {
    return !row.on_host && !row.has_partition && !row.drift.guest_version.empty() && row.problem &&
           (row.problem->code == "drivers.card_unknown" || row.problem->code == "drivers.no_driver");
}

bool lags(const DriftRow& row) {
    using drivers::DriftState;
    return row.on_host && row.drift.state != DriftState::same && row.drift.state != DriftState::missing;
}

Result<std::vector<DriftRow>> gpu_drift(const Environment& environment, const std::optional<std::string>& vm,
                                        const CallContext& context) {
    TRY_ASSIGN(const auto survey, read_survey(environment, context));
    DriftReader reader(environment, survey, context);
    if (vm) {
        TRY_ASSIGN(const auto one, hyperv::find_vm(survey.vms, *vm));
        TRY(reader.add(one));
    } else {
        for (const auto& one : survey.vms)
            TRY(reader.add(one));
    }
    return std::move(reader.rows);
}

} // namespace exhyperv::assign
