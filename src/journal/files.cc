#include "journal/files.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace leeway {
namespace {

std::unexpected<Error> failed(std::string_view what, const std::string& path) {
  const int number = errno;
  const bool full = number == ENOSPC || number == EDQUOT;
  const Code code = full ? Code::resource_exhausted : number == ENOENT ? Code::not_found : Code::unavailable;
  Error error{code, fmt::format("{}: {}", what, std::strerror(number)), path};
  if (full) error.remedy = "Free some space on that disk.";
  return std::unexpected(std::move(error));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }

 private:
  int number_;
};

class DiskFile final : public File {
 public:
  DiskFile(Descriptor descriptor, std::string path) : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  Status write(uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t done = ::pwrite(descriptor_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (done < 0 && errno == EINTR) continue;
      if (done < 0) return failed("cannot write", path_);
      offset += static_cast<uint64_t>(done);
      bytes.remove_prefix(static_cast<size_t>(done));
    }
    return {};
  }

  Result<size_t> read(uint64_t offset, std::span<char> into) const override {
    size_t have = 0;
    while (have < into.size()) {
      const ssize_t done =
          ::pread(descriptor_.get(), into.data() + have, into.size() - have, static_cast<off_t>(offset + have));
      if (done < 0 && errno == EINTR) continue;
      if (done < 0) return failed("cannot read", path_);
      if (done == 0) break;
      have += static_cast<size_t>(done);
    }
    return have;
  }

  Result<uint64_t> size() const override {
    struct stat facts {};
    if (::fstat(descriptor_.get(), &facts) != 0) return failed("cannot tell the size", path_);
    return static_cast<uint64_t>(facts.st_size);
  }

  Status truncate(uint64_t size) override {
    if (::ftruncate(descriptor_.get(), static_cast<off_t>(size)) != 0) return failed("cannot cut", path_);
    return {};
  }

  Status sync(std::string_view why) override {
    if (::fdatasync(descriptor_.get()) != 0) return failed(fmt::format("cannot sync {}", why), path_);
    return {};
  }

 private:
  Descriptor descriptor_;
  std::string path_;
};

class DiskFiles final : public Files {
 public:
  DiskFiles(Descriptor directory, Descriptor lock, std::string path)
      : directory_(std::move(directory)), lock_(std::move(lock)), path_(std::move(path)) {}

  Result<std::vector<std::string>> list() const override {
    DIR* listing = ::opendir(path_.c_str());
    if (!listing) return failed("cannot list", path_);
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(listing)) names.emplace_back(entry->d_name);
    const int number = errno;
    ::closedir(listing);
    errno = number;
    if (number != 0) return failed("cannot list", path_);
    return names;
  }
  Result<std::unique_ptr<File>> open(const std::string& name) const override { return open_as(name, 0); }
  Result<std::unique_ptr<File>> create(const std::string& name) override { return open_as(name, O_CREAT | O_TRUNC); }
  Status rename(const std::string& from, const std::string& to) override {
    if (::renameat(directory_.get(), from.c_str(), directory_.get(), to.c_str()) != 0)
      return failed("cannot rename", path(from));
    return {};
  }
  Status remove(const std::string& name) override {
    if (::unlinkat(directory_.get(), name.c_str(), 0) != 0) return failed("cannot remove", path(name));
    return {};
  }
  Status sync_directory(std::string_view why) override {
    if (::fsync(directory_.get()) != 0) return failed(fmt::format("cannot sync {}", why), path_);
    return {};
  }
  Result<DiskSpace> space() const override {
    struct statvfs facts {};
    if (::fstatvfs(directory_.get(), &facts) != 0) return failed("cannot tell the free space", path_);
    return DiskSpace{uint64_t{facts.f_bavail} * facts.f_frsize, uint64_t{facts.f_blocks} * facts.f_frsize};
  }
  std::string path(const std::string& name) const override { return path_ + "/" + name; }

 private:
  Result<std::unique_ptr<File>> open_as(const std::string& name, int flags) const {
    Descriptor file(::openat(directory_.get(), name.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600));
    if (file.get() < 0) return failed("cannot open", path(name));
    return std::make_unique<DiskFile>(std::move(file), path(name));
  }

  Descriptor directory_;
  Descriptor lock_;
  std::string path_;
};

/// Makes the missing directories from the outermost on, each durable before the next.
Status make_directories(const std::filesystem::path& path) {
  std::error_code ignored;
  if (path.empty() || std::filesystem::is_directory(path, ignored)) return {};
  LEEWAY_CHECK(make_directories(path.parent_path()));
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return failed("cannot make the directory", path.string());
  const std::string parent = path.has_parent_path() ? path.parent_path().string() : ".";
  const Descriptor outer(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (outer.get() < 0 || ::fsync(outer.get()) != 0) return failed("cannot sync the directory", parent);
  return {};
}

}  // namespace

Result<std::unique_ptr<Files>> open_directory(const std::string& path) {
  const auto plain = std::filesystem::path(path).lexically_normal();
  LEEWAY_CHECK(make_directories(plain.has_filename() ? plain : plain.parent_path()));
  Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0) return failed("cannot open the directory", path);
  Descriptor lock(::openat(directory.get(), "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (lock.get() < 0) return failed("cannot open", path + "/lock");
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return failed("cannot lock", path + "/lock");
    return std::unexpected(Error{Code::failed_precondition, "another process uses this journal", path, 0, 0,
                                 "Stop it, or give this one a directory of its own."});
  }
  return std::make_unique<DiskFiles>(std::move(directory), std::move(lock), path);
}

}  // namespace leeway
