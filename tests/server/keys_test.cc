#include "server/keys.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sodium.h>

#include "server/base62.h"

namespace leeway::server {
namespace {

class Folder {
 public:
  Folder() {
    char pattern[] = "/tmp/leeway-keys-XXXXXX";
    path_ = mkdtemp(pattern);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// The vector of the specification: secret bytes 00 01 .. 1f, id Ab3dE6gH, pepper 32 x 0x42 (HMAC checked with Python's
// hmac).
constexpr std::string_view vector_key = "lw_live_Ab3dE6gH003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf26uBef";

KeyText vector_parts() {
  Secret32 bytes;
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<unsigned char>(i);
  return make_key("Ab3dE6gH", bytes);
}

TEST(Keys, TextIsTheSpecifiedOne) {
  EXPECT_EQ(vector_parts().text(), vector_key);
  EXPECT_EQ(vector_key.size(), 65u);
}

TEST(Keys, DigestIsTheSpecifiedOne) {
  ASSERT_GE(sodium_init(), 0);
  Secret32 pepper;
  pepper.fill(0x42);
  const Secret32 digest = hmac(pepper, vector_parts().secret);
  char hex[65];
  sodium_bin2hex(hex, sizeof hex, digest.data(), digest.size());
  EXPECT_STREQ(hex, "9ea4165bee578df5fe27572280d7eebacc49c5827c93215e62ca262291b559d0");
}

TEST(Keys, EveryChangedCharacterIsNoticedByTheCheck) {
  ASSERT_TRUE(parse_key(vector_key));
  for (size_t i = 0; i < vector_key.size(); ++i) {
    std::string changed(vector_key);
    changed[i] = changed[i] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(parse_key(changed)) << i;
  }
  EXPECT_FALSE(parse_key(""));
  EXPECT_FALSE(parse_key(std::string(vector_key) + "0"));
}

TEST(Keys, Base62PadsAndFills) {
  const std::array<unsigned char, 32> ones = [] {
    std::array<unsigned char, 32> a;
    a.fill(0xFF);
    return a;
  }();
  EXPECT_EQ(base62(std::array<unsigned char, 2>{0, 61}, 3), "00z");
  EXPECT_EQ(base62(std::array<unsigned char, 2>{0, 62}, 3), "010");
  EXPECT_EQ(base62(ones, 43).size(), 43u);
  EXPECT_NE(base62(ones, 43), base62(ones, 44).substr(0, 43));
}

TEST(KeyRing, RecognisesItsOwnKeysOnly) {
  const Folder folder;
  const auto ring = KeyRing::open(folder.path());
  ASSERT_TRUE(ring);
  EXPECT_FALSE((*ring)->in_use());
  KeyRecord record{.name = "ci", .scopes = Scope::ingest, .models = {"fraud"}};
  const auto key = (*ring)->create(record, 1000);
  ASSERT_TRUE(key);
  EXPECT_TRUE((*ring)->in_use());
  const auto principal = (*ring)->verify(key->text(), 2000);
  ASSERT_TRUE(principal);
  EXPECT_EQ(principal->key_id, key->id);
  EXPECT_TRUE(principal->may(Scope::ingest));
  EXPECT_FALSE(principal->may(Scope::read));
  EXPECT_TRUE(principal->may_touch("fraud"));
  EXPECT_FALSE(principal->may_touch("credit"));
  EXPECT_FALSE((*ring)->verify(vector_key, 2000));
  KeyText forged = *key;
  forged.secret[0] = forged.secret[0] == '1' ? '2' : '1';
  EXPECT_FALSE((*ring)->verify(forged.text(), 2000));
}

TEST(KeyRing, KeysEndByTimeAndByRevocation) {
  const Folder folder;
  const auto ring = KeyRing::open(folder.path());
  ASSERT_TRUE(ring);
  const auto brief = (*ring)->create({.scopes = Scope::read, .expires = 5000}, 1000);
  const auto lasting = (*ring)->create({.scopes = Scope::admin}, 1000);
  ASSERT_TRUE(brief && lasting);
  EXPECT_TRUE((*ring)->verify(brief->text(), 4999));
  EXPECT_FALSE((*ring)->verify(brief->text(), 5000));
  ASSERT_TRUE((*ring)->revoke(lasting->id, 2000));
  EXPECT_FALSE((*ring)->verify(lasting->text(), 2001));
  EXPECT_EQ((*ring)->revoke("nobody00", 2000).error().code, Code::not_found);
  EXPECT_TRUE((*ring)->in_use());  // no door opens because all keys have ended
}

TEST(KeyRing, AnotherProcessFindsTheSameKeysAndNoSecret) {
  const Folder folder;
  std::string text, secret;
  {
    const auto ring = KeyRing::open(folder.path());
    const auto key = (*ring)->create({.name = "a", .scopes = Scope::read}, 7200);
    text = key->text();
    secret = key->secret;
    ASSERT_TRUE((*ring)->verify(text, 8000));
    ASSERT_TRUE((*ring)->save_use());
  }
  const auto again = KeyRing::open(folder.path());
  ASSERT_TRUE(again);
  EXPECT_TRUE((*again)->verify(text, 8000));
  EXPECT_EQ((*again)->list().at(0).last_used, 7200);
  std::ifstream in(folder.path() / "keys.json");
  const std::string stored{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(stored.find(secret), std::string::npos);
}

TEST(KeyRing, FilesThatOthersMayReadAreRefused) {
  const Folder folder;
  ASSERT_TRUE(KeyRing::open(folder.path()));
  std::filesystem::permissions(folder.path() / "pepper", std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  const auto ring = KeyRing::open(folder.path());
  ASSERT_FALSE(ring);
  EXPECT_EQ(ring.error().code, Code::invalid_argument);
}

TEST(KeyRing, ADamagedFileOpensNoDoor) {
  const Folder folder;
  const auto ring = KeyRing::open(folder.path());
  const auto key = (*ring)->create({.scopes = Scope::read}, 1);
  ASSERT_TRUE(key);
  {
    std::ofstream out(folder.path() / "keys.json");
    out << "[{";
  }
  EXPECT_FALSE(KeyRing::open(folder.path()));
  EXPECT_TRUE((*ring)->in_use());
  EXPECT_TRUE((*ring)->verify(key->text(), 2));
}

}  // namespace
}  // namespace leeway::server
