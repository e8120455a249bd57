#include "summaries/text_summary.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/hash.h"
#include "summaries/bytes.h"
#include "summaries/category_summary.h"
#include "summaries/numeric_reference.h"

namespace leeway {
namespace {

constexpr double share_quantum = 0x1p-40;   // of a row's shares and their squares
constexpr size_t known_share_index = TextSummary::classes;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || static_cast<signed char>(c) < 0;
}

/// Calls each(hash) for each word.
template <class Each>
void for_each_word(std::string_view text, Each each) {
  std::string word;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && in_word(text[i])) {
      word += lower(text[i]);
    } else if (!word.empty()) {
      each(hash64(word));
      word.clear();
    }
  }
}

TextSummary::Class class_of(unsigned char c) {
  using Class = TextSummary::Class;
  if (c >= 'a' && c <= 'z') return Class::lower;
  if (c >= 'A' && c <= 'Z') return Class::upper;
  if (c >= '0' && c <= '9') return Class::digit;
  if (c == ' ' || (c >= 9 && c <= 13)) return Class::space;
  if (c < 32 || c == 127) return Class::control;
  return c < 128 ? Class::punctuation : Class::other;
}

/// What one text contributes.
struct Look {
  std::array<int64_t, TextSummary::classes> characters{};
  int64_t length = 0, words = 0, known = 0;

  explicit Look(std::string_view text) {
    for (const char c : text) {
      if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;   // not the first byte of its character
      ++characters[static_cast<size_t>(class_of(static_cast<unsigned char>(c)))];
      ++length;
    }
  }
};

std::vector<double> lengths_of(const Categories& texts) {
  std::vector<double> lengths;
  for (size_t i = 0; i < texts.values().size(); ++i)
    lengths.insert(lengths.end(), static_cast<size_t>(texts.counts()[i]), static_cast<double>(Look(texts.values()[i]).length));
  return lengths;
}

}  // namespace

std::shared_ptr<const TextVocabulary> TextVocabulary::from_reference(const Column& column) {
  const Categories texts(column);
  std::unordered_map<uint64_t, int64_t> rows;
  for (size_t i = 0; i < texts.values().size(); ++i)
    if (texts.counts()[i] > 0) for_each_word(texts.values()[i], [&](uint64_t word) { rows[word] += texts.counts()[i]; });
  std::vector<std::pair<int64_t, uint64_t>> order;
  for (const auto& [word, count] : rows) order.emplace_back(-count, word);
  std::sort(order.begin(), order.end());
  if (order.size() > max_words) order.resize(max_words);
  auto out = std::make_shared<TextVocabulary>();
  for (const auto& [count, word] : order) out->hashes_.push_back(word);
  std::sort(out->hashes_.begin(), out->hashes_.end());
  const auto lengths = NumericReference::prepare(lengths_of(texts));
  BinMap::Options options;
  options.bins = 64;
  out->length_bins_ = std::make_shared<const BinMap>(BinMap::from_reference(lengths ? *lengths : NumericReference(), options));
  out->identify();
  return out;
}

void TextVocabulary::identify() {
  ByteWriter bytes;
  write(bytes);
  id_ = hash64(bytes.bytes());
}

bool TextVocabulary::knows(std::string_view word) const {
  bool known = false;
  for_each_word(word, [&](uint64_t hash) { known = knows(hash); });
  return known;
}

void TextVocabulary::write(ByteWriter& out) const {
  out.varint(hashes_.size());
  out.array(std::span(hashes_));
  length_bins_->write(out);
}

Result<std::shared_ptr<const TextVocabulary>> TextVocabulary::read(ByteReader& in) {
  auto out = std::make_shared<TextVocabulary>();
  out->hashes_ = in.array<uint64_t>(in.length(sizeof(uint64_t)));
  if (!std::is_sorted(out->hashes_.begin(), out->hashes_.end())) in.fail();
  LEEWAY_TRY(auto bins, BinMap::read(in));
  out->length_bins_ = std::make_shared<const BinMap>(std::move(bins));
  out->identify();
  return out;
}

std::string_view TextSummary::name(Class c) {
  static constexpr std::string_view names[classes] = {"lower-case letters", "upper-case letters", "digits", "blanks",
                                                      "punctuation", "control characters", "characters beyond ASCII"};
  return names[static_cast<size_t>(c)];
}

TextSummary::TextSummary(std::shared_ptr<const TextVocabulary> vocabulary)
    : vocabulary_(std::move(vocabulary)), lengths_(vocabulary_->length_bins()) {}

void TextSummary::update(const Column& column) {
  const Categories texts(column);
  for (size_t i = 0; i < texts.values().size(); ++i) {
    const int64_t rows = texts.counts()[i];
    if (rows == 0) continue;
    Look look(texts.values()[i]);
    for_each_word(texts.values()[i], [&](uint64_t word) {
      ++look.words;
      look.known += vocabulary_->knows(word);
    });
    size_ += rows;
    words_ += rows * look.words;
    known_words_ += rows * look.known;
    for (size_t c = 0; c < classes; ++c) {
      characters_[c] += rows * look.characters[c];
      if (look.length > 0) add_share(c, look.characters[c], look.length, rows);
    }
    if (look.length == 0) empty_ += rows;
    if (look.words > 0) {
      wordy_ += rows;
      add_share(known_share_index, look.known, look.words, rows);
    }
  }
  lengths_.update(lengths_of(texts));
}

void TextSummary::add_share(size_t index, int64_t part, int64_t whole, int64_t rows) {
  const double share = static_cast<double>(part) / static_cast<double>(whole);
  shares_[index].quanta += Int128{rows} * static_cast<int64_t>(std::nearbyint(share / share_quantum));
  share_squares_[index].quanta += Int128{rows} * static_cast<int64_t>(std::nearbyint(share * share / share_quantum));
}

Status TextSummary::merge(const TextSummary& other) {
  if (vocabulary_ != other.vocabulary_ && vocabulary_->id() != other.vocabulary_->id())
    return fail(Code::failed_precondition, "text summaries of different vocabularies cannot be merged",
                "Profile both data sets again with the same --reference.");
  LEEWAY_CHECK(lengths_.merge(other.lengths_));
  for (const auto field : {&TextSummary::size_, &TextSummary::empty_, &TextSummary::words_, &TextSummary::known_words_, &TextSummary::wordy_})
    this->*field += other.*field;
  for (size_t c = 0; c < classes; ++c) characters_[c] += other.characters_[c];
  for (size_t i = 0; i < shares_.size(); ++i) {
    shares_[i].merge(other.shares_[i]);
    share_squares_[i].merge(other.share_squares_[i]);
  }
  return {};
}

TextSummary::Share TextSummary::share(size_t index, int64_t rows) const {
  Share out{rows};
  if (rows == 0) return out;
  const auto n = static_cast<double>(rows);
  out.mean = shares_[index].value(share_quantum) / n;
  if (rows > 1) out.variance = std::max(0.0, share_squares_[index].value(share_quantum) - n * out.mean * out.mean) / (n - 1);
  return out;
}
TextSummary::Share TextSummary::class_share(Class c) const { return share(static_cast<size_t>(c), size_ - empty_); }
TextSummary::Share TextSummary::known_share() const { return share(known_share_index, wordy_); }

void TextSummary::write(ByteWriter& out) const {
  for (const int64_t count : {size_, empty_, words_, known_words_, wordy_}) out.varint(static_cast<uint64_t>(count));
  for (const int64_t count : characters_) out.varint(static_cast<uint64_t>(count));
  for (size_t i = 0; i < shares_.size(); ++i) {
    shares_[i].write(out);
    share_squares_[i].write(out);
  }
  lengths_.write(out);
}

Result<TextSummary> TextSummary::read(ByteReader& in, std::shared_ptr<const TextVocabulary> vocabulary) {
  TextSummary out(std::move(vocabulary));
  for (int64_t* count : {&out.size_, &out.empty_, &out.words_, &out.known_words_, &out.wordy_}) *count = in.count();
  for (int64_t& count : out.characters_) count = in.count();
  for (size_t i = 0; i < out.shares_.size(); ++i) {
    LEEWAY_TRY(out.shares_[i], FixedSum::read(in));
    LEEWAY_TRY(out.share_squares_[i], FixedSum::read(in));
  }
  LEEWAY_TRY(out.lengths_, BinnedCounts::read(in, out.vocabulary_->length_bins()));
  if (out.empty_ > out.size_ || out.wordy_ > out.size_ || out.known_words_ > out.words_ || out.lengths_.size() != out.size_) in.fail();
  LEEWAY_CHECK(in.check("text summary"));
  return out;
}

bool TextSummary::operator==(const TextSummary& other) const {
  return vocabulary_->id() == other.vocabulary_->id() && size_ == other.size_ && empty_ == other.empty_ &&
         words_ == other.words_ && known_words_ == other.known_words_ && wordy_ == other.wordy_ &&
         lengths_ == other.lengths_ && characters_ == other.characters_ && shares_ == other.shares_ &&
         share_squares_ == other.share_squares_;
}

}  // namespace leeway
