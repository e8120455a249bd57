#include "columns/column.h"

#include <bit>
#include <chrono>
#include <limits>
#include <unordered_map>
#include <fmt/format.h>

#include "base/text.h"

namespace leeway {

std::string_view name(Type type) {
  switch (type) {
    case Type::boolean: return "boolean";
    case Type::integer: return "integer";
    case Type::real: return "real";
    case Type::text: return "text";
    case Type::time: return "time";
  }
  return "unknown";
}

Column::Column(std::string name, Type type, size_t size, Validity valid)
    : name_(std::move(name)), type_(type), size_(size), valid_(std::move(valid)) {
  if (valid_.all()) return;
  size_t set = 0;
  const auto words = valid_.words();
  for (size_t w = 0; w < words.size(); ++w) {
    const size_t left = size - w * 64;
    const uint64_t mask = left >= 64 ? ~uint64_t{0} : (uint64_t{1} << left) - 1;
    set += static_cast<size_t>(std::popcount(words[w] & mask));
  }
  nulls_ = size - set;
  if (nulls_ == 0) valid_ = Validity();
}

Column Column::of_reals(std::string name, std::vector<double> values, Validity valid) {
  Column column(std::move(name), Type::real, values.size(), std::move(valid));
  column.reals_ = std::move(values);
  return column;
}

Column Column::of_integers(std::string name, Type type, std::vector<int64_t> values, Validity valid) {
  Column column(std::move(name), type, values.size(), std::move(valid));
  column.integers_ = std::move(values);
  return column;
}

Column Column::of_codes(std::string name, std::vector<uint32_t> codes, std::vector<std::string> dictionary,
                        Validity valid) {
  Column column(std::move(name), Type::text, codes.size(), std::move(valid));
  column.codes_ = std::move(codes);
  column.dictionary_ = std::move(dictionary);
  return column;
}

Column Column::of_text(std::string name, const std::vector<std::string>& values, Validity valid) {
  std::unordered_map<std::string, uint32_t> index;
  std::vector<std::string> dictionary;
  std::vector<uint32_t> codes;
  codes.reserve(values.size());
  for (const auto& value : values) {
    const auto [at, fresh] = index.try_emplace(value, static_cast<uint32_t>(dictionary.size()));
    if (fresh) dictionary.push_back(value);
    codes.push_back(at->second);
  }
  return of_codes(std::move(name), std::move(codes), std::move(dictionary), std::move(valid));
}

double Column::number(size_t row) const {
  if (!is_valid(row) || type_ == Type::text) return std::numeric_limits<double>::quiet_NaN();
  return type_ == Type::real ? reals_[row] : static_cast<double>(integers_[row]);
}

std::string Column::text(size_t row) const {
  if (!is_valid(row)) return {};
  switch (type_) {
    case Type::boolean: return integers_[row] != 0 ? "true" : "false";
    case Type::integer: return std::to_string(integers_[row]);
    case Type::real: return exact_number(reals_[row]);
    case Type::text: return dictionary_[codes_[row]];
    case Type::time: return format_time(integers_[row]);
  }
  return {};
}

Column Column::gather(std::span<const uint32_t> rows) const {
  Validity valid;
  if (nulls_ > 0) {
    valid = Validity(rows.size());
    for (size_t i = 0; i < rows.size(); ++i)
      if (!valid_[rows[i]]) valid.set(i, false);
  }
  Column out(name_, type_, rows.size(), std::move(valid));
  const auto pick = [&](const auto& from, auto& to) {
    to.resize(rows.size());
    for (size_t i = 0; i < rows.size(); ++i) to[i] = from[rows[i]];
  };
  if (type_ == Type::real) pick(reals_, out.reals_);
  else if (type_ == Type::text) pick(codes_, out.codes_);
  else pick(integers_, out.integers_);
  out.dictionary_ = dictionary_;
  return out;
}

Column Column::renamed(std::string name) const {
  Column out = *this;
  out.name_ = std::move(name);
  return out;
}

Column Column::without(std::span<const uint32_t> rows) const {
  Validity valid(size_);
  for (size_t row = 0; nulls_ > 0 && row < size_; ++row)
    if (!valid_[row]) valid.set(row, false);
  for (const uint32_t row : rows) valid.set(row, false);
  Column out(name_, type_, size_, std::move(valid));
  out.reals_ = reals_;
  out.integers_ = integers_;
  out.codes_ = codes_;
  out.dictionary_ = dictionary_;
  return out;
}

size_t Column::bytes() const {
  size_t total = reals_.capacity() * 8 + integers_.capacity() * 8 + codes_.capacity() * 4 + valid_.words().size() * 8;
  for (const auto& word : dictionary_) total += sizeof(std::string) + word.capacity();
  return total;
}

std::string format_time(int64_t nanoseconds, bool date_only) {
  using namespace std::chrono;
  constexpr int64_t second = 1'000'000'000;
  int64_t seconds = nanoseconds / second, fraction = nanoseconds % second;
  if (fraction < 0) {
    fraction += second;
    --seconds;
  }
  const sys_seconds moment{std::chrono::seconds(seconds)};
  const auto day = floor<days>(moment);
  const year_month_day date{day};
  std::string text = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  if (date_only) return text;
  const auto of_day = (moment - day).count();
  text += fmt::format("T{:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60);
  if (fraction != 0) {
    std::string digits = fmt::format("{:09}", fraction);
    while (digits.back() == '0') digits.pop_back();
    text += '.' + digits;
  }
  return text + 'Z';
}

}  // namespace leeway
