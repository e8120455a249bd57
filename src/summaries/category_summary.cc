#include "summaries/category_summary.h"

#include <algorithm>
#include <bit>

#include "base/hash.h"
#include "base/portable_math.h"
#include "summaries/bytes.h"

namespace leeway {
namespace {

constexpr int register_bits = 12;
constexpr size_t registers = size_t{1} << register_bits;

uint64_t hash_of(std::string_view value) { return hash64(value, 0x6C656577); }

Error different_dictionaries() {
  return {Code::failed_precondition, "counts of different sets of categories cannot be merged", {}, 0, 0,
          "Profile both data sets again with the same --reference."};
}

bool more_frequent(const CategorySummary::Heavy& a, const CategorySummary::Heavy& b) {
  return a.count != b.count ? a.count > b.count : a.value < b.value;
}

/// What a value missing from a full list may have been counted at most.
int64_t missed_at_most(std::span<const CategorySummary::Heavy> list) {
  return list.size() < CategorySummary::max_heavy ? 0 : list.back().count;
}

/// The union of two SpaceSaving lists (Agarwal et al. 2013, doi:10.1145/2500128): a value on one list only may have
/// been on the other up to what that one missed.
std::vector<CategorySummary::Heavy> united(std::span<const CategorySummary::Heavy> a, std::span<const CategorySummary::Heavy> b) {
  const int64_t missed_a = missed_at_most(a), missed_b = missed_at_most(b);
  std::unordered_map<std::string_view, size_t> place;
  std::vector<CategorySummary::Heavy> out;
  for (const auto& heavy : a) {
    place.emplace(heavy.value, out.size());
    out.push_back({heavy.value, heavy.count + missed_b, heavy.error + missed_b});
  }
  for (const auto& heavy : b) {
    const auto at = place.find(heavy.value);
    if (at == place.end()) {
      out.push_back({heavy.value, heavy.count + missed_a, heavy.error + missed_a});
    } else {
      out[at->second].count += heavy.count - missed_b;
      out[at->second].error += heavy.error - missed_b;
    }
  }
  std::sort(out.begin(), out.end(), more_frequent);
  if (out.size() > CategorySummary::max_heavy) out.resize(CategorySummary::max_heavy);
  return out;
}

}  // namespace

Categories::Categories(const Column& column) : missing_(static_cast<int64_t>(column.null_count())) {
  if (column.type() == Type::real) {
    encode(column, column.reals());
  } else if (column.type() != Type::text) {
    encode(column, column.integers());
  } else {
    codes_ = column.codes();
    values_ = column.dictionary();
    counts_.assign(values_.size(), 0);
    if (missing_ > 0) {
      own_codes_.assign(codes_.begin(), codes_.end());
      for (size_t r = 0; r < own_codes_.size(); ++r)
        if (!column.is_valid(r)) own_codes_[r] = no_category;
      codes_ = own_codes_;
    }
    for (const uint32_t code : codes_)
      if (code != no_category) ++counts_[code];
  }
}

template <class T>
void Categories::encode(const Column& column, std::span<const T> rows) {
  std::unordered_map<uint64_t, uint32_t> place;   // by bits: distinct NaNs and zeros come together by their text
  std::unordered_map<std::string, uint32_t> by_text;
  own_codes_.assign(rows.size(), no_category);
  for (size_t r = 0; r < rows.size(); ++r) {
    if (!column.is_valid(r)) continue;
    const auto [at, fresh] = place.try_emplace(std::bit_cast<uint64_t>(rows[r]), 0);
    if (fresh) {
      std::string text = rows[r] == 0 && column.type() == Type::real ? "0" : column.text(r);
      const auto [named, unheard] = by_text.try_emplace(text, static_cast<uint32_t>(own_values_.size()));
      if (unheard) {
        own_values_.push_back(std::move(text));
        counts_.push_back(0);
      }
      at->second = named->second;
    }
    own_codes_[r] = at->second;
    ++counts_[at->second];
  }
  codes_ = own_codes_;
  values_ = own_values_;
}

std::shared_ptr<const CategoryDictionary> CategoryDictionary::from_reference(const Categories& reference) {
  std::vector<size_t> order;
  for (size_t i = 0; i < reference.values().size(); ++i)
    if (reference.counts()[i] > 0) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const int64_t rows_a = reference.counts()[a], rows_b = reference.counts()[b];
    return rows_a != rows_b ? rows_a > rows_b : reference.values()[a] < reference.values()[b];
  });
  auto out = std::make_shared<CategoryDictionary>();
  for (const size_t i : order) {
    const std::string& value = reference.values()[i];
    if (out->values_.size() < max_named) out->values_.push_back(value);
    else if (out->known_.size() < max_known) out->known_.push_back(hash_of(value));
    else out->complete_ = false;
  }
  std::sort(out->known_.begin(), out->known_.end());
  out->index();
  return out;
}

void CategoryDictionary::index() {
  for (size_t i = 0; i < values_.size(); ++i) index_.emplace(values_[i], static_cast<uint32_t>(i));
  ByteWriter bytes;
  write(bytes);
  id_ = hash64(bytes.bytes());
}

std::optional<uint32_t> CategoryDictionary::find(std::string_view value) const {
  const auto at = index_.find(value);
  if (at == index_.end()) return std::nullopt;
  return at->second;
}

bool CategoryDictionary::knows(std::string_view value) const {
  return index_.contains(value) || std::binary_search(known_.begin(), known_.end(), hash_of(value));
}

void CategoryDictionary::write(ByteWriter& out) const {
  out.fixed(static_cast<uint8_t>(complete_));
  out.varint(values_.size());
  for (const auto& value : values_) out.text(value);
  out.varint(known_.size());
  out.array(std::span(known_));
}

Result<std::shared_ptr<const CategoryDictionary>> CategoryDictionary::read(ByteReader& in) {
  auto dictionary = std::make_shared<CategoryDictionary>();
  const auto complete = in.fixed<uint8_t>();
  dictionary->complete_ = complete == 1;
  for (size_t left = in.length(1); left > 0 && in.ok(); --left) dictionary->values_.push_back(in.text());
  dictionary->known_ = in.array<uint64_t>(in.length(sizeof(uint64_t)));
  dictionary->index();
  if (complete > 1 || dictionary->index_.size() != dictionary->values_.size() ||
      !std::is_sorted(dictionary->known_.begin(), dictionary->known_.end()))
    in.fail();
  LEEWAY_CHECK(in.check("dictionary"));
  return dictionary;
}

CategorySummary::CategorySummary(std::shared_ptr<const CategoryDictionary> dictionary)
    : dictionary_(std::move(dictionary)), counts_(dictionary_->values().size(), 0), registers_(registers, 0) {}

void CategorySummary::update(const Categories& categories) {
  std::vector<Heavy> fresh;
  for (size_t i = 0; i < categories.values().size(); ++i) {
    const int64_t rows = categories.counts()[i];
    if (rows == 0) continue;
    const std::string& value = categories.values()[i];
    const uint64_t hash = hash_of(value);
    uint8_t& rank = registers_[hash >> (64 - register_bits)];
    rank = std::max(rank, static_cast<uint8_t>(std::countl_zero(hash << register_bits | uint64_t{1} << (register_bits - 1)) + 1));
    if (const auto named = dictionary_->find(value)) {
      counts_[*named] += rows;
    } else if (dictionary_->knows(value) || !dictionary_->complete()) {
      other_ += rows;
    } else {
      unseen_ += rows;
      fresh.push_back({value, rows, 0});
    }
  }
  missing_ += categories.missing();
  std::sort(fresh.begin(), fresh.end(), more_frequent);
  if (fresh.size() > max_heavy) fresh.resize(max_heavy);
  if (!fresh.empty()) heavy_ = united(heavy_, fresh);
}

Status CategorySummary::merge(const CategorySummary& other) {
  if (dictionary_ != other.dictionary_ && dictionary_->id() != other.dictionary_->id()) return fail(different_dictionaries());
  for (size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  other_ += other.other_;
  unseen_ += other.unseen_;
  missing_ += other.missing_;
  heavy_ = united(heavy_, other.heavy_);
  for (size_t i = 0; i < registers; ++i) registers_[i] = std::max(registers_[i], other.registers_[i]);
  return {};
}

int64_t CategorySummary::size() const {
  int64_t sum = other_ + unseen_;
  for (const int64_t rows : counts_) sum += rows;
  return sum;
}

// Flajolet, Fusy, Gandouet & Meunier 2007; linear counting while registers are empty.
double CategorySummary::distinct_estimate() const {
  double sum = 0;
  size_t zeros = 0;
  for (const uint8_t rank : registers_) {
    sum += 1 / static_cast<double>(uint64_t{1} << rank);
    zeros += rank == 0;
  }
  constexpr auto m = static_cast<double>(registers);
  const double estimate = 0.7213 / (1 + 1.079 / m) * m * m / sum;
  if (estimate <= 2.5 * m && zeros > 0) return m * portable::log(m / static_cast<double>(zeros));
  return estimate;
}

void CategorySummary::write(ByteWriter& out) const {
  for (const int64_t rows : counts_) out.varint(static_cast<uint64_t>(rows));
  for (const int64_t rows : {other_, unseen_, missing_}) out.varint(static_cast<uint64_t>(rows));
  out.varint(heavy_.size());
  for (const Heavy& heavy : heavy_) {
    out.text(heavy.value);
    out.varint(static_cast<uint64_t>(heavy.count));
    out.varint(static_cast<uint64_t>(heavy.error));
  }
  // Registers as runs of zeros, each followed by one that is not zero.
  uint64_t zeros = 0;
  for (const uint8_t rank : registers_) {
    if (rank == 0) {
      ++zeros;
      continue;
    }
    out.varint(zeros);
    out.fixed(rank);
    zeros = 0;
  }
  out.varint(zeros);
}

Result<CategorySummary> CategorySummary::read(ByteReader& in, std::shared_ptr<const CategoryDictionary> dictionary) {
  CategorySummary out(std::move(dictionary));
  int64_t total = 0;
  const auto rows = [&] {
    const int64_t count = in.count();
    if (count > (int64_t{1} << 62) - total) in.fail();
    else total += count;
    return in.ok() ? count : 0;
  };
  for (int64_t& count : out.counts_) count = rows();
  for (int64_t* count : {&out.other_, &out.unseen_, &out.missing_}) *count = rows();
  const size_t heavy = in.length(3);
  if (heavy > max_heavy) in.fail();
  for (size_t i = 0; i < heavy && in.ok(); ++i) {
    std::string value = in.text();
    const int64_t count = in.count(), error = in.count();
    if (error > count || (i > 0 && count > out.heavy_.back().count)) in.fail();
    out.heavy_.push_back({std::move(value), count, error});
  }
  for (size_t at = 0; in.ok();) {
    const uint64_t zeros = in.varint();
    if (zeros > registers - at) in.fail();
    else at += zeros;
    if (!in.ok() || at == registers) break;
    const auto rank = in.fixed<uint8_t>();
    if (rank == 0 || rank > 64 - register_bits + 1) in.fail();
    else out.registers_[at++] = rank;
  }
  LEEWAY_CHECK(in.check("category counts"));
  return out;
}

bool CategorySummary::operator==(const CategorySummary& other) const {
  return dictionary_->id() == other.dictionary_->id() && counts_ == other.counts_ && other_ == other.other_ &&
         unseen_ == other.unseen_ && missing_ == other.missing_ && heavy_ == other.heavy_ && registers_ == other.registers_;
}

}  // namespace leeway
