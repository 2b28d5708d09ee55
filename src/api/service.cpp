#include "api/service_state.h"

#include "support/log.h"

#include <algorithm>
#include <array>
#include <exception>

namespace exhyperv::api {
namespace {

std::array<std::span<const Route>, 4> all_routes() {
    return {inventory_routes(), guest_routes(), power_routes(), change_routes()};
}

/// Takes the first segment off the front of a path; nullopt when nothing is left.
std::optional<std::string_view> next_segment(std::string_view& path) {
    if (path.empty() || path.front() != '/') return std::nullopt;
    const auto end = std::min(path.find('/', 1), path.size());
    const auto segment = path.substr(1, end - 1);
    path.remove_prefix(end);
    return segment;
}

/// What stands in the place of {…}; nullopt when the path is another one. Every request goes through every pattern, so
/// nothing is allocated for those that do not fit.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
    std::vector<std::string> parameters;
    while (true) {
        const auto wanted = next_segment(pattern), given = next_segment(path);
        if (!wanted || !given)
            return wanted.has_value() == given.has_value() && path.empty() ? std::optional(std::move(parameters))
                                                                           : std::nullopt;
        if (wanted->starts_with('{') && !given->empty())
            parameters.emplace_back(*given);
        else if (*wanted != *given)
            return std::nullopt;
    }
}

Result<HostSlot*> host_of(Service::State& state, const Request& request) {
    const auto wanted = request.query.find("host");
    if (wanted == request.query.end() || wanted->second.empty()) return state.hosts.front().get();
    for (const auto& host : state.hosts)
        if (host->uri().text == wanted->second) return host.get();
    return fail("api.unknown_host", {{"host", wanted->second}});
}

struct Found {
    const Route* route = nullptr;
    std::vector<std::string> parameters;
    bool path_known = false; ///< for another method at least
};

Found find_route(const Request& request) {
    Found found;
    for (const auto routes : all_routes()) {
        for (const Route& route : routes) {
            auto parameters = match(route.path, request.path);
            if (!parameters) continue;
            found.path_known = true;
            if (route.method == request.method) return {&route, std::move(*parameters), true};
        }
    }
    return found;
}

Result<Response> route(Service::State& state, const Request& request) {
    auto found = find_route(request);
    if (!found.route)
        return found.path_known ? fail("api.method_not_allowed", {{"method", request.method}})
                                : fail("api.no_such_path", {{"path", request.path}});
    if (found.route->changes && request.principal.role != Role::operator_) return fail("api.forbidden");
    TRY_ASSIGN(HostSlot* const host, host_of(state, request));
    RouteCall call{state, request, *host, std::move(found.parameters)};
    return found.route->answer(call);
}

} // namespace

Service::State::State(ServiceOptions given, EventHub& hub)
    : options(std::move(given)), events(hub),
      operations(
          hub, options.note ? options.note : [](const Principal&, const std::string&, const std::string&) {}) {
    for (const auto& [uri, name] : options.hosts)
        hosts.push_back(std::make_unique<HostSlot>(uri, name, options.data_directory, events, options.refresh * 2));
    watcher = std::thread([this] { watch(); });
    when_off = std::make_unique<WhenOffWatcher>(hosts, operations, options.when_off_poll);
}

void Service::State::watch() {
    std::unique_lock lock(watch_mutex);
    while (!watch_ends.wait_for(lock, options.refresh, [this] { return ending; })) {
        const bool pages_open = events.listeners() != 0;
        lock.unlock();
        // A host that somebody asks all the time is read here, so that no request has to wait for it.
        for (const auto& host : hosts)
            if (host->used() && (pages_open || host->asked_within(options.refresh * 2)))
                (void)host->refresh(); // whoever asks for it is told what is wrong
        lock.lock();
    }
}

Service::Service(ServiceOptions options, EventHub& events)
    : state_(std::make_unique<State>(std::move(options), events)) {}

Service::~Service() {
    stop();
    {
        const std::lock_guard lock(state_->watch_mutex);
        state_->ending = true;
    }
    state_->watch_ends.notify_all();
    state_->watcher.join();
}

Response Service::handle(const Request& request) {
    try {
        auto response = route(*state_, request);
        if (response) return *response;
        log(LogLevel::info, request.method + ' ' + request.path + ": " + describe(response.error()));
        return failure(response.error());
    } catch (const std::exception& problem) { // no layer throws: a defect, which must not take the server down
        log(LogLevel::error, request.method + ' ' + request.path + ": " + problem.what());
        return failure(Error{"api.internal", {}, {}, {}, problem.what()});
    }
}

std::string Service::lane(const Request& request) const {
    const auto found = find_route(request);
    const auto host = host_of(*state_, request);
    if (!found.route || !host || found.route->waits == Waits::not_at_all) return {};
    return (found.route->waits == Waits::for_work ? "work " : "lists ") + (*host)->uri().text;
}

bool Service::idle() {
    return state_->operations.idle();
}

void Service::stop() {
    state_->when_off->stop();
    state_->operations.stop();
}

std::vector<Service::RouteName> Service::routes() {
    std::vector<RouteName> out;
    for (const auto routes : all_routes())
        for (const Route& route : routes)
            out.push_back({std::string(route.method), std::string(route.path)});
    return out;
}

} // namespace exhyperv::api
