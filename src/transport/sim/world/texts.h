#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace exhyperv::sim {

/// A text of the provider, as an English and as a Chinese host says it. {0}, {1} … are filled by say().
struct Spoken {
    std::string_view english, chinese;
    [[nodiscard]] std::string_view in(bool chinese_host) const { return chinese_host ? chinese : english; }
};

[[nodiscard]] std::string say(bool chinese_host, const Spoken& text,
                              std::initializer_list<std::string_view> values = {});

/// Captions and descriptions.
namespace captions {
inline constexpr Spoken virtual_machine{"Virtual Machine", "虚拟机"};
inline constexpr Spoken virtual_machine_description{"Microsoft Virtual Machine", "Microsoft 虚拟机"};
inline constexpr Spoken host{"Hosting Computer System", "托管计算机系统"};
inline constexpr Spoken host_description{"Microsoft Hosting Computer System", "Microsoft 托管计算机系统"};
inline constexpr Spoken settings{"Virtual Machine Settings", "虚拟机设置"};
inline constexpr Spoken memory{"Memory", "内存"};
inline constexpr Spoken processor{"Processor", "处理器"};
inline constexpr Spoken pci_express{"PCI Express Port", "PCI Express 端口"};
inline constexpr Spoken pci_express_description{"Microsoft Virtual PCI Express Port Setting Data",
                                                "Microsoft 虚拟 PCI Express 端口设置数据"};
inline constexpr Spoken gpu_partition{"GPU Partition Settings", "GPU 分区设置"};
inline constexpr Spoken gpu_partition_description{"Microsoft GPU Partition Setting Data", "Microsoft GPU 分区设置数据"};
inline constexpr Spoken ide_controller{"IDE Controller", "IDE 控制器"};
inline constexpr Spoken scsi_controller{"SCSI Controller", "SCSI 控制器"};
inline constexpr Spoken hard_drive{"Hard Drive", "硬盘驱动器"};
inline constexpr Spoken physical_drive{"Physical Drive", "物理驱动器"};
inline constexpr Spoken dvd_drive{"DVD Drive", "DVD 驱动器"};
inline constexpr Spoken hard_disk_image{"Hard Disk Image", "硬盘映像"};
inline constexpr Spoken iso_image{"ISO Disk Image", "ISO 磁盘映像"};
inline constexpr Spoken network_adapter{"Network Adapter", "网络适配器"};
inline constexpr Spoken connection{"Dynamic Ethernet Switch Port", "动态以太网交换机端口"};
} // namespace captions

/// Job names by Msvm_ConcreteJob.JobType.
[[nodiscard]] Spoken job_caption(std::uint16_t type);

/// Failure texts: wmi-facts 5.4 by number. Texts the facts do not record are said so in docs/simulator.md.
namespace failures {
inline constexpr Spoken start_failed{"'{0}' failed to start.", "“{0}”无法启动。"};
inline constexpr Spoken vm_note{"(Virtual machine ID {0})", "(虚拟机 ID {0})"};
inline constexpr Spoken add_failed{"'{0}' failed to add device '{1}'.", "“{0}”无法添加设备“{1}”。"};
inline constexpr Spoken modify_failed{"'{0}' failed to modify device '{1}'.", "“{0}”无法修改设备“{1}”。"};
inline constexpr Spoken remove_failed{"'{0}' failed to remove device '{1}'.", "“{0}”无法删除设备“{1}”。"};
inline constexpr Spoken settings_failed{"Failed to modify the settings of '{0}'.", "无法修改“{0}”的设置。"};
inline constexpr Spoken invalid_parameter{"One or more arguments are invalid (0x80070057).",
                                          "一个或多个参数无效 (0x80070057)。"};
inline constexpr Spoken invalid_state{
    "The operation cannot be performed while the virtual machine is in its current state.",
    "虚拟机处于当前状态时，无法执行该操作。"};
// 1
inline constexpr Spoken gpu_resources{
    "GPU Partition (Instance ID {0}): Error 'Insufficient system resources exist to complete the requested service.'",
    "GPU Partition (实例 ID {0}): 错误“系统资源不足，无法完成请求的服务。”"};
inline constexpr Spoken gpu_reserve{"Failed to finish reserving resources with Error 'Insufficient system resources "
                                    "exist to complete the requested service.' "
                                    "(0x800705AA).",
                                    "无法完成保留资源，错误为“系统资源不足，无法完成请求的服务。”(0x800705AA)。"};
// 3
inline constexpr Spoken gpu_policy{
    "Could not allocate partitionable GPU device '{0}' that is not compliant with currently set group policy. See "
    "HyperV\\RequireSecureDeviceAssignment and HyperV\\RequireSupportedDeviceAssignment for more details.",
    "无法分配可分区的 GPU 设备“{0}”，该设备不符合当前设置的组策略。有关更多详细信息，请参阅 "
    "HyperV\\RequireSecureDeviceAssignment 和 HyperV\\RequireSupportedDeviceAssignment。"};
// 7
inline constexpr Spoken pci_feature{
    "Virtual Pci Express Port (Instance ID {0}): Failed to Power on with Error 'A hypervisor feature is not available "
    "to the "
    "user.' (0xC035001E).",
    "Virtual Pci Express Port (实例 ID {0}): 无法开机，错误为“虚拟机监控程序功能对用户不可用。”(0xC035001E)。"};
inline constexpr Spoken pci_resources{"Virtual Pci Express Port (Instance ID {0}): Failed to finish reserving "
                                      "resources with Error 'Insufficient system resources "
                                      "exist to complete the requested service.' (0x800705AA).",
                                      "Virtual Pci Express Port (实例 ID {0}): "
                                      "无法完成保留资源，错误为“系统资源不足，无法完成请求的服务。”(0x800705AA)。"};
// 8
inline constexpr Spoken no_mitigations{"The operation failed. The manufacturer of this device has not supplied any "
                                       "directives for securing this device while "
                                       "exposing it to a virtual machine. The device should only be exposed to trusted "
                                       "virtual machines. This device is not "
                                       "supported when passed through to a virtual machine.",
                                       "操作失败。此设备的制造商尚未提供在向虚拟机公开此设备时保护该设备的任何指令。该"
                                       "设备只应公开给受信任的虚拟机。传递给虚拟机时不支持此设备。"};
// 9
inline constexpr Spoken no_pcie_control{
    "The operation failed. The current configuration does not allow for OS control of the PCI Express bus. Please "
    "check your "
    "BIOS or UEFI settings.",
    "操作失败。当前配置不允许操作系统控制 PCI Express 总线。请检查 BIOS 或 UEFI 设置。"};
// 10
inline constexpr Spoken device_not_found{"The specified device '{0}' was not found on server '{1}'.",
                                         "在服务器“{1}”上找不到指定的设备“{0}”。"};
// 11
inline constexpr Spoken type_refused{"Cannot add a device of the specified type.", "无法添加指定类型的设备"};
// 15
inline constexpr Spoken pci_gone{
    "Virtual PCI Express Port (Instance ID {0}): Failed to Power on with Error 'Element not found.' (0x80070490).",
    "Virtual PCI Express Port (实例 ID {0}): 无法开机，错误为“找不到元素。”(0x80070490)。"};
// 16
inline constexpr Spoken disk_in_use{"Synthetic SCSI Controller (Instance ID {0}): Failed to Power on with Error 'The "
                                    "process cannot access the file because it "
                                    "is being used by another process.' (0x80070020).",
                                    "Synthetic SCSI Controller (实例 ID {0}): "
                                    "无法开机，错误为“另一个程序正在使用此文件，进程无法访问。”(0x80070020)。"};
inline constexpr Spoken disk_attachment{
    "Attachment '{0}' failed to open because of error: 'The process cannot access the file because it is being used by "
    "another "
    "process.' (0x80070020).",
    "附件“{0}”无法打开，错误为: “另一个程序正在使用此文件，进程无法访问。”(0x80070020)。"};
// 18
inline constexpr Spoken disk_missing{
    "Synthetic SCSI Controller (Instance ID {0}): Failed to Power on with Error 'The system cannot find the file "
    "specified.' "
    "(0x80070002).",
    "Synthetic SCSI Controller (实例 ID {0}): 无法开机，错误为“系统找不到指定的文件。”(0x80070002)。"};
// 22
inline constexpr Spoken no_migration{"This method is not associated with any management implementation",
                                     "此方法没有与任何管理实现相关联"};
// Not recorded: worded after their neighbours.
inline constexpr Spoken mmio_range{
    "The memory-mapped I/O range of the virtual machine does not fit the physical address space (0x80070057).",
    "虚拟机的内存映射 I/O 范围超出物理地址空间 (0x80070057)。"};
inline constexpr Spoken stop_action{
    "Virtual Pci Express Port (Instance ID {0}): the automatic stop action of the virtual machine must be Turn Off.",
    "Virtual Pci Express Port (实例 ID {0}): 虚拟机的自动停止操作必须为“关闭”。"};
inline constexpr Spoken dynamic_memory{
    "Virtual Pci Express Port (Instance ID {0}): dynamic memory is not supported with assigned devices.",
    "Virtual Pci Express Port (实例 ID {0}): 已分配设备的虚拟机不支持动态内存。"};
inline constexpr Spoken device_taken{"The device '{0}' is assigned to another virtual machine.",
                                     "设备“{0}”已分配给其他虚拟机。"};
inline constexpr Spoken device_enabled{"The device '{0}' must be disabled before it can be dismounted.",
                                       "必须先禁用设备“{0}”，然后才能卸除。"};
inline constexpr Spoken no_save{"A virtual machine with an assigned device cannot be saved.",
                                "无法保存已分配设备的虚拟机的状态。"};
} // namespace failures

} // namespace exhyperv::sim
