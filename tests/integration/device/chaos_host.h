#pragma once

#include "host/host.h"

#include <cstdint>
#include <optional>

namespace exhyperv::assign {

/// What a process that dies does: it stops in the middle, and nothing more is written, undone or told. Thrown through
/// the operation, which leaves everything as it stands; the operating system's locks go, as they do with a process.
struct Killed {};

enum class Chaos : std::uint8_t { lost_before, lost_after, killed_before, killed_after };

/// A host on which something happens to the nth call from now, once.
class ChaosHost final : public host::Host, private host::CimSession, private host::HostDevices {
  public:
    explicit ChaosHost(host::Host& inner) : inner_(inner) {}

    void arm(Chaos what, std::uint32_t nth) {
        what_ = what;
        left_ = nth;
    }
    void disarm() { what_.reset(); }

    host::CimSession& cim() override { return *this; }
    host::HostDevices& devices() override { return *this; }
    host::HostRegistry& registry() override { return inner_.registry(); }
    host::HostFiles& files() override { return inner_.files(); }
    [[nodiscard]] std::string uri() const override { return inner_.uri(); }
    [[nodiscard]] bool elevated() const override { return inner_.elevated(); }
    [[nodiscard]] std::optional<std::uint32_t> physical_address_bits() const override {
        return inner_.physical_address_bits();
    }

  private:
    template <class Call>
    auto through(Call call) -> decltype(call()) {
        if (!what_ || --left_ > 0) return call();
        const Chaos what = *what_;
        what_.reset();
        if (what == Chaos::killed_before) throw Killed{};
        if (what == Chaos::lost_before) return fail("session.lost", {{"what", "test"}});
        auto answer = call();
        if (what == Chaos::killed_after) throw Killed{};
        return fail("session.lost", {{"what", "test"}});
    }

    Result<std::vector<cim::Instance>> query(std::string_view name_space, const cim::wql::Query& query,
                                             const CallContext& context) override {
        return through([&] { return inner_.cim().query(name_space, query, context); });
    }
    Result<cim::Instance> get(const cim::ObjectPath& path, const CallContext& context) override {
        return through([&] { return inner_.cim().get(path, context); });
    }
    Result<> put(const cim::Instance& instance, const CallContext& context) override {
        return through([&] { return inner_.cim().put(instance, context); });
    }
    Result<host::MethodResult> invoke(const cim::ObjectPath& object, std::string_view method,
                                      const std::vector<cim::Property>& parameters,
                                      const CallContext& context) override {
        return through([&] { return inner_.cim().invoke(object, method, parameters, context); });
    }
    [[nodiscard]] std::string host_name() const override { return inner_.cim().host_name(); }

    Result<std::vector<host::DeviceRecord>> list(const host::DeviceQuery& query, const CallContext& context) override {
        return through([&] { return inner_.devices().list(query, context); });
    }
    Result<> disable(const std::string& path, const CallContext& context) override {
        return through([&] { return inner_.devices().disable(path, context); });
    }
    Result<> enable(const std::string& path, const CallContext& context) override {
        return through([&] { return inner_.devices().enable(path, context); });
    }
    Result<std::vector<Disk>> disks(const CallContext& context) override {
        return through([&] { return inner_.devices().disks(context); });
    }
    Result<> set_disk_online(std::uint32_t number, bool online, const CallContext& context) override {
        return through([&] { return inner_.devices().set_disk_online(number, online, context); });
    }

    host::Host& inner_;
    std::optional<Chaos> what_;
    std::uint32_t left_ = 0;
};

} // namespace exhyperv::assign
