#include "client.h"
#include "running_server.h"

#include <gtest/gtest.h>

#include <future>

namespace exhyperv::server::test {
namespace {

using namespace std::chrono_literals;

/// Somebody who reads the event stream.
class Listener {
  public:
    Listener(RunningServer& server, const std::string& session) : client_(server.port()) {
        client_.send("GET /api/v1/events HTTP/1.1\r\nHost: " + server.host() + "\r\n" + session + "\r\n");
        const auto end = std::chrono::steady_clock::now() + 30s;
        while (server.events().listeners() == 0 && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(5ms);
    }
    /// All that comes until the server ends the stream.
    std::string rest() { return client_.receive_all(30s); }
    [[nodiscard]] bool ended() const { return !client_.timed_out(); }

  private:
    Client client_;
};

TEST(LongCalls, a_host_that_does_not_answer_holds_up_nothing_else) {
    std::promise<void> open;
    const auto gate = open.get_future().share();
    std::vector<Client> waiting;
    {
        const RunningServer server({}, [gate](const api::Request& call) {
            if (call.query.contains("host") && call.query.at("host") == "slow") gate.wait_for(60s);
        });
        const std::string session = server.session();
        for (int i = 0; i < 16; ++i) {
            waiting.emplace_back(server.port());
            waiting.back().send(request(server, "GET /api/v1/vms?host=slow", session));
        }
        EXPECT_GE(status_of(exchange(server.port(), request(server, "GET /"))), 200);
        EXPECT_TRUE(server.well());
        EXPECT_FALSE(server.session().empty()); // signing in
        EXPECT_EQ(status_of(exchange(server.port(), request(server, "GET /api/v1/vms?host=quick", session))), 200);
        open.set_value();
        for (Client& client : waiting)
            EXPECT_EQ(status_of(client.receive_all()), 200);
    }
}

TEST(LongCalls, a_stream_ends_with_its_session_and_tells_nothing_more) {
    RunningServer server;
    const std::string session = server.session();
    Listener listener(server, session);
    server.events().publish("operation", R"({"before":true})");
    EXPECT_EQ(status_of(exchange(server.port(), request(server, "DELETE /api/v1/session", session))), 204);
    server.events().publish("operation", R"({"after":true})");
    const std::string heard = listener.rest();
    EXPECT_TRUE(listener.ended());
    EXPECT_NE(heard.find("before"), std::string::npos);
    EXPECT_EQ(heard.find("after"), std::string::npos);
}

TEST(LongCalls, a_quiet_stream_ends_with_its_session_too) {
    RunningServer server;
    const std::string session = server.session();
    Listener listener(server, session);
    EXPECT_EQ(status_of(exchange(server.port(), request(server, "DELETE /api/v1/session", session))), 204);
    (void)listener.rest();
    EXPECT_TRUE(listener.ended());
}

} // namespace
} // namespace exhyperv::server::test
