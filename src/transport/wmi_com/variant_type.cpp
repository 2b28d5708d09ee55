#include "transport/wmi_com/variant.h"

#include <algorithm>

namespace exhyperv::wmi_com {
namespace {

using cim::CimType;

constexpr std::pair<CimType, CIMTYPE> kTypes[] = {
    {CimType::boolean, CIM_BOOLEAN}, {CimType::uint8, CIM_UINT8},       {CimType::sint8, CIM_SINT8},
    {CimType::uint16, CIM_UINT16},   {CimType::sint16, CIM_SINT16},     {CimType::uint32, CIM_UINT32},
    {CimType::sint32, CIM_SINT32},   {CimType::uint64, CIM_UINT64},     {CimType::sint64, CIM_SINT64},
    {CimType::real32, CIM_REAL32},   {CimType::real64, CIM_REAL64},     {CimType::char16, CIM_CHAR16},
    {CimType::string, CIM_STRING},   {CimType::datetime, CIM_DATETIME}, {CimType::reference, CIM_REFERENCE},
    {CimType::object, CIM_OBJECT},
};

} // namespace

CIMTYPE to_cimtype(CimType type, bool array) {
    const auto* known = std::ranges::find(kTypes, type, &std::pair<CimType, CIMTYPE>::first);
    return known->second | (array ? CIM_FLAG_ARRAY : 0); // every CimType stands in the table
}

std::optional<CimType> from_cimtype(CIMTYPE type) {
    const auto* known = std::ranges::find(kTypes, type & ~CIM_FLAG_ARRAY, &std::pair<CimType, CIMTYPE>::second);
    if (known == std::end(kTypes)) return std::nullopt;
    return known->first;
}

} // namespace exhyperv::wmi_com
