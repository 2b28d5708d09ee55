#pragma once

#include "support/result.h"

#include <string>
#include <vector>

namespace exhyperv::server {

/// A TLS certificate with its key, as PEM texts, ready for ListenOptions.
struct Certificate {
    std::string certificate_pem, private_key_pem;
    std::string fingerprint; ///< SHA-256, "A1:B2:…": what people compare with what the browser shows
    bool made_now = false;
};

/// The certificate in these files. Errors: file.*, server.certificate {reason} (not PEM, or the key is another's).
[[nodiscard]] Result<Certificate> read_certificate(const std::string& certificate_file, const std::string& key_file);

/// The server's own self-signed one, in <data directory>/tls/; made when there is none, when it ends within 30 days, or
/// when it does not name one of `names` (host names and addresses). ECDSA P-256, good for 825 days.
/// Errors: file.*, server.certificate.
[[nodiscard]] Result<Certificate> own_certificate(const std::string& data_directory,
                                                  const std::vector<std::string>& names);

} // namespace exhyperv::server
