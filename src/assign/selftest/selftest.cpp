#include "assign/selftest/selftest.h"

#include "assign/selftest/probe.h"

#include <algorithm>

namespace exhyperv::assign {

namespace selftest {

namespace {

constexpr std::size_t kMostObservations = 500;

constexpr Entry kChecklist[] = {
    {"selftest.host", ask_host},
    {"selftest.rights", ask_rights},
    {"selftest.address_bits", ask_address_bits},
    {"selftest.registry", ask_registry},
    {"selftest.classes", ask_classes},
    {"selftest.templates", ask_templates},
    {"selftest.devices", ask_devices},
    {"selftest.agreement", ask_agreement},
    {"selftest.disks", ask_disks},
    {"selftest.verdicts", ask_verdicts},
    {"selftest.driver_store", ask_driver_store},
    {"selftest.images", ask_images},
};

} // namespace

void Probe::observe(std::string line) {
    if (result.observations.size() < kMostObservations) result.observations.push_back(std::move(line));
}

} // namespace selftest

bool SelfTest::failed() const {
    return std::any_of(checks.begin(), checks.end(), [](const Check& check) { return check.verdict == Verdict::fail; });
}

SelfTest run_selftest(host::Host& host, const CallContext& context) {
    SelfTest result;
    selftest::Probe probe{host, context, result};
    for (const auto& entry : selftest::kChecklist) {
        if (auto ready = context.check("self-test"); !ready) {
            result.checks.push_back(refused_check(entry.id, ready.error()));
            break;
        }
        auto check = entry.ask(probe);
        if (!check) probe.observe(std::string(entry.id) + ": " + describe(check.error()));
        result.checks.push_back(check ? std::move(*check) : refused_check(entry.id, check.error()));
    }
    return result;
}

} // namespace exhyperv::assign
