#pragma once
// One WebSocket over any stream: sends what it is given, reads only to notice the end. Private to the transport.

#include <deque>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/websocket.hpp>

#include "server/http/websocket.h"

namespace leeway::http {

template <class Stream>
class WebSocketSession final : public Connection,
                               public WebSocket,
                               public std::enable_shared_from_this<WebSocketSession<Stream>> {
 public:
  WebSocketSession(Stream stream, WebSocketEvents events, Shard& shard, Place place)
      : stream_(std::move(stream)), events_(std::move(events)), shard_(shard), place_(std::move(place)) {}

  void start(UpgradeRequest head) {
    namespace ws = boost::beast::websocket;
    shard_.connections.emplace(this, this->weak_from_this());
    // A silent peer is pinged after half of the idle time and cut after the whole.
    stream_.set_option(ws::stream_base::timeout{std::chrono::seconds(10), std::chrono::seconds(30), true});
    stream_.read_message_max(largest_message);
    stream_.text(true);
    head_ = std::move(head);
    stream_.async_accept(head_, [self = this->shared_from_this()](boost::system::error_code error) {
      self->head_ = {};
      if (error || self->closing_) return self->finish();
      self->opened_ = true;
      self->events_.opened(self);
      self->read();
    });
  }

  bool send(std::shared_ptr<const std::string> message) override {
    if (dead_.load(std::memory_order_relaxed)) return false;
    if (queued_.fetch_add(message->size()) + message->size() > queue_limit) {
      dead_ = true;
      asio::post(stream_.get_executor(), [self = this->shared_from_this()] { self->cut(); });
      return false;
    }
    asio::post(stream_.get_executor(), [self = this->shared_from_this(), message = std::move(message)]() mutable {
      if (self->dead_) return;
      self->queue_.push_back(std::move(message));
      if (self->queue_.size() == 1) self->write();
    });
    return true;
  }

  void close(uint16_t code, std::string_view reason) override {
    asio::post(stream_.get_executor(), [self = this->shared_from_this(), code, reason = std::string(reason)] {
      self->say_goodbye(code, reason);
    });
  }

  void tick(SteadyTime) override {}
  void stop() override { say_goodbye(1001, "the server stops"); }

 private:
  static constexpr size_t queue_limit = 1024 * 1024;
  static constexpr size_t largest_message = 4096;

  void read() {
    stream_.async_read(input_, [self = this->shared_from_this()](boost::system::error_code error, size_t) {
      if (error) return self->finish();
      self->input_.clear();
      self->read();
    });
  }

  void write() {
    stream_.async_write(asio::buffer(*queue_.front()),
                        [self = this->shared_from_this()](boost::system::error_code error, size_t) {
                          if (error) return self->cut();
                          self->queued_ -= self->queue_.front()->size();
                          self->queue_.pop_front();
                          if (!self->queue_.empty()) self->write();
                          else if (self->closing_) self->send_close();
                        });
  }

  void say_goodbye(uint16_t code, const std::string& reason) {
    if (std::exchange(closing_, true)) return;
    dead_ = true;
    reason_ = boost::beast::websocket::close_reason(static_cast<boost::beast::websocket::close_code>(code), reason);
    if (opened_ && queue_.empty()) send_close();
  }

  void send_close() {
    stream_.async_close(reason_, [self = this->shared_from_this()](boost::system::error_code) { self->finish(); });
  }

  void cut() {
    dead_ = true;
    boost::system::error_code ignored;
    boost::beast::get_lowest_layer(stream_).close(ignored);
  }

  void finish() {
    if (std::exchange(finished_, true)) return;
    cut();
    shard_.connections.erase(this);
    if (opened_ && events_.closed) events_.closed();
    events_ = {};
  }

  boost::beast::websocket::stream<Stream> stream_;
  WebSocketEvents events_;
  Shard& shard_;
  Place place_;
  UpgradeRequest head_;
  boost::beast::flat_buffer input_;
  std::deque<std::shared_ptr<const std::string>> queue_;
  std::atomic<size_t> queued_{0};
  std::atomic<bool> dead_{false};
  bool opened_ = false, closing_ = false, finished_ = false;
  boost::beast::websocket::close_reason reason_;
};

}  // namespace leeway::http
