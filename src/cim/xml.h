#pragma once

#include "cim/instance.h"
#include "support/result.h"

namespace exhyperv::cim {

/// Writes the CIM-XML (DTD 2.0) text of an instance, as the Hyper-V services take it in "embedded instance" string
/// parameters: wmi-facts 1.1. NULL becomes a PROPERTY without VALUE, booleans TRUE/FALSE, everything is escaped. An
/// embedded object is written as its own text in a VALUE (EmbeddedObject="instance"), a reference as its object path.
/// Characters that XML 1.0 cannot hold (control characters but tab, LF, CR; malformed UTF-8) become U+FFFD. The path is
/// not part of the text.
[[nodiscard]] std::string to_cim_xml(const Instance& instance);

struct XmlLimits {
    std::size_t bytes = 4u << 20;
    std::size_t properties = 4096;      ///< of all instances in the text together
    std::size_t array_elements = 65536; ///< of all arrays in the text together
    std::size_t depth = 16;             ///< instances inside instances
};

/// Reads such a text. QUALIFIERs and ___SYSTEM properties are skipped; TRUE/true are accepted; WMI DTD 2.0 wrapping
/// (CIM/DECLARATION/…/VALUE.OBJECT) is looked through, its PROPERTY.OBJECT elements are read. A null element of a text
/// array is read as "" (COM hands it out so). Hostile input: no DTD, no entities but the five and character references,
/// bounded. Errors: cim.bad_xml with position and reason. MOF text is refused with cim.bad_xml too.
[[nodiscard]] Result<Instance> parse_cim_xml(std::string_view text, const XmlLimits& limits = {});

} // namespace exhyperv::cim
