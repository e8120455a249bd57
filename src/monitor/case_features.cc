#include "monitor/case_features.h"

#include "checks/drift/joint.h"
#include "models/encoder.h"

namespace leeway {
namespace {

struct EncodedInput {
  std::vector<std::string> names;
  std::vector<float> reference, current;
};

Result<EncodedInput> encode(const InputColumn& input) {
  models::EncoderOptions options;
  if (input.category) options.categorical = {input.reference.name()};
  LEEWAY_TRY(const auto encoder, models::Encoder::fit({&input.reference, 1}, {}, options));
  LEEWAY_TRY(const auto reference, encoder.bind({&input.reference, 1}));
  LEEWAY_TRY(const auto current, encoder.bind({&input.current, 1}));
  return EncodedInput{encoder.feature_names(), reference.all(), current.all()};
}

/// Puts the columns of `from` (row-major) at column `first` of rows of `width` numbers.
void put(const std::vector<float>& from, size_t columns, size_t first, size_t width, std::vector<float>& into) {
  for (size_t row = 0; row < from.size() / columns; ++row)
    for (size_t j = 0; j < columns; ++j) into[row * width + first + j] = from[row * columns + j];
}

}  // namespace

RowSample RowSample::of_tables(int64_t reference_rows, int64_t current_rows) {
  return {joint_sample(static_cast<size_t>(reference_rows)), joint_sample(static_cast<size_t>(current_rows))};
}

RowSample RowSample::evenly(const std::vector<uint32_t>& reference, const std::vector<uint32_t>& current) {
  RowSample out = of_tables(static_cast<int64_t>(reference.size()), static_cast<int64_t>(current.size()));
  for (uint32_t& row : out.reference) row = reference[row];
  for (uint32_t& row : out.current) row = current[row];
  return out;
}

CaseFeatures encode_cases(const std::vector<InputColumn>& inputs) {
  CaseFeatures out;
  std::vector<EncodedInput> encoded;
  for (const InputColumn& input : inputs) {
    out.reference_rows = input.reference.size();
    out.current_rows = input.current.size();
    auto columns =
        encoded.size() < JointLayout::most_columns ? encode(input) : fail(Code::resource_exhausted, "too many");
    if (!columns) {
      out.left_out.push_back(input.reference.name());
      continue;
    }
    out.names.insert(out.names.end(), columns->names.begin(), columns->names.end());
    encoded.push_back(std::move(*columns));
  }
  const size_t width = out.names.size();
  out.reference.resize(out.reference_rows * width);
  out.current.resize(out.current_rows * width);
  size_t first = 0;
  for (const auto& columns : encoded) {
    put(columns.reference, columns.names.size(), first, width, out.reference);
    put(columns.current, columns.names.size(), first, width, out.current);
    first += columns.names.size();
  }
  return out;
}

}  // namespace leeway
