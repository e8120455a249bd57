#include "server/keys.h"

#include <algorithm>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>
#include <zlib.h>

#include "base/json_writer.h"
#include "server/base62.h"
#include "server/json.h"

namespace leeway::server {
namespace {

constexpr std::string_view prefix = "lw_live_";
constexpr size_t id_length = 8, secret_length = 43, check_length = 6;
constexpr size_t key_length = 8 + id_length + secret_length + check_length;
constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr int64_t hour = 3600;
constexpr std::chrono::seconds look_again{1};

struct Named {
  Scope::Value scope;
  std::string_view name;
};
constexpr std::array<Named, 5> scopes = {{{Scope::open, "open"},
                                          {Scope::ingest, "ingest"},
                                          {Scope::read, "read"},
                                          {Scope::write, "write"},
                                          {Scope::admin, "admin"}}};

std::string check_of(std::string_view text) {
  const uint32_t crc =
      static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())));
  const unsigned char bytes[4] = {static_cast<unsigned char>(crc >> 24), static_cast<unsigned char>(crc >> 16),
                                  static_cast<unsigned char>(crc >> 8), static_cast<unsigned char>(crc)};
  return base62(bytes, check_length);
}

std::string hex(const Secret32& bytes) {
  std::string out(65, '\0');
  sodium_bin2hex(out.data(), out.size(), bytes.data(), bytes.size());
  out.pop_back();
  return out;
}

std::optional<Secret32> unhex(std::string_view text) {
  Secret32 bytes;
  size_t size = 0;
  if (sodium_hex2bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr) != 0 ||
      size != bytes.size())
    return std::nullopt;
  return bytes;
}

struct File {
  int descriptor = -1;
  ~File() {
    if (descriptor >= 0) close(descriptor);
  }
};

std::unexpected<Error> trouble(const std::filesystem::path& path, std::string_view what, std::string remedy = {}) {
  Error error{Code::invalid_argument, std::string(what), path.string(), 0, 0, std::move(remedy)};
  return fail(std::move(error));
}

/// The contents of a file of secrets; empty if there is none. Others' files and files that others may read are refused.
Result<std::string> read_private(const std::filesystem::path& path) {
  File file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (file.descriptor < 0) {
    if (errno == ENOENT) return std::string();
    return trouble(path, "this file of keys cannot be read");
  }
  struct stat about{};
  if (fstat(file.descriptor, &about) != 0 || !S_ISREG(about.st_mode) || (about.st_mode & 077) != 0)
    return trouble(path, "this file holds secrets, but others may read it", "Set its mode to 0600.");
  std::string text(static_cast<size_t>(about.st_size), '\0');
  if (read(file.descriptor, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return trouble(path, "this file of keys cannot be read");
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  return text;
}

/// Beside its target, synced, renamed, the directory synced.
Status write_private(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path partial = path.string() + ".partial";
  {
    File file{open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (file.descriptor < 0 || write(file.descriptor, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        fsync(file.descriptor) != 0)
      return fail(Code::resource_exhausted, "the file of keys cannot be written");
  }
  if (rename(partial.c_str(), path.c_str()) != 0)
    return fail(Code::resource_exhausted, "the file of keys cannot be replaced");
  File folder{open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (folder.descriptor < 0 || fsync(folder.descriptor) != 0)
    return fail(Code::resource_exhausted, "the folder of keys cannot be synced");
  return {};
}

Result<Secret32> pepper_of(const std::filesystem::path& path) {
  LEEWAY_TRY(const std::string text, read_private(path));
  Secret32 pepper;
  if (text.empty()) {
    randombytes_buf(pepper.data(), pepper.size());
    LEEWAY_CHECK(write_private(path, std::string_view(reinterpret_cast<const char*>(pepper.data()), pepper.size())));
    return pepper;
  }
  if (text.size() != pepper.size())
    return trouble(path, "a pepper has 32 bytes, this file has another size",
                   "Restore it: without it no key is recognised.");
  std::ranges::copy(text, pepper.begin());
  return pepper;
}

void write_record(JsonWriter& w, const KeyRecord& record) {
  w.begin_object();
  w.member("id", record.id);
  w.member("name", record.name);
  w.member("digest", hex(record.digest));
  w.key("scopes");
  w.begin_array();
  for (const auto& [scope, text] : scopes)
    if (record.scopes & scope) w.value(text);
  w.end_array();
  w.key("models");
  w.begin_array();
  for (const auto& model : record.models) w.value(model);
  w.end_array();
  w.member("created", record.created);
  w.member("expires", record.expires);
  w.member("revoked", record.revoked);
  w.member("last_used", record.last_used);
  w.end_object();
}

Result<std::vector<std::string>> texts_of(const JsonMembers& members, std::string_view name) {
  std::vector<std::string> out;
  LEEWAY_TRY(const auto array, members.maybe_array(name));
  if (!array) return out;
  for (const auto item : *array) {
    std::string_view text;
    if (item.get(text)) return fail(Code::invalid_argument, "a list of names holds something else");
    out.emplace_back(text);
  }
  return out;
}

Result<KeyRecord> read_record(JsonElement element) {
  LEEWAY_TRY(const auto members, JsonMembers::of(element));
  KeyRecord record;
  LEEWAY_TRY(record.id, members.text("id"));
  LEEWAY_TRY(record.name, members.text("name"));
  LEEWAY_TRY(const std::string digest, members.text("digest"));
  const auto bytes = unhex(digest);
  if (!bytes) return fail(Code::invalid_argument, "a digest is damaged");
  record.digest = *bytes;
  LEEWAY_TRY(const auto names, texts_of(members, "scopes"));
  for (const auto& text : names) {
    const auto scope = scope_named(text);
    if (!scope) return fail(Code::invalid_argument, "a scope is not known");
    record.scopes |= static_cast<uint8_t>(*scope);
  }
  LEEWAY_TRY(record.models, texts_of(members, "models"));
  for (const auto& [name, into] : {std::pair{"created", &record.created},
                                   {"expires", &record.expires},
                                   {"revoked", &record.revoked},
                                   {"last_used", &record.last_used}}) {
    LEEWAY_TRY(const auto value, members.maybe_integer(name));
    *into = value.value_or(0);
  }
  return record;
}

}  // namespace

std::string_view name(Scope scope) {
  for (const auto& [value, text] : scopes)
    if (value == scope) return text;
  return "";
}

std::optional<Scope> scope_named(std::string_view text) {
  for (const auto& [value, known] : scopes)
    if (known == text && value != Scope::open) return Scope(value);
  return std::nullopt;
}

std::string KeyText::text() const {
  const std::string body = std::string(prefix) + id + secret;
  return body + check_of(body);
}

KeyText make_key(std::string_view id, const Secret32& bytes) { return {std::string(id), base62(bytes, secret_length)}; }

std::optional<KeyText> parse_key(std::string_view text) {
  if (text.size() != key_length || !text.starts_with(prefix)) return std::nullopt;
  if (text.substr(prefix.size()).find_first_not_of(alphabet) != std::string_view::npos) return std::nullopt;
  if (check_of(text.substr(0, key_length - check_length)) != text.substr(key_length - check_length))
    return std::nullopt;
  return KeyText{std::string(text.substr(prefix.size(), id_length)),
                 std::string(text.substr(prefix.size() + id_length, secret_length))};
}

Secret32 hmac(const Secret32& pepper, std::string_view secret) {
  static_assert(crypto_auth_hmacsha256_BYTES == sizeof(Secret32) &&
                crypto_auth_hmacsha256_KEYBYTES == sizeof(Secret32));
  Secret32 out;
  crypto_auth_hmacsha256(out.data(), reinterpret_cast<const unsigned char*>(secret.data()), secret.size(),
                         pepper.data());
  return out;
}

bool Principal::may_touch(std::string_view model) const {
  return models.empty() || std::ranges::find(models, model) != models.end();
}

Result<std::unique_ptr<KeyRing>> KeyRing::open(const std::filesystem::path& folder) {
  if (sodium_init() < 0) return fail(Code::internal, "the cryptographic library cannot be used");
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return trouble(folder, "the folder for keys cannot be made");
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  LEEWAY_TRY(const Secret32 pepper, pepper_of(folder / "pepper"));
  std::unique_ptr<KeyRing> ring(new KeyRing(folder, pepper));
  LEEWAY_CHECK(ring->load());
  return ring;
}

Status KeyRing::load() {
  const auto path = folder_ / "keys.json";
  std::error_code error;
  stamp_ = std::filesystem::last_write_time(path, error);
  LEEWAY_TRY(const std::string text, read_private(path));
  if (text.empty()) return {};
  const auto damaged = [&](const Error& why) {
    return trouble(path, "this file of keys is damaged: " + why.message, "Restore it, or remove it and make new keys.");
  };
  const auto document = JsonDocument::parse(text);
  if (!document) return damaged(document.error());
  JsonArray array;
  if (document->root().get(array)) return damaged(Error{.message = "it is not a list"});
  decltype(records_) records;
  for (const auto item : array) {
    auto record = read_record(item);
    if (!record) return damaged(record.error());
    records[record->id] = std::move(*record);
  }
  records_ = std::move(records);
  required_ = required_ || !records_.empty();
  return {};
}

Status KeyRing::store() {
  JsonWriter w(1);
  w.begin_array();
  for (const auto& [id, record] : records_) write_record(w, record);
  w.end_array();
  LEEWAY_CHECK(write_private(folder_ / "keys.json", w.take() + "\n"));
  std::error_code error;
  stamp_ = std::filesystem::last_write_time(folder_ / "keys.json", error);
  return {};
}

/// Reads the file again if another process has written it. Between looks a second passes.
Status KeyRing::refresh() {
  const auto now = std::chrono::steady_clock::now();
  if (now - looked_ < look_again) return {};
  looked_ = now;
  std::error_code error;
  const auto stamp = std::filesystem::last_write_time(folder_ / "keys.json", error);
  if (error || stamp == stamp_) return {};
  return load();
}

/// Reads, changes and writes under a lock that other processes respect.
template <class Change>
Status KeyRing::change(const Change& make) {
  const std::lock_guard guard(mutex_);
  File lock{::open((folder_ / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
  if (lock.descriptor < 0 || flock(lock.descriptor, LOCK_EX) != 0)
    return trouble(folder_, "the keys cannot be locked for a change");
  std::map<std::string, int64_t, std::less<>> hours;
  for (const auto& [id, record] : records_) hours[id] = record.last_used;
  LEEWAY_CHECK(load());
  for (auto& [id, record] : records_) record.last_used = std::max(record.last_used, hours[id]);
  LEEWAY_CHECK(make());
  return store();
}

Result<KeyText> KeyRing::create(KeyRecord record, int64_t now) {
  Secret32 bytes;
  randombytes_buf(bytes.data(), bytes.size());
  KeyText key = make_key(random_base62(id_length), bytes);
  sodium_memzero(bytes.data(), bytes.size());
  record.id = key.id;
  record.digest = hmac(pepper_, key.secret);
  record.created = now;
  LEEWAY_CHECK(change([&]() -> Status {
    required_ = true;
    if (!records_.emplace(key.id, record).second)
      return fail(Code::unavailable, "the random id is taken", "Try again.");
    return {};
  }));
  return key;
}

Status KeyRing::revoke(std::string_view id, int64_t now) {
  return change([&]() -> Status {
    const auto found = records_.find(id);
    if (found == records_.end())
      return fail(Code::not_found, fmt::format("there is no key '{}'", id), "'leeway keys list' names them.");
    if (found->second.revoked == 0) found->second.revoked = now;
    return {};
  });
}

std::vector<KeyRecord> KeyRing::list() {
  const std::lock_guard lock(mutex_);
  std::ignore = refresh();
  std::vector<KeyRecord> out;
  for (const auto& [id, record] : records_) out.push_back(record);
  return out;
}

bool KeyRing::in_use() {
  const std::lock_guard lock(mutex_);
  std::ignore = refresh();
  return required_;
}

std::optional<Principal> KeyRing::verify(std::string_view text, int64_t now) {
  const auto key = parse_key(text);
  static const KeyText nobody{"00000000", std::string(secret_length, '0')};
  const Secret32 digest = hmac(pepper_, key ? key->secret : nobody.secret);
  const std::lock_guard lock(mutex_);
  std::ignore = refresh();  // a damaged file leaves the keys that are known
  const auto found = key ? records_.find(key->id) : records_.end();
  static const Secret32 dummy{};
  const Secret32& expected = found != records_.end() ? found->second.digest : dummy;
  const bool same = sodium_memcmp(digest.data(), expected.data(), digest.size()) == 0;
  if (!same || found == records_.end() || !found->second.active(now)) return std::nullopt;
  KeyRecord& record = found->second;
  if (record.last_used < now - now % hour) {
    record.last_used = now - now % hour;
    used_ = true;
  }
  return Principal{record.id, record.scopes, record.models};
}

Status KeyRing::save_use() {
  {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(used_, false)) return {};
  }
  return change([]() -> Status { return {}; });
}

}  // namespace leeway::server
