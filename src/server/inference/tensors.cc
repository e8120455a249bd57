#include "server/inference/tensors.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "server/rows/read_rows.h"

namespace leeway::server {
namespace {

struct Datatype {
  std::string_view name;
  Type type;
  int64_t least = 0, most = 0;  // of integers
};
constexpr std::array<Datatype, 12> datatypes = {{
    {"BOOL", Type::boolean},
    {"UINT8", Type::integer, 0, 255},
    {"UINT16", Type::integer, 0, 65535},
    {"UINT32", Type::integer, 0, 4294967295},
    {"UINT64", Type::integer, 0, INT64_MAX},
    {"INT8", Type::integer, -128, 127},
    {"INT16", Type::integer, -32768, 32767},
    {"INT32", Type::integer, INT32_MIN, INT32_MAX},
    {"INT64", Type::integer, INT64_MIN, INT64_MAX},
    {"FP32", Type::real},
    {"FP64", Type::real},
    {"BYTES", Type::text},
}};

/// One input, its data flattened.
struct Tensor {
  std::string name;
  const Datatype* datatype = nullptr;
  std::vector<uint64_t> shape;
  std::vector<JsonElement> data;
};

std::unexpected<Problem> wrong(const std::string& input, std::string_view what) {
  return refuse(400, fmt::format("Input '{}' {}.", printable(input), what));
}

std::expected<void, Problem> flatten(JsonElement element, size_t limit, Tensor& tensor) {
  if (!element.is_array()) {
    if (tensor.data.size() == limit) return wrong(tensor.name, "has more data than its shape says");
    tensor.data.push_back(element);
    return {};
  }
  for (const auto item : JsonArray(element)) LEEWAY_CHECK(flatten(item, limit, tensor));
  return {};
}

std::expected<size_t, Problem> read_shape(const JsonMembers& members, Tensor& tensor) {
  LEEWAY_TRY(const auto shape, members.maybe_array("shape"));
  if (!shape) return wrong(tensor.name, "has no shape");
  size_t elements = 1;
  for (const auto item : *shape) {
    uint64_t size = 0;
    if (item.get(size) || size > row_limit * 4096) return wrong(tensor.name, "has a shape that is not a list of sizes");
    tensor.shape.push_back(size);
    if (size > 0 && elements > json_token_limit / size) return wrong(tensor.name, "is too large");
    elements *= size;
  }
  if (tensor.shape.empty() || tensor.shape.size() > 2)
    return wrong(tensor.name, "must have a shape of one or two sizes");
  if (tensor.shape[0] > row_limit) return refuse(413, fmt::format("A request may bring at most {} rows.", row_limit));
  return elements;
}

std::expected<Tensor, Problem> read_tensor(JsonElement element) {
  LEEWAY_TRY(const auto members, JsonMembers::of(element, "/inputs"));
  LEEWAY_CHECK(members.only({"name", "shape", "datatype", "parameters", "data"}));
  Tensor tensor;
  LEEWAY_TRY(tensor.name, members.text("name"));
  LEEWAY_TRY(const std::string datatype, members.text("datatype"));
  if (datatype == "FP16" || datatype == "BF16")
    return wrong(tensor.name, "is FP16 or BF16, which has no portable form in JSON; send FP32");
  const auto known = std::ranges::find(datatypes, datatype, &Datatype::name);
  if (known == datatypes.end())
    return wrong(tensor.name,
                 fmt::format("has the datatype '{}', which is not one of the protocol", printable(datatype)));
  tensor.datatype = known;
  LEEWAY_TRY(const size_t elements, read_shape(members, tensor));
  const auto data = members.find("data");
  if (!data || !data->is_array()) return wrong(tensor.name, "has no data");
  LEEWAY_CHECK(flatten(*data, elements, tensor));
  if (tensor.data.size() != elements)
    return wrong(tensor.name, fmt::format("has {} data, but its shape says {}", tensor.data.size(), elements));
  return tensor;
}

/// `count` values from `first`, `step` apart, as a column.
std::expected<Column, Problem> column_of(const Tensor& tensor, std::string name, size_t first, size_t step,
                                         size_t count) {
  Validity valid(count);
  std::vector<double> reals;
  std::vector<int64_t> integers;
  std::vector<std::string> texts;
  for (size_t i = 0; i < count; ++i) {
    const JsonElement value = tensor.data[first + i * step];
    double real = 0;
    int64_t integer = 0;
    bool flag = false;
    std::string_view text;
    bool fits = true;
    if (value.is_null()) valid.set(i, false);
    else if (tensor.datatype->type == Type::real) fits = !value.get(real);
    else if (tensor.datatype->type == Type::text) fits = !value.get(text);
    else if (tensor.datatype->type == Type::boolean) fits = !value.get(flag);
    else fits = !value.get(integer) && integer >= tensor.datatype->least && integer <= tensor.datatype->most;
    if (!fits) return wrong(tensor.name, fmt::format("has data that are not {}", tensor.datatype->name));
    reals.push_back(real);
    integers.push_back(tensor.datatype->type == Type::boolean ? flag : integer);
    texts.emplace_back(text);
  }
  if (tensor.datatype->type == Type::real) return Column::of_reals(std::move(name), std::move(reals), std::move(valid));
  if (tensor.datatype->type == Type::text) return Column::of_text(std::move(name), texts, std::move(valid));
  return Column::of_integers(std::move(name), tensor.datatype->type, std::move(integers), std::move(valid));
}

}  // namespace

std::string_view datatype_of(Type type) {
  if (type == Type::real) return "FP64";
  if (type == Type::integer) return "INT64";
  return type == Type::boolean ? "BOOL" : "BYTES";
}

std::expected<std::vector<Column>, Problem> columns_of_tensors(JsonArray inputs,
                                                               std::span<const std::string> declared) {
  std::vector<Column> columns;
  std::optional<uint64_t> rows;
  for (const auto item : inputs) {
    LEEWAY_TRY(const auto tensor, read_tensor(item));
    if (rows && *rows != tensor.shape[0])
      return wrong(tensor.name, "has another number of rows than the inputs before");
    rows = tensor.shape[0];
    const size_t width = tensor.shape.size() == 1 ? 1 : tensor.shape[1];
    if (width != 1 && (width != declared.size() || tensor.datatype->type != Type::real))
      return wrong(
          tensor.name,
          fmt::format("must have the shape [n], [n,1], or [n,{}] as FP32 or FP64 with the model's columns in order",
                      declared.size()));
    for (size_t c = 0; c < width; ++c) {
      std::string name = width == 1 ? tensor.name : declared[c];
      if (std::ranges::any_of(columns, [&](const Column& column) { return column.name() == name; }))
        return wrong(name, "is given twice");
      LEEWAY_TRY(auto column, column_of(tensor, std::move(name), c, width, *rows));
      columns.push_back(std::move(column));
    }
  }
  if (!rows || *rows == 0) return refuse(400, "There is no row in the inputs.");
  return columns;
}

}  // namespace leeway::server
