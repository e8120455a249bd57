// Loaded before the C library (LD_PRELOAD): the n-th call of one kind fails, once.
//
//     FAIL_CALL=fsync | fdatasync | pwrite | ftruncate | rename   FAIL_AT=n   FAIL_ERRNO=5
//     FAIL_FILE=text    only calls on files whose path holds it
//     FAIL_MARK=path    made when the failure happens, so that a loop over n knows where to end

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

namespace {

std::atomic<long> calls{0};

bool concerns(int file) {
  const char* wanted = std::getenv("FAIL_FILE");
  if (!wanted) return true;
  char link[64], path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = ::readlink(link, path, sizeof path - 1);
  if (length < 0) return false;
  path[length] = '\0';
  return std::strstr(path, wanted) != nullptr;
}

/// True if this very call is the one to fail; errno is set then.
bool fails(const char* call) {
  const char* chosen = std::getenv("FAIL_CALL");
  const char* at = std::getenv("FAIL_AT");
  if (!chosen || !at || std::strcmp(chosen, call) != 0 || ++calls != std::atol(at)) return false;
  if (const char* mark = std::getenv("FAIL_MARK")) {
    const int file = ::open(mark, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (file >= 0) ::close(file);
  }
  const char* number = std::getenv("FAIL_ERRNO");
  errno = number ? std::atoi(number) : EIO;
  return true;
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int fsync(int file) {
  static const auto real = next<int (*)(int)>("fsync");
  return concerns(file) && fails("fsync") ? -1 : real(file);
}
int fdatasync(int file) {
  static const auto real = next<int (*)(int)>("fdatasync");
  return concerns(file) && fails("fdatasync") ? -1 : real(file);
}
ssize_t pwrite(int file, const void* bytes, size_t count, off_t offset) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  return concerns(file) && fails("pwrite") ? -1 : real(file, bytes, count, offset);
}
ssize_t pwrite64(int file, const void* bytes, size_t count, off64_t offset) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
  return concerns(file) && fails("pwrite") ? -1 : real(file, bytes, count, offset);
}
ssize_t write(int file, const void* bytes, size_t count) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t)>("write");
  return concerns(file) && fails("write") ? -1 : real(file, bytes, count);
}
int ftruncate(int file, off_t size) noexcept {
  static const auto real = next<int (*)(int, off_t)>("ftruncate");
  return concerns(file) && fails("ftruncate") ? -1 : real(file, size);
}
int ftruncate64(int file, off64_t size) noexcept {
  static const auto real = next<int (*)(int, off64_t)>("ftruncate64");
  return concerns(file) && fails("ftruncate") ? -1 : real(file, size);
}
int rename(const char* from, const char* to) noexcept {
  static const auto real = next<int (*)(const char*, const char*)>("rename");
  return fails("rename") ? -1 : real(from, to);
}

}  // extern "C"
