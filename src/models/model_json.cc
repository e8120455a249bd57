// A model's parts besides its trees, as JSON: the part of model.h that files need.

#include <cstdlib>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "base/text.h"
#include "models/document.h"
#include "models/model.h"

namespace leeway::models {
namespace {

constexpr std::string_view format_name = "leeway-model";
constexpr int64_t format_version = 1;

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.key(key);
  json.begin_array();
  for (const auto& text : texts) json.value(text);
  json.end_array();
}

template <class Numbers>
void write_numbers(JsonWriter& json, std::string_view key, const Numbers& numbers) {
  json.key(key);
  json.begin_array();
  for (const double number : numbers) json.value(number);
  json.end_array();
}

void write_facts(JsonWriter& json, const ModelFacts& facts) {
  json.member("name", facts.name);
  json.member("task", leeway::name(facts.task));
  json.member("label", facts.label);
  json.member("positive", facts.positive);
  write_texts(json, "classes", facts.classes);
  json.member("algorithm", facts.algorithm);
  json.member("seed", std::to_string(facts.seed));
  json.member("training_fingerprint", facts.training_fingerprint);
  json.member("training_rows", facts.training_rows);
  json.member("software", facts.software);
}

Result<ModelFacts> read_facts(const Document& document) {
  ModelFacts facts;
  LEEWAY_TRY(facts.name, document.text_at("name"));
  LEEWAY_TRY(const std::string task, document.text_at("task"));
  const auto known = task_of(task);
  if (!known) return fail(Code::invalid_data, fmt::format("its task '{}' is unknown", printable(task)));
  facts.task = *known;
  LEEWAY_TRY(facts.label, document.text_at("label"));
  LEEWAY_TRY(facts.positive, document.text_at("positive"));
  LEEWAY_TRY(facts.classes, document.texts_at("classes"));
  LEEWAY_TRY(facts.algorithm, document.text_at("algorithm"));
  LEEWAY_TRY(const std::string seed, document.text_at("seed"));
  facts.seed = static_cast<uint64_t>(std::strtoull(seed.c_str(), nullptr, 10));
  LEEWAY_TRY(facts.training_fingerprint, document.text_at("training_fingerprint"));
  LEEWAY_TRY(facts.training_rows, document.integer_at("training_rows"));
  LEEWAY_TRY(facts.software, document.text_at("software"));
  return facts;
}

Result<CalibrationMap> read_calibration(const Document& document) {
  CalibrationMap map;
  LEEWAY_TRY(const Document* entry, document.member("calibration"));
  LEEWAY_TRY(const std::string kind, entry->text_at("kind"));
  const auto known = calibration_kind_of(kind);
  if (!known) return fail(Code::invalid_data, fmt::format("its calibration '{}' is unknown", printable(kind)));
  map.kind = *known;
  LEEWAY_TRY(map.a, entry->number_at("a"));
  LEEWAY_TRY(map.b, entry->number_at("b"));
  LEEWAY_TRY(map.c, entry->number_at("c"));
  LEEWAY_TRY(map.x, entry->numbers_at("x"));
  LEEWAY_TRY(map.y, entry->numbers_at("y"));
  return map;
}

Result<RiskCuts> read_cuts(const Document& document) {
  LEEWAY_TRY(const auto numbers, document.numbers_at("risk_cuts"));
  RiskCuts cuts;
  if (numbers.size() != cuts.from.size()) return fail(Code::invalid_data, "'risk_cuts' has the wrong size");
  std::ranges::copy(numbers, cuts.from.begin());
  return cuts;
}

}  // namespace

std::string Model::json() const {
  JsonWriter json(1);
  json.begin_object();
  json.member("format", format_name);
  json.member("version", format_version);
  write_facts(json, facts_);
  json.member("threshold", threshold_);
  write_numbers(json, "risk_cuts", cuts_.from);
  json.key("calibration");
  json.begin_object();
  json.member("kind", models::name(calibration_.kind));
  json.member("a", calibration_.a);
  json.member("b", calibration_.b);
  json.member("c", calibration_.c);
  write_numbers(json, "x", calibration_.x);
  write_numbers(json, "y", calibration_.y);
  json.end_object();
  json.key("columns");
  encoder_.write(json);
  json.end_object();
  return json.take() + "\n";
}

Result<Model> Model::read(std::string_view json, std::string booster_bytes) {
  LEEWAY_TRY(const Document document, Document::read(json));
  const Document* format = document.find("format");
  if (format == nullptr || format->text() == nullptr || *format->text() != format_name)
    return fail(Code::invalid_data, "is not a model of Leeway");
  LEEWAY_TRY(const int64_t version, document.integer_at("version"));
  if (version > format_version)
    return fail(Code::failed_precondition, "was written by a newer release of Leeway", "Upgrade Leeway.");
  LEEWAY_TRY(auto facts, read_facts(document));
  LEEWAY_TRY(const double threshold, document.number_at("threshold"));
  LEEWAY_TRY(const RiskCuts cuts, read_cuts(document));
  LEEWAY_TRY(auto calibration, read_calibration(document));
  LEEWAY_TRY(const Document* columns, document.member("columns"));
  LEEWAY_TRY(auto encoder, Encoder::read(*columns));
  LEEWAY_TRY(auto booster, Booster::load(std::move(booster_bytes)));
  auto model = make(std::move(facts), std::move(encoder), std::move(booster), std::move(calibration), threshold, cuts);
  if (!model) return fail(Code::invalid_data, model.error().message);
  return model;
}

}  // namespace leeway::models
