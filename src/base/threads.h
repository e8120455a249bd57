#pragma once
// Work in parallel whose result does not depend on the number of threads.

#include <cstddef>
#include <functional>

namespace leeway {

/// Threads to use when the caller has no wish: the processors this process may run on, at least 1.
int default_threads();

/// Calls task(i) once for each i in [0, count), on up to `threads` threads (the caller's among them). Tasks are handed
/// out in order; write each result to its own slot to stay deterministic. Returns when all are done. `task` must not
/// throw. Safe to call from several threads.
void parallel_for(size_t count, int threads, const std::function<void(size_t)>& task);

}  // namespace leeway
