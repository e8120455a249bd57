#pragma once
// What one acknowledged request adds, as the bytes of a journal record: rows or outcomes, and the answer that a repeat
// of the request gets.
//
// Layout, little-endian. A text is a u32 length and its bytes; a list is a u32 count and its items.
//
//   u8 version (1), u8 parts (1 rows, 2 outcomes, 4 answer), then those parts in this order
//   rows      text model, text version, list of ids (texts), u32-counted i64 times, list of columns, list of lasting
//   names outcomes  text model, list of ids, counted i64 times, one column answer    text key, text fingerprint, i64
//   time, text answer column    text name, u8 type, u32 rows, u8 has nulls, then u64 validity words if it has, then
//             f64 or i64 values; or, for texts, the dictionary (list of texts) and u32 codes

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/records.h"

namespace leeway::server {

struct Payload {
  std::optional<store::RowBlock> rows;
  std::optional<store::OutcomeBlock> outcomes;
  std::optional<store::AnswerRecord> answer;
};

std::string encode(const Payload& payload);
/// Errors: invalid_data (damaged, or not such a record), failed_precondition (of a newer release). Bounded by the size
/// of `bytes`.
Result<Payload> decode(std::string_view bytes);

}  // namespace leeway::server
