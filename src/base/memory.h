#pragma once
// What the process does with memory that it no longer needs.

namespace leeway {

/// For programs, at their start: arrays of up to 32 MB come from memory that was used before instead of from the system
/// each time, and up to 256 MB stay with the process. Memory fresh from the system costs a page fault every 4 KB, which
/// is more than sorting what is then written there. Does nothing where the C library is not glibc.
void keep_freed_memory();

}  // namespace leeway
