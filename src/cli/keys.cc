#include <CLI/CLI.hpp>

#include <chrono>

#include "base/json_writer.h"
#include "base/text.h"
#include "cli/command.h"
#include "columns/column.h"
#include "config/units.h"
#include "server/keys.h"

namespace leeway::cli {
namespace {

constexpr const char* description = R"(Make, list and revoke the keys that clients of 'leeway serve' present.

Examples:
  leeway keys create --name scoring --scope ingest
  leeway keys create --name dashboard --scope read --expires 90d
  leeway keys list
  leeway keys revoke Ab3dE6gH

Once there is a key, every request needs one; a running server sees changes within a second.)";

constexpr int64_t second = 1'000'000'000;

struct Options {
  std::string data = "leeway-data";
  std::string name, expires, id, format = "text";
  std::vector<std::string> scopes, models;
};

int64_t now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

auto open_ring(const Options& options) { return server::KeyRing::open(options.data + "/keys"); }

Result<int> create(const Options& options, const Terminal& terminal) {
  server::KeyRecord record;
  record.name = options.name;
  record.models = options.models;
  for (const auto& text : options.scopes) {
    const auto scope = server::scope_named(text);
    if (!scope)
      return fail(Code::invalid_argument, fmt::format("'{}' is not a scope", text),
                  "Scopes are ingest, read, write and admin.");
    record.scopes |= static_cast<uint8_t>(*scope);
  }
  if (!options.expires.empty()) {
    const auto duration = parse_duration(options.expires);
    if (!duration || *duration <= 0)
      return fail(Code::invalid_argument, fmt::format("'{}' is not a duration", options.expires),
                  "Write it as 90d or 12h.");
    record.expires = now() + *duration / second;
  }
  LEEWAY_TRY(const auto ring, open_ring(options));
  LEEWAY_TRY(const auto key, ring->create(record, now()));
  fmt::print(terminal.out, "{}\n", key.text());
  fmt::print(terminal.err, "leeway: this is the only time the key is shown; its id is {}\n", key.id);
  return 0;
}

std::string scope_text(uint8_t scopes) {
  std::vector<std::string> names;
  for (const auto scope : {server::Scope::ingest, server::Scope::read, server::Scope::write, server::Scope::admin})
    if (scopes & scope) names.emplace_back(server::name(scope));
  return fmt::format("{}", fmt::join(names, ","));
}

std::string time_text(int64_t seconds) { return seconds == 0 ? "never" : format_time(seconds * second); }

std::string as_json(const std::vector<server::KeyRecord>& records) {
  JsonWriter w(2);
  w.begin_array();
  for (const auto& r : records) {
    w.begin_object();
    w.member("id", r.id);
    w.member("name", r.name);
    w.member("scopes", scope_text(r.scopes));
    w.key("models");
    w.begin_array();
    for (const auto& model : r.models) w.value(model);
    w.end_array();
    for (const auto& [key, value] : {std::pair{"created", r.created},
                                     {"expires", r.expires},
                                     {"revoked", r.revoked},
                                     {"last_used", r.last_used}}) {
      w.key(key);
      if (value == 0) w.null();
      else w.value(format_time(value * second));
    }
    w.end_object();
  }
  w.end_array();
  return w.take() + "\n";
}

Result<int> list(const Options& options, const Terminal& terminal) {
  LEEWAY_TRY(const auto ring, open_ring(options));
  const auto records = ring->list();
  if (options.format == "json") {
    LEEWAY_CHECK(write_output("", as_json(records), terminal));
    return 0;
  }
  std::string out = records.empty() ? "There are no keys.\n"
                                    : fmt::format("{:<10}{:<24}{:<22}{:<22}{:<22}{}\n", "id", "scopes", "expires",
                                                  "last used", "state", "name");
  for (const auto& r : records)
    out += fmt::format("{:<10}{:<24}{:<22}{:<22}{:<22}{}\n", r.id, scope_text(r.scopes), time_text(r.expires),
                       time_text(r.last_used),
                       r.revoked != 0    ? "revoked"
                       : r.active(now()) ? "active"
                                         : "expired",
                       printable(r.name));
  LEEWAY_CHECK(write_output("", out, terminal));
  return 0;
}

Result<int> revoke(const Options& options, const Terminal& terminal) {
  LEEWAY_TRY(const auto ring, open_ring(options));
  LEEWAY_CHECK(ring->revoke(options.id, now()));
  fmt::print(terminal.out, "{} is revoked\n", printable(options.id));
  return 0;
}

}  // namespace

void add_keys(CLI::App& app, const Terminal& terminal, Run& run) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("keys", description);
  command->require_subcommand(0, 1);
  const auto add = [&](const char* name, const char* text, Result<int> (*action)(const Options&, const Terminal&)) {
    auto* sub = command->add_subcommand(name, text);
    sub->add_option("--data", options->data, "The server's data folder [leeway-data]")
        ->type_name("FOLDER")
        ->envname("LEEWAY_DATA_FOLDER");
    sub->callback([options, &terminal, &run, action] {
      run = [options, &terminal, action] { return action(*options, terminal); };
    });
    return sub;
  };
  auto* make = add("create", "Make a key and print it, once", create);
  make->add_option("--scope", options->scopes, "What it may do: ingest, read, write or admin; repeatable")
      ->required()
      ->type_name("SCOPE")
      ->allow_extra_args(false);
  make->add_option("--model", options->models, "The models it may touch; all if not given; repeatable")
      ->type_name("MODEL")
      ->allow_extra_args(false);
  make->add_option("--name", options->name, "For people")->type_name("TEXT");
  make->add_option("--expires", options->expires, "For how long it is valid, as in 90d; for ever if not given")
      ->type_name("DURATION");
  auto* show = add("list", "List the keys, without their secrets", list);
  show->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT");
  auto* end = add("revoke", "End a key", revoke);
  end->add_option("id", options->id, "The eight characters after lw_live_")->required()->type_name("ID");
}

}  // namespace leeway::cli
