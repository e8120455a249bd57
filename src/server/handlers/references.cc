#include <fstream>
#include <iterator>

#include "base/json_writer.h"
#include "columns/column.h"
#include "monitor/profile_run.h"
#include "monitor/side_roles.h"
#include "server/base62.h"
#include "server/handlers/handlers.h"
#include "server/json.h"
#include "server/service.h"
#include "sources/source_files.h"

namespace leeway::server::handlers {
namespace {

constexpr size_t id_length = 22;

std::string_view extension_of(const http::Request& request) {
  const std::string type = media_type(request.headers.get("Content-Type"));
  return type == "text/csv" ? "csv" : type == "application/x-ndjson" ? "ndjson" : "parquet";
}

/// The document of a reference: what it was made of.
std::string document_of(const Profile& profile, const Roles& roles) {
  JsonWriter w;
  w.begin_object();
  w.member("rows", profile.rows());
  w.member("columns", static_cast<uint64_t>(profile.columns().size()));
  w.key("remarks");
  w.begin_array();
  for (const auto& remark : roles.remarks) w.value(remark);
  w.end_array();
  w.end_object();
  return w.take();
}

void write_reference(JsonWriter& w, const store::ReferenceRecord& record) {
  w.begin_object();
  w.member("id", record.id);
  w.member("model", record.model);
  w.member("created", format_time(record.created));
  std::string text = record.document;
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  if (const auto document = JsonDocument::parse(text))
    if (const auto members = JsonMembers::of(document->root())) {
      if (const auto rows = members->maybe_integer("rows")) w.member("rows", rows->value_or(0));
      if (const auto columns = members->maybe_integer("columns")) w.member("columns", columns->value_or(0));
      w.key("remarks");
      w.begin_array();
      if (const auto remarks = members->maybe_array("remarks"); remarks && *remarks)
        for (const auto item : **remarks) w.value(std::string_view(item));
      w.end_array();
    }
  w.end_object();
}

Result<store::ReferenceRecord> make_reference(const Service& service, const Call& call, const MonitorConfig& config) {
  LEEWAY_TRY(const auto folder, TemporaryDirectory::make());
  const std::string data = fmt::format("{}/reference.{}", folder.path(), extension_of(call.request)),
                    prepared = folder.path() + "/reference.lwp";
  {
    std::ofstream out(data, std::ios::binary);
    out << call.request.body;
    if (!out.flush())
      return fail(Code::resource_exhausted, "there is no room for the body in the folder for temporary files");
  }
  LEEWAY_TRY(const Side side,
             Side::open(SourceSpec{.paths = {data}, .missing_values = config.missing_values, .threads = 1}));
  LEEWAY_TRY(const Roles roles, settle_sides(side, side, config));
  LEEWAY_TRY(const Profile profile, build_profile(side, roles, true, nullptr, 1, prepared));
  std::ifstream in(prepared, std::ios::binary);
  return store::ReferenceRecord{.model = call.parameter("model"),
                                .id = random_base62(id_length),
                                .created = service.clock(),
                                .document = document_of(profile, roles),
                                .profile = std::string{std::istreambuf_iterator<char>(in), {}}};
}

}  // namespace

/// The rows that define normal: prepared once, the latest is the one in use.
Answer post_reference(Service& service, const Call& call) {
  const std::string& model = call.parameter("model");
  LEEWAY_CHECK(call.require_model(model));
  if (!good_model_name(model)) return refuse(400, "A model's name has 1 to 100 letters, digits, _, . or -.");
  service.settings.forget();
  const auto settings = service.settings.of(model);
  auto record = make_reference(service, call, settings->config);
  if (!record && record.error().code == Code::not_found) return refuse(422, record.error().message + ".");
  if (!record && record.error().code == Code::invalid_data)
    return refuse(422, "The body cannot be read: " + record.error().message + ".");
  LEEWAY_TRY(const auto reference, std::move(record));
  if (settings->document.empty()) LEEWAY_CHECK(service.store.put_model({model, service.clock(), "{}"}));
  LEEWAY_CHECK(service.store.put_reference(reference));
  JsonWriter w;
  write_reference(w, reference);
  return json_response(w.take(), 201);
}

Answer get_references(Service& service, const Call& call) {
  LEEWAY_CHECK(call.require_model(call.parameter("model")));
  LEEWAY_TRY(const auto references, service.store.references(call.parameter("model")));
  JsonWriter w;
  w.begin_object();
  w.key("data");
  w.begin_array();
  for (const auto& reference : references) write_reference(w, reference);
  w.end_array();
  w.key("next_cursor");
  w.null();
  w.end_object();
  return json_response(w.take());
}

}  // namespace leeway::server::handlers
