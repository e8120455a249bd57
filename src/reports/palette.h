#pragma once
// The colours of reports. Each status colour keeps a contrast of at least 4.5 on its background and stays apart from
// the others under the three colour-vision deficiencies; tests/reports/palette_test.cc measures both.

#include <array>
#include <string_view>

namespace leeway::reports {

/// Colours as "#rrggbb". Status colours are for status alone; the two sides of a comparison have their own.
struct Palette {
  std::string_view background, surface, sunken;   ///< Page, cards, wells.
  std::string_view ink, muted, line;              ///< Text, secondary text, hairlines (decorative only).
  std::string_view ok, warning, critical, unknown;
  std::string_view reference, current;            ///< Marks of the two sides, at least 3:1 on the surface.
};

inline constexpr Palette light_palette = {
    .background = "#fbfcfd", .surface = "#ffffff", .sunken = "#eef1f4",
    .ink = "#15191e", .muted = "#565d66", .line = "#dde2e7",
    .ok = "#0067a5", .warning = "#b25e00", .critical = "#8c0032", .unknown = "#6b7075",
    .reference = "#7d8791", .current = "#00796b"};

inline constexpr Palette dark_palette = {
    .background = "#121417", .surface = "#1a1d22", .sunken = "#23272d",
    .ink = "#eceff2", .muted = "#a9b1ba", .line = "#31363d",
    .ok = "#4fb0e8", .warning = "#ffd54a", .critical = "#ff6e6e", .unknown = "#a4aab1",
    .reference = "#87919c", .current = "#3fd6b8"};

}  // namespace leeway::reports
