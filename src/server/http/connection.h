#pragma once
// What the connections of one server share. Private to the transport; sees Asio, but neither TLS nor WebSocket.

#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "server/http/server.h"

namespace leeway::http {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using SteadyTime = std::chrono::steady_clock::time_point;
constexpr SteadyTime never = SteadyTime::max();

/// A connection as its shard sees it; called on the shard's thread.
class Connection {
 public:
  virtual ~Connection() = default;
  /// A few times a second: the place to notice that a deadline has passed.
  virtual void tick(SteadyTime now) = 0;
  /// The server stops: close if idle, else as soon as the request in progress is answered.
  virtual void stop() = 0;
};

/// One I/O thread with its connections. All members but `io` belong to that thread.
struct Shard {
  std::unordered_map<Connection*, std::weak_ptr<Connection>> connections;
  bool stopping = false;
  std::string date;                ///< The Date header's value, made once a second.
  std::time_t date_second = 0;
  asio::io_context io{1};          // destroyed first: its pending handlers own connections
  asio::steady_timer ticker{io};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  std::thread thread;

  std::string_view date_now();
};

/// Counts of connections and of bodies held, for the limits. Thread safe.
class Usage {
 public:
  explicit Usage(const Limits& limits) : limits_(limits) {}
  /// False if one limit of connections is reached; else leave() must follow.
  bool enter(const std::string& address);
  void leave(const std::string& address);
  size_t connections() const { return connections_.load(std::memory_order_relaxed); }
  /// Changes the bytes of bodies in memory; false, and unchanged, beyond the limit.
  bool hold(uint64_t bytes);
  void release(uint64_t bytes) { held_.fetch_sub(bytes, std::memory_order_relaxed); }

 private:
  const Limits& limits_;
  std::atomic<size_t> connections_{0};
  std::atomic<uint64_t> held_{0};
  std::mutex mutex_;
  std::unordered_map<std::string, size_t> by_address_;
};

struct Shared {
  Options options;
  Application& application;
  Usage usage{options.limits};
};

/// A place in the counts of connections, given back when it is destroyed.
class Place {
 public:
  Place(Shared& shared, std::string address) : shared_(&shared), address_(std::move(address)) {}
  Place(Place&& other) noexcept : shared_(std::exchange(other.shared_, nullptr)), address_(std::move(other.address_)) {}
  Place& operator=(Place&&) = delete;
  ~Place() {
    if (shared_) shared_->usage.leave(address_);
  }
  Shared& shared() const { return *shared_; }
  const std::string& address() const { return address_; }

 private:
  Shared* shared_;
  std::string address_;
};

/// Status line and header, ready to send. `body_size` is left out for answers that cannot have a body.
std::string head_text(const Response& response, size_t body_size, std::string_view date, std::string_view connection);

/// Serves HTTP on an accepted socket; defined in plain.cc.
void start_plain(tcp::socket socket, Shard& shard, Place place);

/// Certificates, keys and session tickets, once for the server; defined in tls.cc, so that only it sees OpenSSL.
class TlsContext {
 public:
  virtual ~TlsContext() = default;
  static Result<std::unique_ptr<TlsContext>> open(const std::string& certificate_file, const std::string& key_file);
  virtual void start(tcp::socket socket, Shard& shard, Place place) = 0;
};

}  // namespace leeway::http
