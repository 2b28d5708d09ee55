#include "api/host_slot.h"

#include "api/host_documents.h"
#include "api/request.h"
#include "app/transports.h"
#include "assign/core/directory.h"
#include "support/log.h"
#include "support/strings.h"

#include <nlohmann/json.hpp>

namespace exhyperv::api {
namespace {

constexpr auto kLookTime = std::chrono::seconds(60);
constexpr auto kDecisionTime = std::chrono::seconds(15); ///< longer than a plan takes
constexpr auto kLoadTime = std::chrono::seconds(10), kLoadFresh = std::chrono::seconds(1);
constexpr std::size_t kJournalsMarked = 2000;
constexpr std::array<const char*, HostSlot::kParts> kPartNames = {"status", "vms", "gpus", "devices"};

} // namespace

struct HostSlot::View {
    std::string name;
    std::array<Text, kParts> documents;
    std::optional<Error> devices_error;
    [[nodiscard]] Result<Text> of(std::size_t part) const {
        if (!documents[part] && devices_error) return fail(*devices_error);
        return documents[part];
    }
};

HostSlot::HostSlot(app::HostUri uri, std::string given_name, std::string data_directory, EventHub& events,
                   std::chrono::milliseconds fresh)
    : uri_(std::move(uri)), given_name_(std::move(given_name)), data_directory_(std::move(data_directory)),
      state_directory_(app::state_directory(uri_, data_directory_)), events_(events), fresh_(fresh) {}

std::string HostSlot::name() const {
    if (!given_name_.empty()) return given_name_;
    const std::lock_guard lock(documents_mutex_);
    return name_.empty() ? uri_.text : name_;
}

Result<std::unique_ptr<app::Session>> HostSlot::open_session() const {
    return app::Session::open(uri_, data_directory_, {});
}

Result<app::Session*> HostSlot::session() {
    if (!session_) {
        TRY_ASSIGN(session_, open_session());
    }
    return session_.get();
}

bool HostSlot::asked_within(std::chrono::milliseconds time) const {
    return used_ && std::chrono::steady_clock::now() - asked_.load() <= time;
}

Result<HostSlot::Text> HostSlot::document(Part part) {
    used_ = true;
    asked_ = std::chrono::steady_clock::now();
    const auto index = static_cast<std::size_t>(part);
    const auto kept = [&](std::chrono::steady_clock::time_point oldest) -> std::optional<Result<Text>> {
        const std::lock_guard lock(documents_mutex_);
        if (!read_at_ || *read_at_ < oldest) return std::nullopt;
        if (!documents_[index] && devices_error_) return Result<Text>(fail(*devices_error_));
        return Result<Text>(documents_[index]);
    };
    if (auto text = kept(std::chrono::steady_clock::now() - fresh_)) return *text;
    const auto asked = std::chrono::steady_clock::now();
    const std::lock_guard lock(session_mutex_);
    if (auto text = kept(asked)) return *text; // somebody else has read the host while we waited for our turn
    TRY_ASSIGN(const auto view, read());
    return view.of(index);
}

Result<HostSlot::Text> HostSlot::utilization() {
    const std::lock_guard lock(load_mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (load_ && load_read_at_ && now - *load_read_at_ < kLoadFresh) return load_;
    const auto loads = [&]() -> Result<std::vector<hyperv::GpuLoad>> {
        if (!load_session_) {
            TRY_ASSIGN(load_session_, open_session());
        }
        return load_session_->gpu_load(CallContext::within(kLoadTime));
    }();
    if (!loads) {
        load_session_.reset();
        return fail(loads.error());
    }
    load_ = answer(200, utilization_document(*loads)).body;
    load_read_at_ = now;
    return load_;
}

Result<> HostSlot::refresh() {
    used_ = true;
    const std::lock_guard lock(session_mutex_);
    TRY(read());
    return {};
}

Result<HostSlot::View> HostSlot::read() {
    const auto began = std::chrono::steady_clock::now();
    const auto reading = [&]() -> Result<HostReading> {
        TRY_ASSIGN(app::Session* const open, session());
        const CallContext context = CallContext::within(kLookTime);
        HostReading out;
        out.uri = uri_.text;
        out.simulated = uri_.scheme == app::HostUri::Scheme::sim;
        out.remote = uri_.remote();
        TRY_ASSIGN(out.facts, open->facts(context));
        TRY_ASSIGN(out.inventory, open->inventory(context));
        out.devices = open->devices(context);
        {
            const std::lock_guard journal(journal_mutex_);
            if (work_ == Work::none) {
                TRY_ASSIGN(out.open, open->open_operations());
            }
        }
        for (const auto& partition : out.inventory.partitions)
            if (!out.records.contains(partition.vm_id))
                // A damaged record only costs the driver's badge; the operation that needs it will say what is wrong.
                out.records[partition.vm_id] = assign::guest_records(state_directory_, partition.vm_id)
                                                   .value_or(std::vector<assign::GuestRecord>{});
        return out;
    }();

    auto changed = nlohmann::json::array();
    if (!reading) {
        log(LogLevel::warn, "reading " + uri_.text + ": " + describe(reading.error()));
        session_.reset(); // whatever went wrong: the next look begins with a new session
        const std::lock_guard documents(documents_mutex_);
        const bool known = read_at_.has_value();
        read_at_.reset();
        documents_ = {};
        if (known) events_.publish("inventory", R"({"what":["status","vms","gpus","devices"]})");
        return fail(reading.error());
    }
    const auto text = [](const nlohmann::json& document) { return answer(200, document).body; };
    View view{reading->facts.computer_name,
              {text(status_document(*reading)), text(vms_document(*reading)), text(gpus_document(*reading)),
               reading->devices ? text(devices_document(*reading->devices)) : nullptr},
              reading->devices ? std::nullopt : std::optional(reading->devices.error())};
    std::string mark = journal_mark();
    {
        const std::lock_guard documents(documents_mutex_);
        for (std::size_t i = 0; i < kParts; ++i)
            if (read_at_ &&
                (!documents_[i] != !view.documents[i] || (documents_[i] && *documents_[i] != *view.documents[i])))
                changed.push_back(kPartNames[i]);
        if (read_at_ && mark != journal_mark_) changed.push_back("operations");
        documents_ = view.documents;
        devices_error_ = view.devices_error;
        read_at_ = began;
        name_ = view.name;
        journal_mark_ = std::move(mark);
    }
    if (!changed.empty()) events_.publish("inventory", nlohmann::json{{"what", changed}}.dump());
    return view;
}

std::string HostSlot::journal_mark() const {
    std::string mark;
    for (const auto& directory : {assign::open_directory(state_directory_), assign::closed_directory(state_directory_)})
        if (const auto files = assign::journal_files(directory, kJournalsMarked)) mark += join(*files, "\n") + "\n\n";
    return mark;
}

Result<std::vector<assign::HistoryEntry>> HostSlot::history() {
    used_ = true;
    const std::lock_guard lock(session_mutex_);
    TRY_ASSIGN(app::Session* const open, session());
    return open->history();
}

Result<std::vector<assign::HistoryEntry>> HostSlot::open_operations() {
    used_ = true;
    const std::lock_guard lock(session_mutex_);
    TRY_ASSIGN(app::Session* const open, session());
    const std::lock_guard journal(journal_mutex_);
    if (work_ != Work::none) return std::vector<assign::HistoryEntry>{};
    return open->open_operations();
}

bool HostSlot::begin_operation() {
    std::unique_lock journal(journal_mutex_);
    work_changed_.wait_for(journal, kDecisionTime, [this] { return work_ != Work::deciding; });
    if (work_ != Work::none) return false;
    work_ = Work::deciding;
    return true;
}

void HostSlot::operation_decided() {
    const std::lock_guard journal(journal_mutex_);
    work_ = Work::running;
    work_changed_.notify_all();
}

void HostSlot::end_operation() {
    const std::lock_guard journal(journal_mutex_);
    work_ = Work::none;
    work_changed_.notify_all();
}

} // namespace exhyperv::api
