#include "server/connection.h"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <deque>
#include <optional>
#include <variant>

namespace exhyperv::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using Plain = beast::tcp_stream;
using Tls = beast::ssl_stream<beast::tcp_stream>;

constexpr std::uint32_t kHeaderLimit = 16u << 10;
constexpr std::size_t kQueuedEvents = 1024;
constexpr auto kHeartbeat = std::chrono::seconds(15), kSessionLook = std::chrono::seconds(1);

std::string frame_of(const api::Event& event) {
    return "id: " + std::to_string(event.id) + "\nevent: " + event.type + "\ndata: " + event.data + "\n\n";
}

/// The body of an answer without a copy: cached documents are shared among connections.
struct SharedBody {
    using value_type = std::shared_ptr<const std::string>;
    static std::uint64_t size(const value_type& body) { return body ? body->size() : 0; }
    struct writer {
        using const_buffers_type = asio::const_buffer;
        const value_type& body;
        template <bool IsRequest, class Fields>
        writer(const http::header<IsRequest, Fields>&, const value_type& value) : body(value) {}
        void init(beast::error_code& error) { error = {}; }
        boost::optional<std::pair<const_buffers_type, bool>> get(beast::error_code& error) {
            error = {};
            if (!body) return boost::none;
            return {{const_buffers_type(body->data(), body->size()), false}};
        }
    };
};

template <class Stream>
class Connection : public std::enable_shared_from_this<Connection<Stream>> {
  public:
    template <class... Args>
    Connection(Shared& shared, std::string peer, Args&&... args)
        : shared_(shared), peer_(std::move(peer)), stream_(std::forward<Args>(args)...),
          timer_(stream_.get_executor()) {
        ++shared_.open;
    }
    ~Connection() { --shared_.open; }

    void start() {
        asio::dispatch(stream_.get_executor(), [self = this->shared_from_this()] { self->begin(); });
    }

  private:
    void begin() {
        if constexpr (std::is_same_v<Stream, Tls>) {
            beast::get_lowest_layer(stream_).expires_after(shared_.options.header_timeout);
            stream_.async_handshake(asio::ssl::stream_base::server,
                                    [self = this->shared_from_this()](beast::error_code error) {
                                        if (!error) self->read(self->shared_.options.header_timeout);
                                    });
        } else {
            read(shared_.options.header_timeout);
        }
    }

    void read(std::chrono::seconds limit) {
        parser_.emplace();
        parser_->header_limit(kHeaderLimit);
        parser_->body_limit(shared_.options.body_limit);
        // One deadline for the whole request: a peer that sends a byte a second does not keep the connection.
        beast::get_lowest_layer(stream_).expires_after(limit);
        http::async_read(
            stream_, buffer_, *parser_,
            [self = this->shared_from_this()](beast::error_code error, std::size_t) { self->on_read(error); });
    }

    void on_read(beast::error_code error) {
        if (error == http::error::end_of_stream) return close();
        if (error == http::error::body_limit || error == http::error::header_limit)
            return refuse_and_close("api.too_large");
        if (error && error.category() == http::make_error_code(http::error::bad_method).category())
            return refuse_and_close("api.bad_request");
        if (error) return; // gone, or too slow
        ++shared_.requests;
        const auto& message = parser_->get();
        keep_alive_ = message.keep_alive();
        version_ = message.version();
        head_ = message.method() == http::verb::head;
        WireRequest request{
            std::string(message.method_string()), std::string(message.target()), peer_, {}, message.body()};
        for (const auto& field : message)
            request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
        beast::get_lowest_layer(stream_).expires_never(); // the API keeps deadlines of its own
        asio::post(shared_.workers, [self = this->shared_from_this(), request = std::move(request)] {
            auto begun = self->shared_.dispatcher->begin(request);
            if (auto* const call = std::get_if<Dispatcher::Call>(&begun))
                return self->shared_.lanes.run(
                    call->lane, [self, answer = std::move(call->answer)] { self->respond_later(answer()); });
            self->respond_later(std::get<WireResponse>(std::move(begun)));
        });
    }

    void respond_later(WireResponse response) {
        asio::post(stream_.get_executor(), [self = this->shared_from_this(), response = std::move(response)]() mutable {
            self->respond(std::move(response));
        });
    }

    void refuse_and_close(const char* code) {
        keep_alive_ = false;
        auto refusal = api::failure(Error{code, {{"reason", "HTTP"}}, {}, {}, {}});
        WireResponse response{refusal.status, security_headers({}, std::is_same_v<Stream, Tls>), refusal.body};
        response.headers.push_back({"Content-Type", "application/json"});
        respond(std::move(response));
    }

    void respond(WireResponse answer) {
        if (answer.event_stream) return open_events(std::move(answer));
        auto response = std::make_shared<http::response<SharedBody>>(
            http::int_to_status(static_cast<unsigned>(answer.status)), version_);
        for (const Header& header : answer.headers)
            response->insert(header.name, header.value);
        response->keep_alive(keep_alive_);
        const bool bodyless = answer.status == 204 || answer.status == 304;
        if (!bodyless) response->content_length(SharedBody::size(answer.body));
        if (!head_ && !bodyless) response->body() = std::move(answer.body);
        beast::get_lowest_layer(stream_).expires_after(shared_.options.header_timeout + std::chrono::seconds(20));
        const auto done = [self = this->shared_from_this(), response](beast::error_code error, std::size_t) {
            if (error) return;
            if (!self->keep_alive_) return self->close();
            self->read(self->shared_.options.idle_timeout);
        };
        http::async_write(stream_, *response, done);
    }

    // --- event stream -----------------------------------------------------------------------------------------------

    void open_events(WireResponse answer) {
        std::string head = "HTTP/1.1 200 OK\r\nConnection: close\r\n";
        for (const Header& header : answer.headers)
            head += header.name + ": " + header.value + "\r\n";
        queue_.push_back(std::make_shared<const std::string>(head + "\r\nretry: 2000\n\n"));
        session_open_ = std::move(answer.session_open);
        std::weak_ptr<Connection> weak = this->shared_from_this();
        auto joined = shared_.events->join(answer.last_event_id, [weak](const api::EventHub::Shared& event) {
            // On the publisher's thread: only hand it over.
            if (auto self = weak.lock())
                asio::post(self->stream_.get_executor(), [self, event] {
                    if (self->session_ended()) return self->drop();
                    self->enqueue(std::make_shared<const std::string>(frame_of(*event)));
                });
        });
        subscription_ = std::move(joined.subscription);
        if (joined.gap)
            queue_.push_back(std::make_shared<const std::string>(frame_of({joined.last_id, "reset", "{}"})));
        for (const auto& missed : joined.missed)
            queue_.push_back(std::make_shared<const std::string>(frame_of(*missed)));
        watch_for_end();
        beat();
        write_next();
    }

    void enqueue(std::shared_ptr<const std::string> frame) {
        if (queue_.size() >= kQueuedEvents) return drop(); // too slow; the page comes back with its last id
        queue_.push_back(std::move(frame));
        if (queue_.size() == 1) write_next();
    }

    void write_next() {
        if (queue_.empty()) return;
        beast::get_lowest_layer(stream_).expires_after(shared_.options.header_timeout + kHeartbeat * 2);
        asio::async_write(stream_, asio::buffer(*queue_.front()),
                          [self = this->shared_from_this()](beast::error_code error, std::size_t) {
                              if (error) return self->drop();
                              self->queue_.pop_front();
                              self->write_next();
                          });
    }

    /// A stream outlives no session: whoever signed out, or lost the account, hears nothing more.
    [[nodiscard]] bool session_ended() const { return session_open_ && !session_open_(); }

    void beat(std::chrono::seconds silent = {}) {
        timer_.expires_after(kSessionLook);
        timer_.async_wait([self = this->shared_from_this(), silent = silent + kSessionLook](beast::error_code error) {
            if (error) return;
            if (self->session_ended()) return self->drop();
            const bool due = silent >= kHeartbeat;
            if (due && self->queue_.empty()) self->enqueue(std::make_shared<const std::string>(": alive\n\n"));
            self->beat(due ? std::chrono::seconds(0) : silent);
        });
    }

    /// A page that goes away closes its side; nothing else is expected to arrive.
    void watch_for_end() {
        stream_.async_read_some(asio::buffer(spare_),
                                [self = this->shared_from_this()](beast::error_code error, std::size_t) {
                                    if (error) return self->drop();
                                    self->watch_for_end();
                                });
    }

    void drop() {
        subscription_ = {};
        timer_.cancel();
        beast::get_lowest_layer(stream_).close();
    }

    void close() {
        if constexpr (std::is_same_v<Stream, Tls>) {
            beast::get_lowest_layer(stream_).expires_after(std::chrono::seconds(5));
            stream_.async_shutdown([self = this->shared_from_this()](beast::error_code) {});
        } else {
            beast::error_code ignored;
            stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
        }
    }

    Shared& shared_;
    const std::string peer_;
    Stream stream_;
    asio::steady_timer timer_;
    beast::flat_buffer buffer_{kHeaderLimit + (512u << 10)};
    std::optional<http::request_parser<http::string_body>> parser_;
    bool keep_alive_ = false, head_ = false;
    unsigned version_ = 11;
    std::deque<std::shared_ptr<const std::string>> queue_;
    std::array<char, 256> spare_{};
    std::function<bool()> session_open_;
    api::EventHub::Subscription subscription_;
};

std::string peer_of(const tcp::socket& socket) {
    boost::system::error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    return error ? std::string("?") : endpoint.address().to_string();
}

} // namespace

void start_plain_connection(tcp::socket socket, Shared& shared) {
    auto peer = peer_of(socket);
    std::make_shared<Connection<Plain>>(shared, std::move(peer), std::move(socket))->start();
}

void start_tls_connection(tcp::socket socket, asio::ssl::context& tls, Shared& shared) {
    auto peer = peer_of(socket);
    std::make_shared<Connection<Tls>>(shared, std::move(peer), std::move(socket), tls)->start();
}

} // namespace exhyperv::server
