#pragma once
// One HTTP/1.1 connection over any stream: reads a head, asks the Application, reads the body, answers, again.
// Private to the transport: plain.cc and tls.cc make one each.
//
// The head is looked at before it is parsed, because the parser forgives what a proxy in front may read otherwise
// (folded lines, bare line feeds): request smuggling lives on such differences.

#include <boost/asio/dispatch.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <fmt/format.h>

#include <fmt/format.h>

#include "server/http/connection.h"
#include "server/http/websocket.h"

namespace leeway::http {

namespace beast = boost::beast;

/// A body that grows with what arrives. The library's own reserves what Content-Length claims, which costs the peer
/// nothing to claim.
struct GrowingBody {
  using value_type = std::string;
  class reader {
   public:
    template <bool request, class Fields>
    reader(beast::http::header<request, Fields>&, value_type& body) : body_(body) {}
    void init(const boost::optional<uint64_t>&, boost::system::error_code& error) { error = {}; }
    template <class Buffers>
    size_t put(const Buffers& buffers, boost::system::error_code& error) {
      error = {};
      size_t size = 0;
      for (const auto buffer : beast::buffers_range_ref(buffers)) {
        body_.append(static_cast<const char*>(buffer.data()), buffer.size());
        size += buffer.size();
      }
      return size;
    }
    void finish(boost::system::error_code& error) { error = {}; }

   private:
    value_type& body_;
  };
};

template <class Stream>
class Session final : public Connection, public std::enable_shared_from_this<Session<Stream>> {
 public:
  static constexpr bool secure = !std::is_same_v<Stream, tcp::socket>;

  Session(Stream stream, Shard& shard, Place place)
      : stream_(std::move(stream)), shard_(shard), place_(std::move(place)), limits_(place_.shared().options.limits) {}
  ~Session() override { release_body(); }

  void start() {
    shard_.connections.emplace(this, this->weak_from_this());
    deadline_ = now() + limits_.header_time;
    if constexpr (secure) {
      stream_.async_handshake(Stream::server, [self = self()](boost::system::error_code error) {
        if (error || self->state_ == State::closed) return self->close();
        self->read_head();
      });
    } else {
      read_head();
    }
  }

  void tick(SteadyTime time) override {
    if (time < deadline_ || timed_out_) return;
    if (begun() || state_ == State::body) {
      timed_out_ = true;  // the read that this cancels answers 408
      boost::system::error_code ignored;
      socket().cancel(ignored);
    } else {
      close();
    }
  }

  void stop() override {
    keep_alive_ = false;
    if (state_ == State::idle || state_ == State::handshake || (state_ == State::head && !begun())) return close();
    if (deadline_ != never) deadline_ = std::min(deadline_, now() + std::chrono::seconds(2));
  }

 private:
  enum class State : uint8_t { handshake, idle, head, body, answering, writing, lingering, closed };
  using Parser = beast::http::request_parser<GrowingBody>;
  static constexpr size_t head_step = 4096, body_step = 64 * 1024;
  static constexpr uint64_t spare = 64;  // what the JSON parser reads beyond the end

  std::shared_ptr<Session> self() { return this->shared_from_this(); }
  auto& socket() { return beast::get_lowest_layer(stream_); }
  /// A request's first byte is here, its last of the head is not.
  bool begun() const { return state_ == State::head && request_.received != SteadyTime{}; }
  static SteadyTime now() { return std::chrono::steady_clock::now(); }

  template <class Next>
  void read_some(size_t step, Next next) {
    const size_t old = buffer_.size();
    buffer_.resize(old + step);
    stream_.async_read_some(asio::buffer(buffer_.data() + old, step),
                            [self = self(), old, next](boost::system::error_code error, size_t size) {
                              self->buffer_.resize(old + size);
                              if (self->state_ == State::closed) return;
                              if (self->timed_out_) return self->refuse(408, "the request took too long to arrive");
                              if (error) return self->close();
                              (self.get()->*next)();
                            });
  }

  void read_head() {
    state_ = buffer_.empty() && served_ ? State::idle : State::head;
    if (shard_.stopping && state_ == State::idle) return close();
    deadline_ = now() + (state_ == State::idle ? limits_.idle_time : limits_.header_time);
    request_ = {};
    request_.address = place_.address();
    request_.secure = secure;
    scanned_ = 0;
    if (buffer_.empty()) read_some(head_step, &Session::look_at_head);
    else look_at_head();
  }

  void look_at_head() {
    if (state_ == State::idle) {
      state_ = State::head;
      deadline_ = now() + limits_.header_time;
    }
    if (request_.received == SteadyTime{}) request_.received = now();
    if (buffer_.front() < 'A' || buffer_.front() > 'Z') return refuse(400, "this is not an HTTP request");
    for (size_t i = scanned_; i < buffer_.size(); ++i) {
      const char c = buffer_[i];
      if (c == '\0') return refuse(400, "the header has a NUL byte");
      if (c == '\n' && (i == 0 || buffer_[i - 1] != '\r'))
        return refuse(400, "a line of the header ends without a carriage return");
      if ((c == ' ' || c == '\t') && i > 0 && buffer_[i - 1] == '\n')
        return refuse(400, "a line of the header is folded");
      if (c == '\n' && i >= 3 && buffer_[i - 2] == '\n') return parse_head(i + 1);
      if (i >= limits_.header_bytes)
        return refuse(431, fmt::format("the header is beyond the limit of {} bytes", limits_.header_bytes));
    }
    scanned_ = buffer_.size();
    read_some(head_step, &Session::look_at_head);
  }

  void parse_head(size_t size) {
    parser_.emplace();
    parser_->header_limit(static_cast<uint32_t>(limits_.header_bytes) + 1);
    parser_->body_limit(boost::none);
    boost::system::error_code error;
    const size_t used = parser_->put(asio::const_buffer(buffer_.data(), size), error);
    if (error || !parser_->is_header_done()) return refuse(400, "the header is not valid HTTP");
    buffer_.erase(0, used);
    const auto& head = parser_->get();
    request_.method_text = std::string(head.method_string());
    request_.method = method_of(request_.method_text);
    request_.target = std::string(head.target());
    for (const auto& field : head) request_.headers.add(std::string(field.name_string()), std::string(field.value()));
    keep_alive_ = parser_->keep_alive() && !shard_.stopping;
    old_version_ = head.version() == 10;
    if (const auto problem = wrong_head(head.version())) return refuse(problem->first, problem->second);
    admit();
  }

  std::optional<std::pair<int, std::string_view>> wrong_head(unsigned version) const {
    using Wrong = std::pair<int, std::string_view>;
    const Headers& headers = request_.headers;
    if (version != 11 && version != 10) return Wrong(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    if (headers.size() > limits_.header_fields) return Wrong(431, "the header has more than 100 fields");
    if (headers.count("Host") > 1 || (headers.count("Host") == 0 && version == 11))
      return Wrong(400, "there must be exactly one Host field");
    if (headers.count("Content-Length") > 1) return Wrong(400, "there are two Content-Length fields");
    if (headers.has("Transfer-Encoding")) {
      if (version == 10 || headers.count("Transfer-Encoding") > 1 ||
          !equal_ignoring_case(headers.get("Transfer-Encoding"), "chunked"))
        return Wrong(400, "the only Transfer-Encoding read here is chunked, once");
      if (headers.has("Content-Length")) return Wrong(400, "there are both Content-Length and Transfer-Encoding");
    }
    if (!request_.target.starts_with('/') && !(request_.target == "*" && request_.method == Method::options))
      return Wrong(400, "the target must be a path");
    return {};
  }

  void admit() {
    Admission admission = place_.shared().application.admit(request_);
    const bool bodiless = parser_->is_done();
    if (admission.response) {
      if (!bodiless) keep_alive_ = false;
      return respond(std::move(*admission.response));
    }
    if (admission.websocket) {
      if (!bodiless || !buffer_.empty()) return refuse(400, "nothing may follow the upgrade's header");
      return upgrade(std::move(*admission.websocket));
    }
    const uint64_t limit = admission.body_limit != 0 ? admission.body_limit : limits_.body_bytes;
    if (parser_->content_length().value_or(0) > limit)
      return refuse(413, fmt::format("the body is beyond the limit of {} bytes", limit));
    parser_->body_limit(limit);
    body_start_ = now();
    state_ = State::body;
    if (!bodiless && buffer_.empty() && equal_ignoring_case(request_.headers.get("Expect"), "100-continue"))
      return go_ahead();
    take_body();
  }

  void go_ahead() {
    static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
    deadline_ = now() + limits_.header_time;
    stream_.async_write_some(asio::buffer(text), [self = self()](boost::system::error_code error, size_t size) {
      if (error || size < text.size() || self->state_ == State::closed) return self->close();
      self->take_body();
    });
  }

  void take_body() {
    while (!parser_->is_done() && !buffer_.empty()) {
      boost::system::error_code error;
      const size_t used = parser_->put(asio::const_buffer(buffer_.data(), buffer_.size()), error);
      buffer_.erase(0, used);
      if (error == beast::http::error::need_more) break;
      if (error == beast::http::error::body_limit) return refuse(413, "the body is beyond the limit of this address");
      if (error) return refuse(400, "the body is not valid HTTP");
    }
    const uint64_t size = parser_->get().body().size();
    if (size > held_) {
      if (!place_.shared().usage.hold(size - held_)) return refuse(503, "too many bodies are being read at once");
      held_ = size;
    }
    if (parser_->is_done()) return handle();
    if (buffer_.size() > limits_.header_bytes) return refuse(400, "a chunk's header is too long");
    using std::chrono::milliseconds;
    const auto earned =
        milliseconds(5000 + static_cast<int64_t>(size * 1000 / std::max<uint64_t>(1, limits_.body_rate)));
    deadline_ = body_start_ + std::min<milliseconds>(limits_.body_time, earned);
    read_some(body_step, &Session::take_body);
  }

  void handle() {
    state_ = State::answering;
    deadline_ = never;
    request_.body = std::move(parser_->get().body());
    request_.body.reserve(request_.body.size() + spare);
    parser_.reset();
    place_.shared().application.handle(std::move(request_), [self = self()](Response response) mutable {
      auto executor = self->socket().get_executor();
      asio::dispatch(executor, [self = std::move(self), response = std::move(response)]() mutable {
        self->respond(std::move(response));
      });
    });
  }

  void refuse(int status, std::string_view detail) {
    keep_alive_ = false;
    timed_out_ = false;
    respond(place_.shared().application.refuse(request_, status, detail));
  }

  void respond(Response response) {
    if (state_ == State::closed) return;
    state_ = State::writing;
    if (response.close || shard_.stopping) keep_alive_ = false;
    const std::string_view connection = !keep_alive_ ? "close" : old_version_ ? "keep-alive" : "";
    head_ = head_text(response, response.body.size(), shard_.date_now(), connection);
    body_ = request_.method == Method::head ? std::string() : std::move(response.body);
    written_ = 0;
    write_start_ = now();
    write_more();
  }

  void write_more() {
    deadline_ = write_start_ + std::chrono::seconds(10) +
                std::chrono::milliseconds(written_ * 1000 / std::max<uint64_t>(1, limits_.write_rate));
    const size_t in_head = std::min<size_t>(written_, head_.size());
    const size_t in_body = written_ - in_head;
    const std::array<asio::const_buffer, 2> buffers = {
        asio::const_buffer(head_.data() + in_head, head_.size() - in_head),
        asio::const_buffer(body_.data() + in_body, body_.size() - in_body)};
    stream_.async_write_some(buffers, [self = self()](boost::system::error_code error, size_t size) {
      if (self->state_ == State::closed) return;
      if (error) return self->close();
      self->written_ += size;
      if (self->written_ < self->head_.size() + self->body_.size()) return self->write_more();
      self->answered();
    });
  }

  void answered() {
    head_ = {};
    body_ = {};
    parser_.reset();
    release_body();
    if (!keep_alive_) return linger();
    served_ = true;
    if (buffer_.empty()) buffer_.shrink_to_fit();
    read_head();
  }

  /// Says that nothing more comes and waits for the peer's end, so that it can read the answer: closing with unread
  /// bytes would reset the connection.
  void linger() {
    state_ = State::lingering;
    deadline_ = now() + std::chrono::seconds(1);
    if constexpr (secure) {
      stream_.async_shutdown([self = self()](boost::system::error_code) { self->close(); });
    } else {
      boost::system::error_code error;
      socket().shutdown(tcp::socket::shutdown_send, error);
      if (error) return close();
      discard();
    }
  }

  void discard() {
    buffer_.resize(head_step);
    stream_.async_read_some(asio::buffer(buffer_), [self = self()](boost::system::error_code error, size_t) {
      if (error || self->state_ == State::closed) return self->close();
      self->discard();
    });
  }

  void upgrade(WebSocketEvents events) {
    beast::http::request<beast::http::empty_body> head(parser_->get().base());
    state_ = State::closed;
    shard_.connections.erase(this);
    start_websocket(std::move(stream_), std::move(head), std::move(events), shard_, std::move(place_));
  }

  void close() {
    if (state_ == State::closed) return;
    state_ = State::closed;
    shard_.connections.erase(this);
    boost::system::error_code ignored;
    socket().close(ignored);
  }

  void release_body() {
    if (held_ > 0) place_.shared().usage.release(std::exchange(held_, 0));
  }

  Stream stream_;
  Shard& shard_;
  Place place_;
  const Limits& limits_;
  State state_ = State::handshake;
  bool keep_alive_ = false, old_version_ = false, served_ = false, timed_out_ = false;
  SteadyTime deadline_ = never, body_start_{}, write_start_{};
  std::string buffer_;  // read, not yet used
  size_t scanned_ = 0;
  std::optional<Parser> parser_;
  Request request_;
  uint64_t held_ = 0;  // bytes of the body that count as in memory
  std::string head_, body_;
  uint64_t written_ = 0;
};

}  // namespace leeway::http
