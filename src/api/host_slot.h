#pragma once

#include "api/event_hub.h"
#include "app/session.h"

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::api {

/// One host of the server: its session, the documents made of it, and the news about it. Thread-safe.
///
/// Documents are kept for a moment, so that many open pages cost the host no more than one. Who changes something calls
/// refresh() afterwards; changes made behind our back are found by the next refresh, which tells the pages.
class HostSlot {
  public:
    enum class Part : std::uint8_t { status, vms, gpus, devices };
    static constexpr std::size_t kParts = 4;
    using Text = std::shared_ptr<const std::string>;

    /// `fresh`: how old a document may be and still be handed out.
    HostSlot(app::HostUri uri, std::string given_name, std::string data_directory, EventHub& events,
             std::chrono::milliseconds fresh);

    [[nodiscard]] const app::HostUri& uri() const { return uri_; }
    [[nodiscard]] const std::string& state_directory() const { return state_directory_; }
    [[nodiscard]] std::string name() const; ///< the user's, else the computer's once it is known, else the URI

    /// A document of schema/openapi.yaml as JSON text. Errors: those of opening and reading the host.
    [[nodiscard]] Result<Text> document(Part part);
    /// The load of the cards now, as JSON text; however many pages ask, the host is asked once a second.
    [[nodiscard]] Result<Text> utilization();
    /// Reads the host anew and publishes `inventory` with what became different.
    Result<> refresh();
    /// Has anybody asked for this host yet? Hosts that nobody looks at are left alone.
    [[nodiscard]] bool used() const { return used_.load(); }
    /// Has somebody asked for a document in this time?
    [[nodiscard]] bool asked_within(std::chrono::milliseconds time) const;

    [[nodiscard]] Result<std::vector<assign::HistoryEntry>> history();
    [[nodiscard]] Result<std::vector<assign::HistoryEntry>> open_operations();
    /// A session of the caller's own, for work that takes a while.
    [[nodiscard]] Result<std::unique_ptr<app::Session>> open_session() const;

    /// One operation at a time: false when one is at work here already. While one is, the journal is not looked into
    /// from this process, so that a look never takes the operation's lock away. Who has begun and still decides what to
    /// do (the watcher of waiting VMs finds mostly nothing) is waited for, some seconds at most.
    [[nodiscard]] bool begin_operation();
    /// Decided: the operation runs from now on, and who wants to begin another is told of it at once.
    void operation_decided();
    void end_operation();

  private:
    struct View;
    Result<View> read();
    Result<app::Session*> session();
    std::string journal_mark() const;

    const app::HostUri uri_;
    const std::string given_name_, data_directory_, state_directory_;
    EventHub& events_;
    const std::chrono::milliseconds fresh_;
    std::atomic<bool> used_{false};
    std::atomic<std::chrono::steady_clock::time_point> asked_{};

    std::mutex
        load_mutex_; ///< held while the load is read: by a session of its own, so that lists need not wait for it
    std::unique_ptr<app::Session> load_session_;
    Text load_;
    std::optional<std::chrono::steady_clock::time_point> load_read_at_;

    std::mutex session_mutex_; ///< held while the host is read
    std::unique_ptr<app::Session> session_;

    enum class Work : std::uint8_t { none, deciding, running };
    std::mutex journal_mutex_;
    std::condition_variable work_changed_;
    Work work_ = Work::none;

    mutable std::mutex documents_mutex_;
    std::array<Text, kParts> documents_;
    std::optional<Error> devices_error_; ///< why there is no document of them
    std::optional<std::chrono::steady_clock::time_point> read_at_;
    std::string name_, journal_mark_;
};

} // namespace exhyperv::api
