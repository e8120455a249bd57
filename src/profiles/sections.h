#pragma once
// The container of a profile: numbered sections behind checksums (api/profile_format.md). Knows nothing of what the
// sections hold.

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace leeway {

inline constexpr uint32_t profile_format_version = 1;

/// What a section holds. The values are part of the format.
enum class SectionKind : uint32_t {
  header = 1,       ///< schema, counts, names; one
  column = 2,       ///< summaries of one column
  score = 3,        ///< score tables; at most one
  reference = 4,    ///< prepared reference of one column
  rows = 5,         ///< aligned rows of one column
  joint = 6,        ///< sums over the numeric features together; at most one
};
/// Sections that only exact comparisons read, which are large: checked when first read, not when the file is opened.
inline bool is_large(SectionKind kind) { return kind == SectionKind::reference || kind == SectionKind::rows; }

/// Writes a profile front to back through `sink`, which is called in order and may fail.
class SectionWriter {
 public:
  using Sink = std::function<Status(std::string_view)>;
  explicit SectionWriter(Sink sink) : sink_(std::move(sink)) {}

  /// The first 64 bytes; before any section.
  Status begin();
  Status add(SectionKind kind, uint32_t column, std::string_view payload);
  /// The table and the footer; after the last section.
  Status end();

 private:
  struct Entry {
    SectionKind kind;
    uint32_t column;
    uint64_t offset, size;
    uint32_t crc, zero;
  };
  Status put(std::string_view bytes);
  friend class SectionFile;

  Sink sink_;
  uint64_t at_ = 0;
  std::vector<Entry> entries_;
};

/// The sections of a profile in memory or mapped. Immutable; thread safe.
class SectionFile {
 public:
  /// Bytes in memory: the frame and all sections are checked. `owner` keeps them alive; they must be aligned to 8.
  /// Errors: invalid_data (not a profile, damaged), failed_precondition (a newer format).
  static Result<std::shared_ptr<const SectionFile>> of(std::span<const std::byte> bytes,
                                                       std::shared_ptr<const void> owner) {
    return make(bytes, std::move(owner), false);
  }
  /// Maps a file: large sections are checked when they are first read. The file must not be cut while it is mapped.
  /// Errors: not_found, unavailable (cannot be read), and as above.
  static Result<std::shared_ptr<const SectionFile>> map(const std::string& path);

  std::span<const std::byte> bytes() const { return bytes_; }
  bool has(SectionKind kind, uint32_t column) const { return find(kind, column) != nullptr; }

  /// A section's payload. `owner` keeps it readable; in a mapped file it gives the memory back when the last copy goes.
  struct View {
    std::span<const std::byte> payload;
    std::shared_ptr<const void> owner;
  };
  /// Checks the section when it is read for the first time. Errors: not_found, invalid_data (damaged).
  Result<View> read(SectionKind kind, uint32_t column) const;
  /// Checks every section not checked yet.
  Status check_all() const;

 private:
  using Entry = SectionWriter::Entry;
  SectionFile() = default;
  static Result<std::shared_ptr<const SectionFile>> make(std::span<const std::byte> bytes,
                                                         std::shared_ptr<const void> owner, bool mapped);
  const Entry* find(SectionKind kind, uint32_t column) const;
  bool intact(const Entry& entry) const;

  std::span<const std::byte> bytes_;
  std::shared_ptr<const void> owner_;
  bool mapped_ = false;
  std::vector<Entry> entries_;
  struct Checked {
    std::once_flag once;
    bool intact = false;
  };
  mutable std::vector<Checked> checked_;   // as entries_
};

}  // namespace leeway
