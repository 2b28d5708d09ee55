#include "transport/sim/world/texts.h"

#include <cstdint>

namespace exhyperv::sim {

std::string say(bool chinese_host, const Spoken& text, std::initializer_list<std::string_view> values) {
    auto pattern = text.in(chinese_host);
    std::string out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}') {
            auto index = static_cast<std::size_t>(pattern[i + 1] - '0');
            if (index < values.size()) out += *(values.begin() + index);
            i += 2;
        } else {
            out += pattern[i];
        }
    }
    return out;
}

Spoken job_caption(std::uint16_t type) {
    switch (type) {
    case 1:
        return {"Define Virtual Machine", "定义虚拟机"};
    case 2:
        return {"Modify Virtual Machine", "修改虚拟机"};
    case 3:
        return {"Destroy Virtual Machine", "销毁虚拟机"};
    case 12:
        return {"Starting Virtual Machine", "正在启动虚拟机"};
    case 13:
        return {"Turning Off Virtual Machine", "正在关闭虚拟机"};
    case 14:
        return {"Saving Virtual Machine", "正在保存虚拟机"};
    case 15:
        return {"Restoring Virtual Machine", "正在还原虚拟机"};
    case 16:
        return {"Shutting Down Virtual Machine", "正在关闭虚拟机"};
    case 26:
        return {"Pausing Virtual Machine", "正在暂停虚拟机"};
    case 27:
        return {"Resuming Virtual Machine", "正在恢复虚拟机"};
    case 28:
        return {"Resetting Virtual Machine", "正在重置虚拟机"};
    case 29:
        return {"Rebooting Virtual Machine", "正在重新启动虚拟机"};
    case 30:
        return {"Add Virtual Machine Resources", "添加虚拟机资源"};
    case 31:
        return {"Modify Virtual Machine Resources", "修改虚拟机资源"};
    case 32:
        return {"Remove Virtual Machine Resources", "删除虚拟机资源"};
    case 70:
        return {"Creating Virtual Machine Checkpoint", "正在创建虚拟机检查点"};
    case 71:
        return {"Applying Virtual Machine Checkpoint", "正在应用虚拟机检查点"};
    case 72:
        return {"Deleting Virtual Machine Checkpoint", "正在删除虚拟机检查点"};
    case 260:
        return {"Mount or Dismount Assignable Device", "装载或卸除可分配设备"};
    default:
        return {"Virtual Machine Operation", "虚拟机操作"};
    }
}

} // namespace exhyperv::sim
