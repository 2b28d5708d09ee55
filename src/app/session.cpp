#include "app/session.h"

#include "app/transports.h"
#include "assign/core/utc_time.h"
#include "assign/disk_journal.h"
#include "assign/preflight/groups.h"
#include "hyperv/gpu_load.h"
#include "hyperv/gpu_partitions.h"
#include "hyperv/gpus.h"
#include "hyperv/host_facts.h"
#include "hyperv/lookup.h"
#include "hyperv/power.h"
#include "hyperv/vms.h"
#include "platform/file.h"
#include "support/log.h"
#include "support/physical_disk.h"

namespace exhyperv::app {
namespace {

class HostSession final : public Session {
  public:
    HostSession(HostUri uri, std::unique_ptr<host::Host> host, std::string state_directory)
        : uri_(std::move(uri)), host_(std::move(host)), environment_{*host_, std::move(state_directory)} {}

    const HostUri& uri() const override { return uri_; }
    bool elevated() const override { return host_->elevated(); }

    Result<model::HostFacts> facts(const CallContext& context) override {
        return hyperv::read_host_facts(*host_, context);
    }

    Result<Inventory> inventory(const CallContext& context) override {
        Inventory out;
        TRY_ASSIGN(out.vms, hyperv::list_vms(host_->cim(), context));
        TRY_ASSIGN(out.gpus, hyperv::list_gpus(*host_, context));
        TRY_ASSIGN(out.partitions, hyperv::list_gpu_partitions(host_->cim(), out.gpus, context));
        return out;
    }

    Result<Inventory> vm_inventory(const CallContext& context) override {
        Inventory out;
        TRY_ASSIGN(out.vms, hyperv::list_vms(host_->cim(), context));
        TRY_ASSIGN(out.gpus, hyperv::list_partitionable_gpus(host_->cim(), context));
        TRY_ASSIGN(out.partitions, hyperv::list_gpu_partitions(host_->cim(), out.gpus, context));
        if (!out.partitions.empty()) { // only then are the cards' names needed
            TRY_ASSIGN(out.gpus, hyperv::list_gpus(*host_, context));
        }
        return out;
    }

    std::vector<assign::ReadinessItem> readiness(const model::HostFacts& facts, const Inventory& inventory,
                                                 const std::vector<assign::HistoryEntry>& open,
                                                 const CallContext& context) override {
        assign::Survey survey;
        survey.facts = facts;
        survey.vms = inventory.vms;
        survey.gpus = inventory.gpus;
        survey.partitions = inventory.partitions;
        survey.open = open;
        assign::GuestRecords records;
        for (const auto& partition : inventory.partitions)
            // A damaged record only costs this hint; the operation that needs it says what is wrong.
            if (auto known = assign::guest_records(environment_.state_directory, partition.vm_id))
                records.emplace(partition.vm_id, std::move(*known));
        const auto found = devices(context); // what the host does not tell is not judged
        return assign::check_readiness(survey, found ? &*found : nullptr, assign::lagging_vms(survey, records),
                                       uri_.remote());
    }

    Result<assign::DeviceInventory> devices(const CallContext& context) override {
        return assign::list_device_inventory(*host_, context);
    }
    Result<assign::DisplayAdvice> advise_display(std::string_view vm, const CallContext& context) override {
        return assign::advise_display(*host_, vm, context);
    }

    Result<model::Vm> find_vm(const Inventory& inventory, std::string_view wanted) override {
        return hyperv::find_vm(inventory.vms, wanted);
    }
    Result<model::Gpu> find_gpu(const Inventory& inventory, std::string_view wanted) override {
        return hyperv::find_gpu(inventory.gpus, wanted);
    }

    Result<std::vector<VmImage>> images(const model::Vm& vm) override {
        std::vector<VmImage> out;
        for (const auto& disk : vm.disks) {
            if (disk.physical && !physical_disk_number(disk.path)) continue;
            TRY_ASSIGN(std::string local, host_->files().local_path(disk.path));
            out.push_back({disk.path, std::move(local)});
        }
        return out;
    }

    Result<> change_power(const Guid& vm, PowerAction action, const CallContext& context) override {
        switch (action) {
        case PowerAction::start:
            TRY(here()); // its disks cannot be looked at for the journal of a change that was cut off
            TRY(assign::require_no_disk_journal(*host_, vm, context));
            return hyperv::start(host_->cim(), vm, context);
        case PowerAction::shut_down:
            return hyperv::shut_down(host_->cim(), vm, context);
        case PowerAction::turn_off:
            return hyperv::turn_off(host_->cim(), vm, context);
        }
        return {};
    }

    Result<assign::Plan> plan(const assign::GpuAddRequest& request, const CallContext& context) override {
        TRY(here());
        return assign::plan_gpu_add(environment_, request, context);
    }
    Result<assign::Plan> plan(const assign::GpuRemoveRequest& request, const CallContext& context) override {
        TRY(here());
        return assign::plan_gpu_remove(environment_, request, context);
    }
    Result<assign::Plan> plan(const assign::GpuSyncRequest& request, const CallContext& context) override {
        TRY(here());
        return assign::plan_gpu_sync(environment_, request, context);
    }
    Result<assign::Plan> plan(const assign::PolicyRequest& request, const CallContext& context) override {
        TRY(here());
        return assign::plan_policy(environment_, request, context);
    }
    Result<std::vector<hyperv::GpuLoad>> gpu_load(const CallContext& context) override {
        return hyperv::read_gpu_load(*host_, context);
    }
    assign::GuestSurvey preview_import(const model::Vm& vm, const model::Gpu& gpu,
                                       const CallContext& context) override {
        return assign::survey_guest(environment_, vm, gpu, {}, context);
    }
    Result<std::vector<assign::DriftRow>> drift(const std::optional<std::string>& vm,
                                                const CallContext& context) override {
        return assign::gpu_drift(environment_, vm, context);
    }
    Result<assign::Plan> plan(const assign::DeviceAssignRequest& request, const CallContext& context) override {
        TRY(here());
        return assign::plan_device_assign(environment_, request, context);
    }
    Result<assign::Plan> plan(const assign::DeviceReturnRequest& request, const CallContext& context) override {
        TRY(here());
        return assign::plan_device_return(environment_, request, context);
    }
    Result<assign::Plan> plan(const assign::DeviceRecoverRequest& request, const CallContext& context) override {
        TRY(here());
        return assign::plan_device_recover(environment_, request, context);
    }
    Result<std::optional<assign::DueSync>> due_sync(const CallContext& context) override {
        return assign::due_sync(environment_, assign::utc_now(), context);
    }
    Result<> note_failed_sync(const Guid& vm, const std::string& problem) override {
        return assign::note_failed_sync(environment_, vm, problem, assign::utc_now());
    }
    Result<assign::OperationResult> execute(const assign::Plan& plan, const assign::EventSink& events,
                                            const CallContext& context) override {
        TRY(here());
        return assign::execute(environment_, plan, events, context);
    }
    Result<std::vector<assign::HistoryEntry>> history() override { return assign::history(environment_); }
    Result<std::vector<assign::HistoryEntry>> open_operations() override {
        return assign::open_operations(environment_);
    }
    Result<assign::OperationResult> recover(const std::string& operation_id, assign::RecoveryMode mode,
                                            const assign::EventSink& events, const CallContext& context) override {
        TRY(here());
        return assign::recover(environment_, operation_id, mode, events, context);
    }
    assign::SelfTest selftest(const CallContext& context) override { return assign::run_selftest(*host_, context); }

  private:
    /// A change takes the host's devices, registry and files, and a lock that keeps others on that host out.
    [[nodiscard]] Result<> here() const {
        if (uri_.remote()) return fail("app.remote_looks_only", {{"host", uri_.text}});
        return {};
    }

    HostUri uri_;
    std::unique_ptr<host::Host> host_;
    assign::Environment environment_;
};

} // namespace

Result<std::unique_ptr<Session>> Session::open(const HostUri& uri, const std::string& data_directory,
                                               const ProgressSink& first_use) {
    TRY_ASSIGN(auto host, open_transport(uri, data_directory, first_use));
    return std::make_unique<HostSession>(uri, std::move(host), state_directory(uri, data_directory));
}

} // namespace exhyperv::app
