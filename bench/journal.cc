// Appends a second to the journal and how long one waits, at several numbers of writers, on a real disk. Beside it, in
// the same run, what the disk itself takes: one write and fdatasync after the other.
// Usage: bench_journal DIRECTORY [seconds]

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

#include <fmt/format.h>

#include "journal/journal.h"

namespace leeway {
namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void report(std::string_view what, std::vector<double>& waits, double seconds, size_t rows_each = 1) {
  std::sort(waits.begin(), waits.end());
  const auto at = [&](double share) {
    return 1e3 * waits[static_cast<size_t>(share * static_cast<double>(waits.size() - 1))];
  };
  fmt::print("{:44} {:>9.0f} appends/s {:>10.0f} rows/s  p50 {:.3f} ms  p99 {:.3f} ms\n", what,
             static_cast<double>(waits.size()) / seconds,
             static_cast<double>(waits.size() * rows_each) / seconds, at(0.5), at(0.99));
}

void bare_disk(const std::string& directory, double seconds, const std::string& record) {
  const auto files = open_directory(directory);
  const auto file = (*files)->create("bare");
  std::vector<double> waits;
  const auto start = Clock::now();
  for (uint64_t at = 0; since(start) < seconds; at += record.size()) {
    const auto begin = Clock::now();
    if (!(*file)->write(at, record) || !(*file)->sync("bench")) return;
    waits.push_back(since(begin));
  }
  report("the disk alone: write and fdatasync", waits, since(start));
}

/// `writers` callers at a time, each of which appends again as soon as it is answered, as a server's connections do.
void journal(const std::string& directory, double seconds, const std::string& record, int writers, size_t rows_each) {
  auto log = Journal::open(*open_directory(directory), {.reserve = 0, .seed = 1},
                           [](const std::string&) -> Result<uint64_t> { return 0; });
  if (!log) return;
  std::vector<std::vector<double>> waits(static_cast<size_t>(writers));
  std::vector<Clock::time_point> begins(waits.size());
  std::atomic<int> running = writers;
  const auto start = Clock::now();
  std::vector<std::function<void()>> next(waits.size());
  for (size_t w = 0; w < waits.size(); ++w)
    next[w] = [&, w] {
      begins[w] = Clock::now();
      (*log)->append(record, [&, w](Result<uint64_t> done) {
        waits[w].push_back(since(begins[w]));
        if (done && since(start) < seconds) next[w]();
        else --running;
      });
    };
  for (auto& begin : next) begin();
  while (running > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const double took = since(start);
  std::vector<double> all;
  for (const auto& one : waits) all.insert(all.end(), one.begin(), one.end());
  report(fmt::format("{} writers, {} bytes{}", writers, record.size(),
                     rows_each > 1 ? fmt::format(" ({} rows)", rows_each) : ""), all, took, rows_each);
}

}  // namespace
}  // namespace leeway

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: bench_journal DIRECTORY [seconds]\n");
    return 2;
  }
  const std::string root = std::string(argv[1]) + "/bench_journal";
  const double seconds = argc > 2 ? std::atof(argv[2]) : 3;
  const std::string one(500, 'r');
  leeway::bare_disk(root + "/bare", seconds, one);
  for (const int writers : {1, 8, 32, 256})
    leeway::journal(fmt::format("{}/{}", root, writers), seconds, one, writers, 1);
  leeway::journal(root + "/batches", seconds, std::string(1000 * 100, 'r'), 8, 1000);
  std::filesystem::remove_all(root);
}
