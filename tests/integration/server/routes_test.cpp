#include "api/service.h"
#include "platform/file.h"
#include "support/strings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

// The calls of schema/openapi.yaml, of the server and of the page's generated types are the same ones. (What is in the
// answers is held against the document by tests/e2e/browser/contract.test.mjs.)

namespace exhyperv::api {
namespace {

std::string text_of(const std::string& path) {
    auto text = platform::read_text_file(std::string(EXHYPERV_SOURCE_DIR) + "/" + path, 1u << 20);
    return text ? *text : std::string();
}

/// "GET /vms": a path stands two blanks in, its methods four.
std::set<std::string> described_calls() {
    std::set<std::string> out;
    std::string path;
    bool inside = false;
    for (const std::string& line : split(text_of("schema/openapi.yaml"), '\n')) {
        if (!line.starts_with(' ')) inside = line == "paths:";
        if (!inside) continue;
        if (line.starts_with("  /")) path = line.substr(2, line.find(':') - 2);
        for (const char* method : {"get", "post", "put", "delete", "patch"})
            if (line == std::string("    ") + method + ":") out.insert(ascii_upper(method) + " " + path);
    }
    return out;
}

std::set<std::string> served_calls() {
    // What the server answers itself, before the interface (server/dispatch.cpp).
    std::set<std::string> out = {"GET /session", "POST /session", "DELETE /session", "POST /session/token",
                                 "GET /events"};
    for (const auto& route : Service::routes())
        out.insert(route.method + " " + route.path);
    return out;
}

TEST(Routes, the_server_answers_exactly_what_the_document_describes) {
    EXPECT_GE(described_calls().size(), 15u);
    EXPECT_EQ(described_calls(), served_calls());
}

TEST(Routes, the_pages_types_know_every_path_of_the_document) {
    const std::string types = text_of("web/src/api/types.gen.ts");
    for (const std::string& call : described_calls()) {
        const std::string path = call.substr(call.find(' ') + 1);
        EXPECT_NE(types.find("\"" + path + "\": {"), std::string::npos) << path;
    }
}

TEST(Routes, the_page_calls_nothing_that_is_not_described) {
    const std::string client = text_of("web/src/api/client.ts");
    std::set<std::string> paths;
    for (const std::string& call : described_calls())
        paths.insert(call.substr(call.find(' ') + 1));
    std::size_t found = 0;
    for (std::size_t at = client.find("Answer<\""); at != std::string::npos; at = client.find("Answer<\"", at + 1)) {
        const std::size_t start = at + 8;
        const std::string path = client.substr(start, client.find('"', start) - start);
        EXPECT_TRUE(paths.contains(path)) << path;
        ++found;
    }
    EXPECT_GE(found, 12u);
}

} // namespace
} // namespace exhyperv::api
