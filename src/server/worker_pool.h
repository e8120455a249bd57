#pragma once
// Threads for work that waits or computes, with a bounded queue: what does not fit is refused at once, so that nothing
// waits longer than the queue can hold.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace leeway::server {

/// Thread safe. Destroying it finishes the tasks already queued.
class WorkerPool {
 public:
  WorkerPool(int threads, size_t queue_limit);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool() { stop(); }

  /// False if the queue is full or the pool has stopped; `task` is untouched then. Tasks must not throw.
  bool submit(std::move_only_function<void()>&& task);
  /// Finishes what is queued and joins; nothing is taken from then on. Idempotent.
  void stop();
  size_t queued() const;

 private:
  void work();

  const size_t queue_limit_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::move_only_function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace leeway::server
