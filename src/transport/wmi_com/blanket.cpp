#include "transport/wmi_com/blanket.h"

#include "platform/win/wide.h"
#include "transport/wmi_com/com_error.h"

namespace exhyperv::wmi_com {

Blanket::Blanket(const Target& target)
    : password_(platform::to_wide(target.password)), explicit_(!target.user.empty()), remote_(target.remote()) {
    const auto separator = target.user.find('\\');
    if (separator != std::string::npos) domain_ = platform::to_wide(target.user.substr(0, separator));
    user_ = platform::to_wide(separator == std::string::npos ? target.user : target.user.substr(separator + 1));

    const auto units = [](std::wstring& text) { return reinterpret_cast<USHORT*>(text.data()); };
    identity_.User = units(user_);
    identity_.UserLength = static_cast<ULONG>(user_.size());
    identity_.Domain = units(domain_);
    identity_.DomainLength = static_cast<ULONG>(domain_.size());
    identity_.Password = units(password_);
    identity_.PasswordLength = static_cast<ULONG>(password_.size());
    identity_.Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE;
}

Blanket::~Blanket() {
    SecureZeroMemory(password_.data(), password_.size() * sizeof(wchar_t));
}

Result<> Blanket::cover(IUnknown& proxy, const std::string& what) const {
    COAUTHIDENTITY* identity = explicit_ ? &identity_ : nullptr;
    // On this machine NTLM to oneself; to another one whatever both sides agree on, Kerberos where there is a domain.
    const HRESULT result =
        remote_ ? CoSetProxyBlanket(&proxy, RPC_C_AUTHN_DEFAULT, RPC_C_AUTHZ_DEFAULT, COLE_DEFAULT_PRINCIPAL,
                                    RPC_C_AUTHN_LEVEL_PKT_PRIVACY, RPC_C_IMP_LEVEL_IMPERSONATE, identity, EOAC_NONE)
                : CoSetProxyBlanket(&proxy, RPC_C_AUTHN_WINNT, RPC_C_AUTHZ_NONE, nullptr, RPC_C_AUTHN_LEVEL_CALL,
                                    RPC_C_IMP_LEVEL_IMPERSONATE, nullptr, EOAC_NONE);
    if (FAILED(result)) return fail(com_error(result, what));
    return {};
}

} // namespace exhyperv::wmi_com
