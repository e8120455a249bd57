#pragma once
// Loops over arrays in the widest vectors the processor has, without a line of processor-specific code.
//
// simd::run(loop) calls the closure `loop`, compiled three times over: for any processor, for AVX2 and for AVX-512. The
// compiler vectorises a loop that has a constant trip count and independent iterations (integer sums and maxima
// included). Results are the same in all three, because fused multiply-add is switched off.
//
//   simd::run([=]() LEEWAY_SIMD_LOOP { for (size_t i = 0; i < 2048; ++i) out[i] = in[i] * scale; });
//
// Capture by value, so that the loop's bounds and pointers live in registers.

#define LEEWAY_SIMD_LOOP __attribute__((always_inline))

namespace leeway::simd {

#if defined(__x86_64__)
enum class Level { any, avx2, avx512 };
inline Level level() {
  static const Level detected = [] {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
      return Level::avx512;
    return __builtin_cpu_supports("avx2") ? Level::avx2 : Level::any;
  }();
  return detected;
}

template <class Loop>
__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,prefer-vector-width=512"))) void run_avx512(Loop loop) {
  loop();
}
template <class Loop>
__attribute__((target("avx2"))) void run_avx2(Loop loop) {
  loop();
}
template <class Loop>
void run_any(Loop loop) {
  loop();
}

template <class Loop>
void run(Loop loop) {
  switch (level()) {
    case Level::avx512: return run_avx512(loop);
    case Level::avx2: return run_avx2(loop);
    case Level::any: return run_any(loop);
  }
}
#else
template <class Loop>
void run(Loop loop) {
  loop();
}
#endif

}  // namespace leeway::simd
