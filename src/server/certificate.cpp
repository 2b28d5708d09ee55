#include "server/certificate.h"

#include "platform/file.h"
#include "platform/private_file.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>

namespace exhyperv::server {
namespace {

constexpr std::uint64_t kFileLimit = 256u << 10;
constexpr long kDay = 24 * 60 * 60, kLifetime = 825 * kDay, kRenewBefore = 30 * kDay;

template <auto free>
struct Free {
    template <class T>
    void operator()(T* object) const {
        free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, Free<X509_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;

tl::unexpected<Error> openssl_failure(const char* what) {
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    ERR_clear_error();
    return fail("server.certificate", {{"reason", what}}, text.data());
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(std::max(size, 0L))};
}

Cert parse_certificate(const std::string& pem) {
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return Cert(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

Key parse_key(const std::string& pem) {
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    // An empty pass phrase instead of a prompt: a server has nobody to ask.
    return Key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, const_cast<char*>("")));
}

std::string fingerprint_of(X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    X509_digest(certificate, EVP_sha256(), digest.data(), &size);
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (unsigned i = 0; i < size; ++i) {
        if (i > 0) out += ':';
        out += digits[digest[i] >> 4];
        out += digits[digest[i] & 15];
    }
    return out;
}

Result<Certificate> checked(std::string certificate_pem, std::string key_pem) {
    const Cert certificate = parse_certificate(certificate_pem);
    if (!certificate) return openssl_failure("the certificate is not PEM");
    const Key key = parse_key(key_pem);
    if (!key) return openssl_failure("the key is not PEM, or has a pass phrase");
    if (X509_check_private_key(certificate.get(), key.get()) != 1)
        return openssl_failure("the key does not belong to the certificate");
    return Certificate{std::move(certificate_pem), std::move(key_pem), fingerprint_of(certificate.get()), false};
}

bool is_address(const std::string& name) {
    const std::unique_ptr<ASN1_OCTET_STRING, Free<ASN1_OCTET_STRING_free>> address(a2i_IPADDRESS(name.c_str()));
    ERR_clear_error();
    return address != nullptr;
}

bool still_good(const Certificate& known, const std::vector<std::string>& names) {
    const Cert certificate = parse_certificate(known.certificate_pem);
    std::time_t soon = std::time(nullptr) + kRenewBefore;
    if (!certificate || X509_cmp_time(X509_get0_notAfter(certificate.get()), &soon) <= 0) return false;
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
        return is_address(name) ? X509_check_ip_asc(certificate.get(), name.c_str(), 0) == 1
                                : X509_check_host(certificate.get(), name.c_str(), name.size(), 0, nullptr) == 1;
    });
}

bool add_extension(X509* certificate, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

/// Only names that cannot break the extension's own syntax come in: letters, digits, '.', '-', ':'.
std::string subject_names(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) {
        const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
            return std::isalnum(c) || c == '.' || c == '-' || c == ':';
        });
        if (!plain) continue;
        out += (out.empty() ? "" : ",") + std::string(is_address(name) ? "IP:" : "DNS:") + name;
    }
    return out;
}

Result<Certificate> make(const std::vector<std::string>& names) {
    const Key key(EVP_EC_gen("P-256"));
    const Cert certificate(X509_new());
    if (!key || !certificate) return openssl_failure("no key could be made");
    std::array<unsigned char, 16> serial{};
    if (RAND_bytes(serial.data(), serial.size()) != 1) return openssl_failure("no random numbers");
    serial[0] &= 0x7f;
    const std::unique_ptr<BIGNUM, Free<BN_free>> number(BN_bin2bn(serial.data(), serial.size(), nullptr));
    BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get()));
    X509_set_version(certificate.get(), 2);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60 * 60); // clocks of others may be behind
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kLifetime);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* const subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>("ExHyperV"), -1, -1,
                               0);
    X509_set_issuer_name(certificate.get(), subject);
    const std::string alternatives = subject_names(names);
    const bool made = add_extension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE") &&
                      add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature") &&
                      add_extension(certificate.get(), NID_ext_key_usage, "serverAuth") &&
                      (alternatives.empty() || add_extension(certificate.get(), NID_subject_alt_name, alternatives)) &&
                      X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0;
    if (!made) return openssl_failure("the certificate could not be made");

    const Bio certificate_text(BIO_new(BIO_s_mem())), key_text(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1 ||
        PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
        return openssl_failure("the certificate could not be written");
    return Certificate{text_of(certificate_text.get()), text_of(key_text.get()), fingerprint_of(certificate.get()),
                       true};
}

} // namespace

Result<Certificate> read_certificate(const std::string& certificate_file, const std::string& key_file) {
    TRY_ASSIGN(auto certificate, platform::read_text_file(certificate_file, kFileLimit));
    TRY_ASSIGN(auto key, platform::read_text_file(key_file, kFileLimit));
    return checked(std::move(certificate), std::move(key));
}

Result<Certificate> own_certificate(const std::string& data_directory, const std::vector<std::string>& names) {
    const std::string directory = data_directory + "/tls", certificate_file = directory + "/certificate.pem",
                      key_file = directory + "/key.pem";
    if (platform::file_exists(certificate_file) && platform::file_exists(key_file))
        if (auto known = read_certificate(certificate_file, key_file); known && still_good(*known, names)) return known;
    TRY_ASSIGN(auto made, make(names));
    TRY(platform::make_directories(directory));
    TRY(platform::write_private_file(key_file, made.private_key_pem));
    TRY(platform::write_file_atomically(certificate_file, made.certificate_pem));
    return made;
}

} // namespace exhyperv::server
