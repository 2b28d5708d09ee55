#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace exhyperv::api {

/// One server-sent event: `type` is the event's name, `data` one line of JSON.
struct Event {
    std::uint64_t id = 0;
    std::string type;
    std::string data;
};

/// Hands events to every open page and keeps the last ones for pages that come back (Last-Event-ID). Thread-safe.
class EventHub {
  public:
    /// Events share one immutable copy, however many pages are open.
    using Shared = std::shared_ptr<const Event>;
    /// Called from the publishing thread under no lock of the hub; must not block.
    using Listener = std::function<void(const Shared&)>;

    /// `kept` events are remembered.
    explicit EventHub(std::size_t kept = 1024) : kept_(kept) {}

    /// Returns the event's id; ids start at 1 and grow by 1.
    std::uint64_t publish(std::string type, std::string data);

    /// Ends the subscription when destroyed. A listener may still be in a call that began before.
    class Subscription {
      public:
        Subscription() = default;
        Subscription(EventHub* hub, std::uint64_t id) : hub_(hub), id_(id) {}
        Subscription(Subscription&& other) noexcept : hub_(std::exchange(other.hub_, nullptr)), id_(other.id_) {}
        Subscription& operator=(Subscription&& other) noexcept;
        ~Subscription();

      private:
        EventHub* hub_ = nullptr;
        std::uint64_t id_ = 0;
    };

    struct Joined {
        Subscription subscription;
        std::vector<Shared> missed; ///< to be sent first
        bool gap = false;           ///< some missed events are forgotten: the page has to fetch everything again
        std::uint64_t last_id = 0;  ///< id of the newest event at that moment
    };
    /// Subscribes and collects what came after `last_seen`, in one step: no event is lost or doubled between the two.
    [[nodiscard]] Joined join(std::optional<std::uint64_t> last_seen, Listener listener);

    [[nodiscard]] std::size_t listeners() const;

  private:
    void leave(std::uint64_t id);

    const std::size_t kept_;
    mutable std::mutex mutex_;
    std::uint64_t next_id_ = 1;
    std::uint64_t next_listener_ = 1;
    std::deque<Shared> recent_;
    std::unordered_map<std::uint64_t, std::shared_ptr<Listener>> listeners_;
};

} // namespace exhyperv::api
