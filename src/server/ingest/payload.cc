#include "server/ingest/payload.h"

#include <cstring>

namespace leeway::server {
namespace {

constexpr uint8_t format_version = 1;
constexpr uint8_t has_rows = 1, has_outcomes = 2, has_answer = 4;

class Writer {
 public:
  template <class Number>
  void number(Number value) {
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void count(size_t value) { number(static_cast<uint32_t>(value)); }
  void text(std::string_view value) {
    count(value.size());
    out_ += value;
  }
  void texts(std::span<const std::string> values) {
    count(values.size());
    for (const auto& value : values) text(value);
  }
  template <class Number>
  void raw(std::span<const Number> values) {
    out_.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  }
  void times(const std::vector<int64_t>& values) {
    count(values.size());
    raw(std::span<const int64_t>(values));
  }
  void column(const Column& column);
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

void Writer::column(const Column& column) {
  text(column.name());
  number(static_cast<uint8_t>(column.type()));
  count(column.size());
  const auto words = column.validity().words();
  const size_t needed = (column.size() + 63) / 64;
  number(static_cast<uint8_t>(!words.empty()));
  if (!words.empty()) raw(words.first(needed));
  if (column.type() == Type::real) {
    raw(column.reals());
  } else if (column.type() == Type::text) {
    texts(column.dictionary());
    raw(column.codes());
  } else {
    raw(column.integers());
  }
}

/// Reads forward; after the first thing that does not fit everything is empty and ok() is false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }
  bool at_end() const { return bytes_.empty(); }

  template <class Number>
  Number number() {
    Number value{};
    if (std::string_view part = take(sizeof value); ok_) std::memcpy(&value, part.data(), sizeof value);
    return value;
  }
  std::string text() { return std::string(take(number<uint32_t>())); }
  std::vector<std::string> texts() {
    const size_t count = number<uint32_t>();
    if (count * sizeof(uint32_t) > bytes_.size()) return broken(), std::vector<std::string>{};
    std::vector<std::string> values(count);
    for (auto& value : values) value = text();
    return values;
  }
  template <class Number>
  std::vector<Number> raw(size_t count) {
    const std::string_view part = take(count * sizeof(Number));
    std::vector<Number> values(ok_ ? count : 0);
    if (!values.empty()) std::memcpy(values.data(), part.data(), part.size());
    return values;
  }
  std::vector<int64_t> times() { return raw<int64_t>(number<uint32_t>()); }
  Column column();

 private:
  void broken() { ok_ = false, bytes_ = {}; }
  std::string_view take(size_t size) {
    if (size > bytes_.size()) return broken(), std::string_view{};
    const std::string_view part = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return part;
  }
  std::string_view bytes_;
  bool ok_ = true;
};

Column Reader::column() {
  std::string name = text();
  const auto type = static_cast<Type>(number<uint8_t>());
  const size_t rows = number<uint32_t>();
  const Validity valid = number<uint8_t>() != 0 ? Validity(raw<uint64_t>((rows + 63) / 64)) : Validity();
  switch (type) {
    case Type::real: {
      auto values = raw<double>(rows);
      if (ok_) return Column::of_reals(std::move(name), std::move(values), valid);
      break;
    }
    case Type::text: {
      auto dictionary = texts();
      auto codes = raw<uint32_t>(rows);
      for (size_t row = 0; row < codes.size(); ++row)
        if (codes[row] >= dictionary.size() && valid[row]) broken();
      if (ok_) return Column::of_codes(std::move(name), std::move(codes), std::move(dictionary), valid);
      break;
    }
    case Type::boolean:
    case Type::integer:
    case Type::time: {
      auto values = raw<int64_t>(rows);
      if (ok_) return Column::of_integers(std::move(name), type, std::move(values), valid);
      break;
    }
    default: broken();
  }
  return Column::of_reals({}, {});
}

store::RowBlock read_rows(Reader& in) {
  store::RowBlock block;
  block.model = in.text();
  block.version = in.text();
  block.ids = in.texts();
  block.times = in.times();
  const size_t columns = in.number<uint32_t>();
  for (size_t i = 0; i < columns && in.ok(); ++i) block.columns.push_back(in.column());
  block.lasting = in.texts();
  return block;
}

store::OutcomeBlock read_outcomes(Reader& in) {
  store::OutcomeBlock block;
  block.model = in.text();
  block.ids = in.texts();
  block.times = in.times();
  block.labels = in.column();
  return block;
}

bool fits(const Payload& payload) {
  if (payload.rows) {
    const size_t rows = payload.rows->ids.size();
    if (payload.rows->times.size() != rows) return false;
    for (const auto& column : payload.rows->columns)
      if (column.size() != rows) return false;
  }
  if (payload.outcomes && (payload.outcomes->times.size() != payload.outcomes->ids.size() ||
                           payload.outcomes->labels.size() != payload.outcomes->ids.size()))
    return false;
  return true;
}

}  // namespace

std::string encode(const Payload& payload) {
  Writer out;
  out.number(format_version);
  out.number(static_cast<uint8_t>((payload.rows ? has_rows : 0) | (payload.outcomes ? has_outcomes : 0) |
                                  (payload.answer ? has_answer : 0)));
  if (const auto& rows = payload.rows) {
    out.text(rows->model);
    out.text(rows->version);
    out.texts(rows->ids);
    out.times(rows->times);
    out.count(rows->columns.size());
    for (const auto& column : rows->columns) out.column(column);
    out.texts(rows->lasting);
  }
  if (const auto& outcomes = payload.outcomes) {
    out.text(outcomes->model);
    out.texts(outcomes->ids);
    out.times(outcomes->times);
    out.column(outcomes->labels);
  }
  if (const auto& answer = payload.answer) {
    out.text(answer->key);
    out.text(answer->fingerprint);
    out.number(answer->time);
    out.text(answer->answer);
  }
  return out.take();
}

Result<Payload> decode(std::string_view bytes) {
  Reader in(bytes);
  const auto version = in.number<uint8_t>();
  if (in.ok() && version > format_version)
    return fail(Code::failed_precondition, "the journal has records of a newer release",
                "Start that release, or a newer one.");
  const auto parts = in.number<uint8_t>();
  Payload payload;
  if (parts & has_rows) payload.rows = read_rows(in);
  if (parts & has_outcomes) payload.outcomes = read_outcomes(in);
  if (parts & has_answer) payload.answer = store::AnswerRecord{in.text(), in.text(), in.number<int64_t>(), in.text()};
  const bool known = version == format_version && (parts & ~(has_rows | has_outcomes | has_answer)) == 0;
  if (!in.ok() || !in.at_end() || !known || !fits(payload))
    return fail(Code::invalid_data, "a record of the journal is not one of rows or outcomes");
  return payload;
}

}  // namespace leeway::server
