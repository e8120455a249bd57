#include "journal/simulated_disk.h"

#include <algorithm>
#include <utility>

namespace leeway {

class SimulatedFile final : public File {
 public:
  SimulatedFile(SimulatedDisk& disk, std::shared_ptr<SimulatedDisk::Inode> inode)
      : disk_(disk), inode_(std::move(inode)) {}

  Status write(uint64_t offset, std::string_view bytes) override {
    const std::lock_guard lock(disk_.mutex_);
    const auto error = disk_.due(DiskCall::write);
    if (error) bytes = bytes.substr(0, disk_.stopped() ? 0 : bytes.size() / 2);
    perform({std::nullopt, offset, std::string(bytes)});
    if (error) return fail(*error);
    return {};
  }
  Result<size_t> read(uint64_t offset, std::span<char> into) const override {
    const std::lock_guard lock(disk_.mutex_);
    const std::string_view all = inode_->visible;
    const auto part = all.substr(std::min<uint64_t>(offset, all.size()), into.size());
    std::copy(part.begin(), part.end(), into.begin());
    return part.size();
  }
  Result<uint64_t> size() const override {
    const std::lock_guard lock(disk_.mutex_);
    return inode_->visible.size();
  }
  Status truncate(uint64_t size) override {
    const std::lock_guard lock(disk_.mutex_);
    if (const auto error = disk_.due(DiskCall::truncate)) return fail(*error);
    perform({size, 0, {}});
    return {};
  }
  Status sync(std::string_view why) override {
    const std::lock_guard lock(disk_.mutex_);
    const auto error = disk_.due(DiskCall::sync);
    if (error) {
      if (!disk_.stopped()) inode_->unsynced.clear();
      return fail(*error);
    }
    if (disk_.sync_is_skipped(why)) return {};
    for (const auto& operation : inode_->unsynced) SimulatedDisk::apply(operation, inode_->durable);
    inode_->unsynced.clear();
    return {};
  }

 private:
  void perform(SimulatedDisk::Operation operation) {
    SimulatedDisk::apply(operation, inode_->visible);
    inode_->unsynced.push_back(std::move(operation));
  }
  SimulatedDisk& disk_;
  std::shared_ptr<SimulatedDisk::Inode> inode_;
};

class SimulatedFiles final : public Files {
 public:
  explicit SimulatedFiles(SimulatedDisk& disk) : disk_(disk) {}

  Result<std::vector<std::string>> list() const override {
    const std::lock_guard lock(disk_.mutex_);
    std::vector<std::string> names;
    for (const auto& [name, inode] : disk_.visible_) names.push_back(name);
    return names;
  }
  Result<std::unique_ptr<File>> open(const std::string& name) const override {
    const std::lock_guard lock(disk_.mutex_);
    const auto found = disk_.visible_.find(name);
    if (found == disk_.visible_.end()) return fail(Code::not_found, "no such file");
    return std::make_unique<SimulatedFile>(disk_, found->second);
  }
  Result<std::unique_ptr<File>> create(const std::string& name) override {
    const std::lock_guard lock(disk_.mutex_);
    if (const auto error = disk_.due(DiskCall::create)) return fail(*error);
    const auto inode = std::make_shared<SimulatedDisk::Inode>();
    disk_.change({{name, inode}});
    return std::make_unique<SimulatedFile>(disk_, inode);
  }
  Status rename(const std::string& from, const std::string& to) override {
    const std::lock_guard lock(disk_.mutex_);
    if (const auto error = disk_.due(DiskCall::rename)) return fail(*error);
    disk_.change({{from, nullptr}, {to, disk_.visible_.at(from)}});
    return {};
  }
  Status remove(const std::string& name) override {
    const std::lock_guard lock(disk_.mutex_);
    if (const auto error = disk_.due(DiskCall::remove)) return fail(*error);
    disk_.change({{name, nullptr}});
    return {};
  }
  Status sync_directory(std::string_view why) override {
    const std::lock_guard lock(disk_.mutex_);
    if (const auto error = disk_.due(DiskCall::sync_directory)) return fail(*error);
    if (disk_.sync_is_skipped(why)) return {};
    disk_.durable_ = disk_.visible_;
    disk_.unsynced_.clear();
    return {};
  }
  Result<DiskSpace> space() const override {
    const std::lock_guard lock(disk_.mutex_);
    return disk_.space_;
  }
  std::string path(const std::string& name) const override { return "disk/" + name; }

 private:
  SimulatedDisk& disk_;
};

SimulatedDisk::SimulatedDisk() = default;

std::unique_ptr<Files> SimulatedDisk::files() { return std::make_unique<SimulatedFiles>(*this); }

void SimulatedDisk::apply(const Operation& operation, std::string& bytes) {
  if (operation.cut) return bytes.resize(*operation.cut, '\0');
  bytes.resize(std::max<size_t>(bytes.size(), operation.offset + operation.bytes.size()), '\0');
  std::copy(operation.bytes.begin(), operation.bytes.end(), bytes.begin() + static_cast<ptrdiff_t>(operation.offset));
}

void SimulatedDisk::apply(const NameChange& change, Names& names) {
  for (const auto& [name, inode] : change) {
    if (inode) names[name] = inode;
    else names.erase(name);
  }
}

void SimulatedDisk::change(NameChange change) {
  apply(change, visible_);
  unsynced_.push_back(std::move(change));
}

/// What becomes of the unsynced operations of a file: each is lost, kept, or kept in some of its sectors.
void SimulatedDisk::settle(Inode& inode, Random& random) {
  const uint64_t sector = random.chance(0.5) ? 512 : 4096;
  const uint64_t mood = random.below(4);   // 0: all lost, 1: all kept, else a mixture
  for (const auto& operation : inode.unsynced) {
    if (mood == 0 || (mood > 1 && random.chance(0.4))) continue;
    if (operation.cut || mood == 1 || random.chance(0.4)) {
      apply(operation, inode.durable);
      continue;
    }
    const uint64_t end = operation.offset + operation.bytes.size();
    for (uint64_t at = operation.offset; at < end;) {
      const uint64_t next = std::min(end, (at / sector + 1) * sector);
      if (random.chance(0.5))
        apply({std::nullopt, at, operation.bytes.substr(at - operation.offset, next - at)}, inode.durable);
      at = next;
    }
  }
  inode.unsynced.clear();
  inode.visible = inode.durable;
}

void SimulatedDisk::crash(uint64_t seed) {
  const std::lock_guard lock(mutex_);
  Random random(seed);
  for (const auto& change : unsynced_)
    if (random.chance(0.5)) apply(change, durable_);
  unsynced_.clear();
  visible_ = durable_;
  for (const auto& [name, inode] : visible_) settle(*inode, random);
}

void SimulatedDisk::fail_at(DiskCall call, int n, Code code) {
  failure_ = {call, n, code};
  syncs_after_failure_ = 0;
}

std::optional<Error> SimulatedDisk::due(DiskCall call) {
  if (calls_left_ && --*calls_left_ < 0) return Error{Code::unavailable, "the process is dead"};
  if (!failure_) return std::nullopt;
  if (failed() && (call == DiskCall::sync || call == DiskCall::sync_directory)) ++syncs_after_failure_;
  if (call != failure_->call || --failure_->n != 0) return std::nullopt;
  return Error{failure_->code, "injected"};
}

bool SimulatedDisk::sync_is_skipped(std::string_view why) {
  seen_.emplace(why);
  return skipped_ == why;
}

std::map<std::string, std::string> SimulatedDisk::contents() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::string> out;
  for (const auto& [name, inode] : visible_) out[name] = inode->visible;
  return out;
}

void SimulatedDisk::replace(const std::string& name, std::string bytes) {
  const std::lock_guard lock(mutex_);
  const auto inode = visible_.at(name);
  inode->durable = inode->visible = std::move(bytes);
}

}  // namespace leeway
