#include "server/http/server.h"

#include <condition_variable>
#include <ctime>
#include <sys/resource.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include "server/http/connection.h"

namespace leeway::http {
namespace {

constexpr std::chrono::milliseconds tick_time{100};
constexpr std::chrono::milliseconds accept_pause{50};

/// As many open files as this process may have: each connection is one.
void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

class BoostServer final : public Server {
 public:
  BoostServer(const Options& options, Application& application) : shared_{options, application} {
    for (int i = 0; i < std::max(1, options.io_threads); ++i) shards_.push_back(std::make_unique<Shard>());
    acceptor_.emplace(shards_.front()->io);
    pause_.emplace(shards_.front()->io);
  }
  ~BoostServer() override { BoostServer::stop(); }

  Status open();
  uint16_t port() const override { return port_; }
  size_t connections() const override { return shared_.usage.connections(); }
  void stop() override;

 private:
  Status listen(const asio::ip::address& address);
  void accept();
  void accepted(tcp::socket socket, Shard& shard);
  void turn_away(tcp::socket& socket, const std::string& address);
  void tick(Shard& shard);
  void stop_shard(Shard& shard);

  Shared shared_;
  std::unique_ptr<TlsContext> tls_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::optional<tcp::acceptor> acceptor_;
  std::optional<asio::steady_timer> pause_;
  size_t next_ = 0;
  uint16_t port_ = 0;
  bool stopped_ = false;
};

Status BoostServer::listen(const asio::ip::address& address) {
  const Options& options = shared_.options;
  boost::system::error_code error;
  const tcp::endpoint endpoint(address, options.port);
  acceptor_->open(endpoint.protocol(), error);
  if (!error) acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_->bind(endpoint, error);
  if (!error) acceptor_->listen(4096, error);
  if (error)
    return fail(Code::unavailable,
                fmt::format("port {} of {} cannot be opened: {}", options.port, options.address, error.message()),
                "Choose another with --port, or 0 for any free one.");
  port_ = acceptor_->local_endpoint().port();
  return {};
}

Status BoostServer::open() {
  const Options& options = shared_.options;
  boost::system::error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error)
    return fail(Code::invalid_argument, fmt::format("'{}' is not an IP address", options.address),
                "Listen on 127.0.0.1, ::1, 0.0.0.0 or another address of this machine.");
  if (!options.certificate_file.empty()) {
    LEEWAY_TRY(tls_, TlsContext::open(options.certificate_file, options.key_file));
  }
  raise_file_limit();
  LEEWAY_CHECK(listen(address));
  accept();
  for (auto& shard : shards_) {
    tick(*shard);
    shard->thread = std::thread([&io = shard->io] { io.run(); });
  }
  return {};
}

void BoostServer::accept() {
  Shard& shard = *shards_[next_++ % shards_.size()];
  acceptor_->async_accept(shard.io, [this, &shard](boost::system::error_code error, tcp::socket socket) {
    if (error == asio::error::operation_aborted || !acceptor_->is_open()) return;
    if (error) {  // out of file descriptors, most likely: wait for some to be closed instead of spinning
      pause_->expires_after(accept_pause);
      pause_->async_wait([this](boost::system::error_code cancelled) {
        if (!cancelled) accept();
      });
      return;
    }
    accepted(std::move(socket), shard);
    accept();
  });
}

void BoostServer::accepted(tcp::socket socket, Shard& shard) {
  boost::system::error_code error;
  const auto peer = socket.remote_endpoint(error);
  if (error) return;
  auto ip = peer.address();
  if (ip.is_v6() && ip.to_v6().is_v4_mapped()) ip = asio::ip::make_address_v4(asio::ip::v4_mapped, ip.to_v6());
  const std::string address = ip.to_string();
  if (!shared_.usage.enter(address)) return turn_away(socket, address);
  Place place(shared_, address);
  socket.set_option(tcp::no_delay(true), error);
  asio::post(shard.io, [this, socket = std::move(socket), place = std::move(place), &shard]() mutable {
    if (shard.stopping) return;
    if (tls_) tls_->start(std::move(socket), shard, std::move(place));
    else start_plain(std::move(socket), shard, std::move(place));
  });
}

/// Says 503 if the peer can be told without waiting.
void BoostServer::turn_away(tcp::socket& socket, const std::string& address) {
  boost::system::error_code error;
  if (!tls_) {
    Request unknown;
    unknown.address = address;
    Response response = shared_.application.refuse(unknown, 503, "too many connections");
    const std::string text =
        head_text(response, response.body.size(), shards_.front()->date_now(), "close") + response.body;
    socket.non_blocking(true, error);
    socket.write_some(asio::buffer(text), error);
    socket.shutdown(tcp::socket::shutdown_send, error);
  }
  socket.close(error);
}

void BoostServer::tick(Shard& shard) {
  shard.ticker.expires_after(tick_time);
  shard.ticker.async_wait([this, &shard](boost::system::error_code cancelled) {
    if (cancelled) return;
    const auto now = std::chrono::steady_clock::now();
    std::vector<std::shared_ptr<Connection>> all;  // a connection that closes leaves the map
    all.reserve(shard.connections.size());
    for (auto& [raw, weak] : shard.connections)
      if (auto connection = weak.lock()) all.push_back(std::move(connection));
    for (auto& connection : all) connection->tick(now);
    if (shard.stopping && shard.connections.empty()) return;
    tick(shard);
  });
}

void BoostServer::stop_shard(Shard& shard) {
  shard.stopping = true;
  std::vector<std::shared_ptr<Connection>> all;
  for (auto& [raw, weak] : shard.connections)
    if (auto connection = weak.lock()) all.push_back(std::move(connection));
  for (auto& connection : all) connection->stop();
  shard.work.reset();
}

void BoostServer::stop() {
  if (std::exchange(stopped_, true)) return;
  for (auto& shard : shards_) {
    const bool first = shard == shards_.front();
    asio::post(shard->io, [this, &shard = *shard, first] {
      if (first) {
        boost::system::error_code ignored;
        acceptor_->close(ignored);
        pause_->cancel();
      }
      stop_shard(shard);
    });
  }
  std::mutex mutex;
  std::condition_variable drained;
  bool done = false;
  std::thread limit([&] {
    std::unique_lock lock(mutex);
    if (!drained.wait_for(lock, shared_.options.limits.drain_time, [&] { return done; }))
      for (auto& shard : shards_) shard->io.stop();
  });
  for (auto& shard : shards_)
    if (shard->thread.joinable()) shard->thread.join();
  {
    const std::lock_guard lock(mutex);
    done = true;
  }
  drained.notify_all();
  limit.join();
}

}  // namespace

std::string_view Shard::date_now() {
  const std::time_t now = std::time(nullptr);
  if (now != date_second) {
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[40];
    std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    date = text;
    date_second = now;
  }
  return date;
}

bool Usage::enter(const std::string& address) {
  const std::lock_guard lock(mutex_);
  if (connections_.load(std::memory_order_relaxed) >= limits_.connections) return false;
  size_t& here = by_address_[address];
  if (here >= limits_.connections_per_address) return false;
  ++here;
  connections_.fetch_add(1, std::memory_order_relaxed);
  return true;
}

void Usage::leave(const std::string& address) {
  const std::lock_guard lock(mutex_);
  connections_.fetch_sub(1, std::memory_order_relaxed);
  const auto found = by_address_.find(address);
  if (found != by_address_.end() && --found->second == 0) by_address_.erase(found);
}

bool Usage::hold(uint64_t bytes) {
  if (held_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= limits_.bodies_in_memory) return true;
  release(bytes);
  return false;
}

std::string head_text(const Response& response, size_t body_size, std::string_view date, std::string_view connection) {
  std::string out;
  out.reserve(1024);
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status,
                 reason_phrase(response.status), date);
  for (const auto& [name, value] : response.headers) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
  }
  const bool bodiless = response.status < 200 || response.status == 204 || response.status == 304;
  if (!bodiless) fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", body_size);
  if (!connection.empty()) fmt::format_to(std::back_inserter(out), "Connection: {}\r\n", connection);
  out += "\r\n";
  return out;
}

Result<std::unique_ptr<Server>> Server::start(const Options& options, Application& application) {
  auto server = std::make_unique<BoostServer>(options, application);
  LEEWAY_CHECK(server->open());
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace leeway::http
