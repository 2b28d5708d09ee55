#pragma once

#include "assign/device/transition.h"
#include "assign/device/transition_survey.h"
#include "hyperv/settings.h"

#include <map>
#include <string>
#include <vector>

namespace exhyperv::assign {

/// Puts the steps of a transition together, each with its texts and the parameters its handler expects
/// (handlers/device_handlers.h), and knows what to read back at the end.
class TransitionSteps {
  public:
    /// VMs first, in the order of their first use: what may be done about a running one is the plan's business.
    void settings(const model::Vm& vm, const hyperv::SettingValues& wanted);
    void settings_back(const model::Vm& vm, const hyperv::SettingValues& originals);

    // Of one device. `number` tells several of one plan apart, from 1.
    void disks_offline(const Mover& mover, std::size_t number);
    void disable(const Mover& mover, std::size_t number);
    void dismount(const Mover& mover, const DeviceAssignRequest& guards, std::size_t number);
    void add(const Mover& mover, const model::Vm& vm, std::size_t number);
    void remove(const Mover& mover, const model::Vm& vm, bool stale, std::size_t number);
    void mount(const Mover& mover, std::size_t number);
    void enable(const Mover& mover, std::size_t number);
    void disks_online(const Mover& mover, std::size_t number);

    /// Where the device has to be in the end: "host", "vm" (then `vm`), "none".
    void expect(const Mover& mover, std::string place, const model::Vm* vm);

    [[nodiscard]] bool empty() const { return steps_.empty(); }
    /// Does a step need this VM to be off?
    [[nodiscard]] bool needs_off(const Guid& vm) const;
    /// With the power steps before and the reading back behind; nothing when there is nothing to do.
    [[nodiscard]] std::vector<Step> finish(const std::vector<Step>& power) &&;

  private:
    void push(std::string id, std::string kind, const std::string& text, const MessageArgs& args, bool vm_off,
              nlohmann::json parameters);
    std::vector<Step> steps_;
    std::vector<std::shared_ptr<const nlohmann::json>> expected_, settings_;
    std::size_t settings_steps_ = 0;
};

/// The step that turns a VM off in the way the request allows; `number` from 1.
[[nodiscard]] Step device_power_step(const model::Vm& vm, PowerPolicy how, std::size_t number);

} // namespace exhyperv::assign
