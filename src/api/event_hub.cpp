#include "api/event_hub.h"

#include <utility>

namespace exhyperv::api {

std::uint64_t EventHub::publish(std::string type, std::string data) {
    Shared event;
    std::vector<std::shared_ptr<Listener>> listeners;
    {
        const std::lock_guard lock(mutex_);
        event = std::make_shared<const Event>(Event{next_id_++, std::move(type), std::move(data)});
        recent_.push_back(event);
        if (recent_.size() > kept_) recent_.pop_front();
        listeners.reserve(listeners_.size());
        for (const auto& [id, listener] : listeners_)
            listeners.push_back(listener);
    }
    for (const auto& listener : listeners)
        (*listener)(event);
    return event->id;
}

EventHub::Joined EventHub::join(std::optional<std::uint64_t> last_seen, Listener listener) {
    const std::lock_guard lock(mutex_);
    Joined joined;
    joined.last_id = next_id_ - 1;
    if (last_seen) {
        // An id from the future belongs to an earlier run of the server: its events are gone as well.
        joined.gap = *last_seen >= next_id_ || (!recent_.empty() && *last_seen + 1 < recent_.front()->id);
        if (!joined.gap)
            for (const Shared& event : recent_)
                if (event->id > *last_seen) joined.missed.push_back(event);
    }
    const std::uint64_t id = next_listener_++;
    listeners_.emplace(id, std::make_shared<Listener>(std::move(listener)));
    joined.subscription = Subscription(this, id);
    return joined;
}

std::size_t EventHub::listeners() const {
    const std::lock_guard lock(mutex_);
    return listeners_.size();
}

void EventHub::leave(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    listeners_.erase(id);
}

EventHub::Subscription& EventHub::Subscription::operator=(Subscription&& other) noexcept {
    if (this != &other) {
        if (hub_) hub_->leave(id_);
        hub_ = std::exchange(other.hub_, nullptr);
        id_ = other.id_;
    }
    return *this;
}

EventHub::Subscription::~Subscription() {
    if (hub_) hub_->leave(id_);
}

} // namespace exhyperv::api
