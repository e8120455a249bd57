#pragma once
// Deterministic randomness, always passed as an argument. The standard library's distributions differ between
// implementations; these do not, so a seed gives the same numbers on every machine.

#include <cstdint>
#include <span>

namespace leeway {

/// xoshiro256++ (Blackman & Vigna 2021, doi:10.1145/3460772), seeded by splitmix64. Not for secrets.
/// A value type: copy it to fork a stream, or use split() for an independent one. Not thread safe; one per thread.
class Random {
 public:
  explicit Random(uint64_t seed);

  uint64_t next();
  /// Uniform on [0, 1) with 53 random bits.
  double uniform();
  /// Uniform on {0, …, bound-1} without bias. Requires bound > 0.
  uint64_t below(uint64_t bound);
  bool chance(double probability) { return uniform() < probability; }
  /// Standard normal, by inversion of the distribution function (one uniform each; monotone in it).
  double normal();
  double normal(double mean, double sd) { return mean + sd * normal(); }
  /// Exponential with mean 1.
  double exponential();
  /// Poisson with the given mean, at most 2^53: by inversion up to 30, else by rejection. At most about 0.2 µs.
  uint64_t poisson(double mean);
  /// A stream of its own for the numbered task, whatever was drawn here before.
  Random split(uint64_t task) const;
  void shuffle(std::span<uint32_t> values);

 private:
  uint64_t seed_;
  uint64_t state_[4];
};

}  // namespace leeway
