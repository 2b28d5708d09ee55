#pragma once

#include "api/event_hub.h"
#include "api/operation_runner.h"
#include "api/request.h"
#include "app/host_uri.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace exhyperv::api {

struct ServedHost {
    app::HostUri uri;
    std::string name; ///< what the user calls it; empty: the computer's name
};

struct ServiceOptions {
    std::vector<ServedHost> hosts; ///< at least one; the first is the default
    std::string data_directory;
    std::chrono::milliseconds refresh{3000};         ///< how often hosts are looked at while a page is open
    ChangeNote note;                                 ///< hears of every change; may be empty
    std::chrono::milliseconds when_off_poll{10'000}; ///< how often VMs that wait to be off are looked at
};

/// What schema/openapi.yaml describes, below /session and /events, which the server answers. Thread-safe.
class Service {
  public:
    Service(ServiceOptions options, EventHub& events);
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    /// Always an answer: errors are answers too.
    [[nodiscard]] Response handle(const Request& request);

    /// Which calls may have to wait for each other: those with the same name. Empty: this one waits for no host, and is
    /// answered at once.
    [[nodiscard]] std::string lane(const Request& request) const;

    [[nodiscard]] bool idle(); ///< no operation is at work
    /// Cancels operations, which then undo themselves, and returns when they have. Looking still works afterwards.
    void stop();

    /// Every call it answers, as {"GET", "/vms/{vm}/guest"}: for the test that holds it and the document together.
    struct RouteName {
        std::string method, path;
    };
    [[nodiscard]] static std::vector<RouteName> routes();

    struct State; ///< what the routes work with
  private:
    std::unique_ptr<State> state_;
};

} // namespace exhyperv::api
