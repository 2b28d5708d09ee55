#pragma once

#include "cim/value.h"
#include "support/result.h"
#include "transport/wmi_com/wbem_headers.h"

#include <functional>
#include <optional>
#include <utility>

namespace exhyperv::wmi_com {

/// A VARIANT that is cleared with its owner.
class Variant {
  public:
    Variant() { VariantInit(&value_); }
    Variant(Variant&& other) noexcept : value_(other.value_) { VariantInit(&other.value_); }
    Variant& operator=(Variant&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    ~Variant() { VariantClear(&value_); }

    [[nodiscard]] const VARIANT& get() const { return value_; }
    [[nodiscard]] VARIANT* put() { return &value_; }
    /// Hands the content over: a shallow copy whose receiver clears it.
    [[nodiscard]] VARIANT release() {
        const VARIANT out = value_;
        VariantInit(&value_);
        return out;
    }

  private:
    VARIANT value_;
};

/// CIM types as the WMI interfaces number them (CIMTYPE_ENUMERATION).
[[nodiscard]] CIMTYPE to_cimtype(cim::CimType type, bool array);
[[nodiscard]] std::optional<cim::CimType> from_cimtype(CIMTYPE type); ///< the array flag is left out

/// How embedded objects cross: instances become IWbemClassObject and back.
using MakeObject = std::function<Result<ComPtr<IWbemClassObject>>(const cim::Instance&)>;
using ReadObject = std::function<Result<cim::Instance>(IWbemClassObject&)>;

/// The VARIANT in which WMI takes and gives a value of `type` (wmi-facts 1.0: uint64 and sint64 as decimal text, uint32
/// as a VT_I4 of the same bits, uint16 as VT_I4, …; NULL as VT_NULL). Integers are converted between integer types,
/// texts between text types. Error: cim.type_mismatch when the value is of another kind or does not fit.
[[nodiscard]] Result<Variant> to_variant(const cim::Value& value, cim::CimType type, const MakeObject& make_object);
/// Reads any VARIANT that can mean a value of the type, not only the one shape of the table: providers differ. A null
/// element of a text array is "". Bounded: 1,048,576 elements. Error: cim.type_mismatch.
[[nodiscard]] Result<cim::Value> from_variant(const VARIANT& variant, CIMTYPE type, const ReadObject& read_object);

} // namespace exhyperv::wmi_com
