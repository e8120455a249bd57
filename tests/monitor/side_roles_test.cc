#include "monitor/side_roles.h"

#include <gtest/gtest.h>

#include "../profiles/sample.h"

namespace leeway {
namespace {

Side profile_side(uint64_t seed, const Profile* reference = nullptr) {
  return Side::of(credit_sample(400, seed).profile(reference).value(), "credit");
}

TEST(SideRoles, AProfileRemembersTheRolesItWasMadeWith) {
  const Side side = profile_side(1);
  const Roles roles = settle_sides(side, side, {}).value();
  EXPECT_EQ(roles.task, Task::binary);
  EXPECT_EQ(roles.columns.id, "id");
  EXPECT_EQ(roles.columns.score, "score");
  EXPECT_EQ(roles.columns.label.column, "default");
  EXPECT_EQ(roles.columns.label.positive, "true");
  EXPECT_EQ(roles.columns.time, "scored_at");
  EXPECT_EQ(roles.columns.groups, (std::vector<std::string>{"sex"}));
  EXPECT_EQ(roles.of("income"), Role::feature);
}

TEST(SideRoles, TheConfigurationGoesFirst) {
  const Side side = profile_side(1);
  MonitorConfig config;
  config.columns.groups = {"purpose"};
  config.columns.label.column = "default";
  config.columns.label.positive = "false";
  config.columns.id = "age";
  const Roles roles = settle_sides(side, side, config).value();
  EXPECT_EQ(roles.columns.groups, (std::vector<std::string>{"purpose"}));
  EXPECT_EQ(roles.columns.label.positive, "false");
  EXPECT_EQ(roles.columns.id, "age");
  EXPECT_EQ(roles.of("sex"), Role::feature);
}

TEST(SideRoles, WhatDecidesAboutARowIsNoFeature) {
  const Side side = profile_side(1);
  MonitorConfig config;
  config.columns.label.known_at = "age";
  const Roles roles = settle_sides(side, side, config).value();
  EXPECT_EQ(roles.of("age"), Role::ignored);
  config.columns.stratum = "purpos";
  const auto misspelt = settle_sides(side, side, config);
  ASSERT_FALSE(misspelt);
  EXPECT_TRUE(misspelt.error().text().contains("columns.stratum names 'purpos'")) << misspelt.error().text();
  EXPECT_TRUE(misspelt.error().remedy.contains("purpose")) << misspelt.error().remedy;
}

}  // namespace
}  // namespace leeway
