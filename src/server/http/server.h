#pragma once
// The transport: sockets, parsing, limits, TLS and WebSocket on one side, an Application on the other. Nothing of the
// networking library shows here.
//
// Each connection lives on one I/O thread and has one request in progress. An I/O thread never waits: what blocks is
// handed by the Application to its own workers, which answer through the Reply from wherever they are.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "server/http/message.h"

namespace leeway::http {

/// What a peer may use. Beyond a limit it gets the answer named, or the connection is closed.
struct Limits {
  size_t header_bytes = 32 * 1024;                ///< 431
  size_t header_fields = 100;                     ///< 431
  std::chrono::milliseconds header_time{10'000};  ///< From the first byte (or the connection): 408, or closed.
  std::chrono::milliseconds idle_time{75'000};    ///< Between requests: closed.
  uint64_t body_bytes = 32 * 1024 * 1024;         ///< 413
  std::chrono::milliseconds body_time{30'000};    ///< 408
  uint64_t body_rate = 1024;                      ///< Bytes a second, after a grace of 5 s: 408.
  uint64_t bodies_in_memory = 512 * 1024 * 1024;  ///< Of all requests being read or answered: 503.
  uint64_t write_rate = 16 * 1024;                ///< Bytes a second that a reader must take, after 10 s: closed.
  size_t connections = 10'000;                    ///< 503, closed.
  size_t connections_per_address = 256;           ///< 503, closed.
  std::chrono::milliseconds drain_time{4'500};    ///< For requests in progress when stopping.
};

struct Options {
  std::string address = "127.0.0.1";  ///< An IP address.
  uint16_t port = 8000;               ///< 0: any free one.
  int io_threads = 2;
  std::string certificate_file;  ///< PEM chain; with key_file turns TLS on for the port.
  std::string key_file;
  Limits limits;
};

/// Answers one request. Call once, from any thread; the connection may be gone by then.
using Reply = std::move_only_function<void(Response)>;

/// The server's end of a WebSocket. All functions are safe from any thread and never wait.
class WebSocket {
 public:
  virtual ~WebSocket() = default;
  /// Queues one text message. A reader that lets more than `queue_limit` bytes pile up is cut off: false from then on.
  virtual bool send(std::shared_ptr<const std::string> message) = 0;
  virtual void close(uint16_t code, std::string_view reason) = 0;
};

/// What happens on a WebSocket; called on its I/O thread.
struct WebSocketEvents {
  std::function<void(std::shared_ptr<WebSocket>)> opened;
  std::function<void()> closed;  ///< Once, after opened.
};

/// What the head of a request leads to.
struct Admission {
  std::optional<Response> response;          ///< Answered at once; the body is not read.
  std::optional<WebSocketEvents> websocket;  ///< Upgraded.
  uint64_t body_limit = 0;                   ///< For this request; 0: Limits::body_bytes.
};

/// The other side of the transport. Must outlive the Server. All functions are called on I/O threads, must not wait and
/// must not throw.
class Application {
 public:
  virtual ~Application() = default;
  /// The head has been read, the body has not: host, route, credentials. May set `head.context`.
  virtual Admission admit(Request& head) = 0;
  /// A whole request that was admitted.
  virtual void handle(Request request, Reply reply) = 0;
  /// The answer to what the transport refuses by itself (400, 408, 413, 431, 503). `head` has what is known of it.
  virtual Response refuse(const Request& head, int status, std::string_view detail) = 0;
};

class Server {
 public:
  /// Opens the port and starts serving. Errors: invalid_argument (address, certificate), unavailable (port taken).
  static Result<std::unique_ptr<Server>> start(const Options& options, Application& application);
  /// As stop().
  virtual ~Server() = default;
  virtual uint16_t port() const = 0;
  virtual size_t connections() const = 0;
  /// Takes no new connection, closes idle ones, lets requests in progress finish for drain_time; returns when no
  /// connection is left.
  virtual void stop() = 0;
};

}  // namespace leeway::http
