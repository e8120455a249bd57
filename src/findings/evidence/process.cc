#include "findings/evidence/process.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/hash.h"

namespace leeway::evidence {
namespace {

constexpr double zero_r = -std::numeric_limits<double>::infinity();
constexpr uint32_t format_version = 1;

/// ln(1 + exp(x)) without overflow.
double softplus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }

/// The fixed part of the stored state; the log R follow it, then the checksum of all that stands before.
struct Header {
  uint32_t version;
  uint32_t states;
  double log_threshold;
  int64_t looks;
  int64_t alarms;
};
static_assert(sizeof(Header) == 32);

}  // namespace

double threshold(double series, double looks, double false_alarms) { return series * looks / false_alarms; }

double log_mean_exp(std::span<const double> values) {
  if (values.empty()) return zero_r;
  const double top = *std::max_element(values.begin(), values.end());
  if (!std::isfinite(top)) return top;
  double sum = 0;
  for (const double v : values) sum += std::exp(v - top);
  return top + std::log(sum / static_cast<double>(values.size()));
}

Process::Process(size_t states, double threshold) : log_r_(states, zero_r), log_threshold_(std::log(threshold)) {
  assert(states > 0 && threshold > 0);
}

Look Process::observe(std::span<const double> log_e) {
  assert(log_e.size() == log_r_.size());
  for (size_t i = 0; i < log_r_.size(); ++i) log_r_[i] = softplus(log_r_[i]) + log_e[i];
  ++looks_;
  Look look;
  look.looks = looks_;
  look.log_statistic = log_mean_exp(log_r_);
  look.log_evidence = look.log_statistic - std::log(static_cast<double>(looks_));
  look.alarm = look.log_statistic >= log_threshold_;
  if (look.alarm) {
    std::fill(log_r_.begin(), log_r_.end(), zero_r);
    looks_ = 0;
    ++alarms_;
  }
  return look;
}

std::string Process::to_bytes() const {
  const Header header{format_version, static_cast<uint32_t>(log_r_.size()), log_threshold_, looks_, alarms_};
  std::string bytes(sizeof header + log_r_.size() * sizeof(double), '\0');
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, log_r_.data(), log_r_.size() * sizeof(double));
  const uint32_t crc = crc32c(bytes);
  bytes.append(reinterpret_cast<const char*>(&crc), sizeof crc);
  return bytes;
}

Result<Process> Process::from_bytes(std::string_view bytes) {
  const auto broken = [] { return fail(Code::invalid_data, "the stored evidence state is damaged or of a newer version"); };
  Header header;
  uint32_t crc;
  if (bytes.size() < sizeof header + sizeof crc) return broken();
  const std::string_view body = bytes.substr(0, bytes.size() - sizeof crc);
  std::memcpy(&crc, bytes.data() + body.size(), sizeof crc);
  std::memcpy(&header, bytes.data(), sizeof header);
  if (crc != crc32c(body) || header.version != format_version || header.states == 0) return broken();
  if (body.size() != sizeof header + size_t{header.states} * sizeof(double)) return broken();
  Process process(header.states, 1);
  std::memcpy(process.log_r_.data(), body.data() + sizeof header, process.log_r_.size() * sizeof(double));
  process.log_threshold_ = header.log_threshold;
  process.looks_ = header.looks;
  process.alarms_ = header.alarms;
  return process;
}

}  // namespace leeway::evidence
