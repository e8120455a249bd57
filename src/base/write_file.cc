#include "base/write_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace leeway {
namespace {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  bool open() const { return number_ >= 0; }
  int operator*() const { return number_; }

 private:
  int number_;
};

std::unexpected<Error> failed(const std::string& path, int error) {
  const bool room = error == ENOSPC || error == EDQUOT || error == EIO || error == EFBIG;
  return fail(Error{room ? Code::resource_exhausted : Code::invalid_argument,
                    fmt::format("cannot be written: {}", std::strerror(error)), path, 0, 0,
                    room ? "Is the disk full?" : "Is there such a folder, and may you write to it?"});
}

std::string parent_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

Status sync(const std::string& path, int flags) {
  const Descriptor file(::open(path.c_str(), flags | O_CLOEXEC));
  if (!file.open() || ::fsync(*file) != 0) return failed(path, errno);
  return {};
}

Status write_all(int file, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed(path, errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

/// A device, pipe or socket takes the bytes itself: renaming over /dev/null would put a file in its place.
bool is_special(const std::string& path) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) &&
         !std::filesystem::is_directory(status);
}

}  // namespace

Status write_file(const std::string& path, std::string_view bytes) {
  if (is_special(path)) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    return file.open() ? write_all(*file, bytes, path) : failed(path, errno);
  }
  const std::string temporary = fmt::format("{}.{}.partial", path, ::getpid());
  Status written = [&]() -> Status {
    const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!file.open()) return failed(path, errno);
    LEEWAY_CHECK(write_all(*file, bytes, path));
    if (::fsync(*file) != 0 || ::rename(temporary.c_str(), path.c_str()) != 0) return failed(path, errno);
    return {};
  }();
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  return sync(parent_of(path), O_RDONLY | O_DIRECTORY);
}

Status publish_folder(const std::string& from, const std::string& to) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(from, error))
    LEEWAY_CHECK(sync(entry.path().string(), O_RDONLY));
  if (error) return failed(from, error.value());
  LEEWAY_CHECK(sync(from, O_RDONLY | O_DIRECTORY));
  if (::rename(from.c_str(), to.c_str()) != 0) {
    if (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR)
      return fail(Error{Code::failed_precondition, "is there already", to, 0, 0,
                        "Choose another name; nothing is overwritten."});
    return failed(to, errno);
  }
  return sync(parent_of(to), O_RDONLY | O_DIRECTORY);
}

Status make_folder(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return {};
  const std::string parent = parent_of(path);
  if (parent != path) LEEWAY_CHECK(make_folder(parent));
  if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) return failed(path, errno);
  return sync(parent, O_RDONLY | O_DIRECTORY);
}

Status append_line(const std::string& path, std::string_view line) {
  const bool made = !std::filesystem::exists(path);
  {
    const Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!file.open()) return failed(path, errno);
    char last = '\n';
    const off_t size = ::lseek(*file, 0, SEEK_END);
    if (size > 0 && ::pread(*file, &last, 1, size - 1) != 1) return failed(path, errno);
    LEEWAY_CHECK(write_all(*file, (last == '\n' ? "" : "\n") + std::string(line) + "\n", path));
    if (::fsync(*file) != 0) return failed(path, errno);
  }
  return made ? sync(parent_of(path), O_RDONLY | O_DIRECTORY) : Status{};
}

Result<std::string> read_file(const std::string& path, size_t limit) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open())
    return fail(Error{
        errno == ENOENT || errno == ENOTDIR ? Code::not_found : Code::unavailable,
        errno == ENOENT || errno == ENOTDIR ? "no such file" : std::string("cannot be read: ") + std::strerror(errno),
        path});
  struct stat facts = {};
  if (::fstat(*file, &facts) != 0) return fail(Error{Code::unavailable, "cannot be read", path});
  if (S_ISDIR(facts.st_mode)) return fail(Error{Code::invalid_data, "is a folder, not a file", path});
  std::string bytes;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = ::read(*file, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(Error{Code::unavailable, std::string("cannot be read: ") + std::strerror(errno), path});
    if (got == 0) return bytes;
    bytes.append(buffer, static_cast<size_t>(got));
    if (bytes.size() > limit) return fail(Error{Code::invalid_data, "is larger than such a file can be", path});
  }
}

}  // namespace leeway
