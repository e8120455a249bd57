#include "server/ingest/merge_blocks.h"

#include <algorithm>
#include <unordered_map>

namespace leeway::server {
namespace {

bool same_shape(const store::RowBlock& a, const store::RowBlock& b) {
  return a.model == b.model && a.version == b.version && a.lasting == b.lasting &&
         std::ranges::equal(a.columns, b.columns, [](const Column& x, const Column& y) {
           return x.type() == y.type() && x.name() == y.name();
         });
}

Validity validity_of(const std::vector<const Column*>& parts, size_t rows) {
  if (std::ranges::all_of(parts, [](const Column* part) { return part->null_count() == 0; })) return {};
  Validity valid(rows);
  size_t at = 0;
  for (const Column* part : parts)
    for (size_t row = 0; row < part->size(); ++row, ++at)
      if (!part->is_valid(row)) valid.set(at, false);
  return valid;
}

Column concatenate_texts(const std::vector<const Column*>& parts, size_t rows) {
  std::unordered_map<std::string_view, uint32_t> known;  // views of the parts' dictionaries, which outlive it
  std::vector<std::string> dictionary;
  std::vector<uint32_t> codes, translation;
  codes.reserve(rows);
  for (const Column* part : parts) {
    translation.clear();
    for (const auto& text : part->dictionary()) {
      const auto [entry, fresh] = known.emplace(text, static_cast<uint32_t>(dictionary.size()));
      if (fresh) dictionary.push_back(text);
      translation.push_back(entry->second);
    }
    for (size_t row = 0; row < part->size(); ++row)
      codes.push_back(part->is_valid(row) ? translation[part->codes()[row]] : 0);
  }
  return Column::of_codes(parts.front()->name(), std::move(codes), std::move(dictionary), validity_of(parts, rows));
}

store::RowBlock merged(std::vector<store::RowBlock> blocks) {
  if (blocks.size() == 1) return std::move(blocks.front());
  store::RowBlock out{
      .model = blocks.front().model, .version = blocks.front().version, .lasting = blocks.front().lasting};
  for (auto& block : blocks) {
    std::ranges::move(block.ids, std::back_inserter(out.ids));
    std::ranges::copy(block.times, std::back_inserter(out.times));
  }
  for (size_t c = 0; c < blocks.front().columns.size(); ++c) {
    std::vector<const Column*> parts;
    for (const auto& block : blocks) parts.push_back(&block.columns[c]);
    out.columns.push_back(concatenate(parts));
  }
  return out;
}

}  // namespace

Column concatenate(const std::vector<const Column*>& parts) {
  size_t rows = 0;
  for (const Column* part : parts) rows += part->size();
  const Column& first = *parts.front();
  if (first.type() == Type::text) return concatenate_texts(parts, rows);
  if (first.type() == Type::real) {
    std::vector<double> values;
    values.reserve(rows);
    for (const Column* part : parts) values.insert(values.end(), part->reals().begin(), part->reals().end());
    return Column::of_reals(first.name(), std::move(values), validity_of(parts, rows));
  }
  std::vector<int64_t> values;
  values.reserve(rows);
  for (const Column* part : parts) values.insert(values.end(), part->integers().begin(), part->integers().end());
  return Column::of_integers(first.name(), first.type(), std::move(values), validity_of(parts, rows));
}

void BlockMerger::add(store::RowBlock block) {
  if (block.ids.empty()) return;
  auto group = std::ranges::find_if(groups_, [&](const auto& known) { return same_shape(known.front(), block); });
  if (group == groups_.end()) group = groups_.insert(groups_.end(), std::vector<store::RowBlock>{});
  group->push_back(std::move(block));
}

std::vector<store::RowBlock> BlockMerger::take() {
  std::vector<store::RowBlock> out;
  for (auto& group : groups_) out.push_back(merged(std::move(group)));
  groups_.clear();
  return out;
}

}  // namespace leeway::server
