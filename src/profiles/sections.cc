#include "profiles/sections.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/hash.h"
#include "summaries/bytes.h"

namespace leeway {
namespace {

// The first byte is no text and no UTF-8; the line ends show a transfer that rewrote them.
constexpr std::string_view magic("\x89LWP\r\n\x1a\n", 8);
constexpr size_t alignment = 64, entry_size = 32, footer_size = 32;

size_t padded(size_t size) { return (size + alignment - 1) / alignment * alignment; }

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::unexpected<Error> damaged(std::string what) {
  return fail(Code::invalid_data, std::move(what),
              "Make the profile again with `leeway profile`, or fetch another copy.");
}

/// A file's bytes in memory, unmapped with the last reference.
class Mapping {
 public:
  Mapping(void* address, size_t size) : address_(address), size_(size) {}
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() { munmap(address_, size_); }

 private:
  void* address_;
  size_t size_;
};

/// Lets the system take a stretch of a mapped file out of this process' memory; reading it again brings it back.
void give_back(std::span<const std::byte> bytes) {
  const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto first = (reinterpret_cast<uintptr_t>(bytes.data()) + page - 1) / page * page;
  const auto last = reinterpret_cast<uintptr_t>(bytes.data() + bytes.size()) / page * page;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

}  // namespace

Status SectionWriter::put(std::string_view bytes) {
  at_ += bytes.size();
  return sink_(bytes);
}

Status SectionWriter::begin() {
  ByteWriter head;
  head.array(std::span(magic));
  head.fixed(profile_format_version);
  head.pad_to(alignment);
  return put(head.bytes());
}

Status SectionWriter::add(SectionKind kind, uint32_t column, std::string_view payload) {
  const std::string padding(padded(payload.size()) - payload.size(), '\0');
  entries_.push_back({kind, column, at_, payload.size(), crc32c(padding, crc32c(payload)), 0});
  LEEWAY_CHECK(put(payload));
  return put(padding);
}

Status SectionWriter::end() {
  ByteWriter tail;
  for (const Entry& entry : entries_) {
    tail.fixed(entry.kind);
    tail.fixed(entry.column);
    tail.fixed(entry.offset);
    tail.fixed(entry.size);
    tail.fixed(entry.crc);
    tail.fixed(entry.zero);
  }
  tail.fixed(at_);
  tail.fixed(static_cast<uint32_t>(entries_.size()));
  tail.fixed(profile_format_version);
  tail.fixed(uint32_t{0});
  tail.fixed(crc32c(tail.bytes()));
  tail.array(std::span(magic));
  return put(tail.bytes());
}

Result<std::shared_ptr<const SectionFile>> SectionFile::make(std::span<const std::byte> bytes,
                                                             std::shared_ptr<const void> owner, bool mapped) {
  const std::string_view text = text_of(bytes);
  if (!text.starts_with(magic))
    return fail(Code::invalid_data, "this is not a profile", "Profiles are made by `leeway profile`.");
  if (bytes.size() < alignment) return damaged("the profile is cut short");
  ByteReader head(bytes.first(alignment));
  head.view<std::byte>(magic.size());
  const auto version = head.fixed<uint32_t>();
  if (version > profile_format_version)
    return fail(Code::failed_precondition,
                fmt::format("the profile has format {}, this Leeway reads up to {}", version, profile_format_version),
                "Use a newer Leeway, or profile the data again.");
  head.skip_padding(alignment);
  if (version == 0 || !head.ok()) return damaged("the beginning of the profile is damaged");
  if (bytes.size() < alignment + footer_size || !text.ends_with(magic)) return damaged("the profile is cut short");

  ByteReader footer(bytes.last(footer_size));
  const auto table = footer.fixed<uint64_t>();
  const auto count = footer.fixed<uint32_t>(), footer_version = footer.fixed<uint32_t>(),
             zero = footer.fixed<uint32_t>();
  const auto crc = footer.fixed<uint32_t>();
  const size_t body = bytes.size() - footer_size;
  if (table > body || body - table != uint64_t{count} * entry_size || footer_version != version || zero != 0 ||
      crc32c(bytes.subspan(table, body + footer_size - 12 - table)) != crc)
    return damaged("the table of the profile is damaged");

  std::shared_ptr<SectionFile> file(new SectionFile);
  file->bytes_ = bytes;
  file->owner_ = std::move(owner);
  file->mapped_ = mapped;
  ByteReader entries(bytes.subspan(table, body - table));
  uint64_t at = alignment;
  for (uint32_t i = 0; i < count; ++i) {
    Entry entry{};
    entry.kind = entries.fixed<SectionKind>();
    entry.column = entries.fixed<uint32_t>();
    entry.offset = entries.fixed<uint64_t>();
    entry.size = entries.fixed<uint64_t>();
    entry.crc = entries.fixed<uint32_t>();
    entry.zero = entries.fixed<uint32_t>();
    if (entry.offset != at || entry.size > table - at || padded(entry.size) > table - at || entry.zero != 0)
      return damaged("the table of the profile is damaged");
    at += padded(entry.size);
    file->entries_.push_back(entry);
  }
  if (at != table) return damaged("the table of the profile is damaged");
  file->checked_ = std::vector<Checked>(count);
  for (const Entry& entry : file->entries_)
    if (!(mapped && is_large(entry.kind)) && !file->intact(entry))
      return damaged(fmt::format("the profile is damaged between bytes {} and {}", entry.offset,
                                 entry.offset + padded(entry.size)));
  return file;
}

Result<std::shared_ptr<const SectionFile>> SectionFile::map(const std::string& path) {
  const auto unreadable = [&] {
    const bool missing = errno == ENOENT || errno == ENOTDIR;
    Error error{missing ? Code::not_found : Code::unavailable,
                missing ? "no such file" : fmt::format("cannot be read: {}", std::strerror(errno)),
                path,
                0,
                0,
                {}};
    return fail(std::move(error));
  };
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return unreadable();
  struct stat status;
  void* address = MAP_FAILED;
  const bool known = fstat(descriptor, &status) == 0;
  const auto size = known ? static_cast<size_t>(status.st_size) : 0;
  if (size > 0) address = mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
  const int reason = errno;
  ::close(descriptor);
  errno = reason;
  if (known && size == 0) {
    Error error{Code::invalid_data, "the file is empty", path, 0, 0, "Profiles are made by `leeway profile`."};
    return fail(std::move(error));
  }
  if (address == MAP_FAILED) return unreadable();
  auto file = make({static_cast<const std::byte*>(address), size}, std::make_shared<Mapping>(address, size), true);
  if (!file) file.error().file = path;
  return file;
}

const SectionFile::Entry* SectionFile::find(SectionKind kind, uint32_t column) const {
  const auto at = std::find_if(entries_.begin(), entries_.end(),
                               [&](const Entry& entry) { return entry.kind == kind && entry.column == column; });
  return at == entries_.end() ? nullptr : &*at;
}

bool SectionFile::intact(const Entry& entry) const {
  Checked& checked = checked_[static_cast<size_t>(&entry - entries_.data())];
  std::call_once(checked.once, [&] {
    const auto stretch = bytes_.subspan(entry.offset, padded(entry.size));
    checked.intact = crc32c(stretch) == entry.crc;
    if (mapped_ && is_large(entry.kind)) give_back(stretch);
  });
  return checked.intact;
}

Result<SectionFile::View> SectionFile::read(SectionKind kind, uint32_t column) const {
  const Entry* entry = find(kind, column);
  if (entry == nullptr) return fail(Code::not_found, "the profile has no such part");
  if (!intact(*entry))
    return damaged(fmt::format("the profile is damaged between bytes {} and {}", entry->offset,
                               entry->offset + padded(entry->size)));
  const auto payload = bytes_.subspan(entry->offset, entry->size);
  if (!mapped_ || !is_large(kind)) return View{payload, owner_};
  struct Returned {
    std::shared_ptr<const void> mapping;
    std::span<const std::byte> payload;
    ~Returned() { give_back(payload); }
  };
  return View{payload, std::make_shared<Returned>(owner_, payload)};
}

Status SectionFile::check_all() const {
  for (const Entry& entry : entries_) LEEWAY_CHECK(read(entry.kind, entry.column));
  return {};
}

}  // namespace leeway
