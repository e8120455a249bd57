#include "reports/html.h"

#include <gtest/gtest.h>

#include <set>

#include "base/text.h"
#include "html_document.h"
#include "reports/html_style.h"
#include "reports/html_writer.h"
#include "sample_report.h"
#include "sha256.h"

namespace leeway {
namespace {

using sample::Element;
using sample::HtmlDocument;

constexpr size_t budget = 1'500'000;

std::vector<std::pair<std::string, Report>> all_samples() {
  return {{"rich", sample::rich_report()},   {"small", sample::small_report()}, {"empty", sample::empty_report()},
          {"none", sample::uncomputable_report()}, {"quiet", sample::quiet_report()}, {"hostile", sample::hostile_report()},
          {"wide", sample::wide_report(230, 12)}, {"blank", Report()}};
}

/// 200 features of 32 bins with windows for a year of weeks: what the size is promised for.
Report full_size_report() {
  Report report = sample::wide_report(200, 32);
  for (const auto& column : report.columns)
    report.explanation.columns.push_back({column.name, {{"10 to 12", .1, .2, .5}, {"12 to 14", .2, .1, .5}}, "Values of 10 to 12 rose."});
  for (int w = 0; w < 52; ++w) {
    ReportWindow window{fmt::format("2026-{:02}-{:02}T00:00:00Z", 1 + w / 5, 1 + 6 * (w % 5)), "2027-01-01T00:00:00Z", 800, {}};
    for (const auto& column : report.columns) window.findings.push_back(sample::drift_finding(column));
    report.windows.push_back(std::move(window));
  }
  return report;
}

TEST(Html, IsWellFormed) {
  for (const auto& [name, report] : all_samples()) {
    const HtmlDocument page(report_html(report));
    EXPECT_TRUE(page.problems.empty()) << name << ": " << page.problems.front();
  }
}

TEST(Html, AsksForNothingOutsideItself) {
  for (const auto& [name, report] : all_samples()) {
    const HtmlDocument page(report_html(report));
    for (const Element& e : page.elements) {
      EXPECT_TRUE(e.name != "link" && e.name != "img" && e.name != "iframe" && e.name != "object" && e.name != "image") << name;
      for (const auto& attribute : {"src", "srcset", "action", "formaction", "xlink:href", "style", "ping", "background"})
        EXPECT_FALSE(e.has(attribute)) << name << " " << attribute;
      EXPECT_TRUE(!e.has("href") || e.get("href").starts_with('#')) << e.get("href");
      for (const auto& [attribute, value] : e.attributes) EXPECT_FALSE(attribute.starts_with("on")) << attribute;
    }
    for (const Element* style : page.all("style")) {
      EXPECT_EQ(style->text.find("url("), std::string::npos);
      EXPECT_EQ(style->text.find("@import"), std::string::npos);
      EXPECT_EQ(style->text.find("//"), std::string::npos);
    }
  }
}

TEST(Html, PolicyAllowsItsOwnStyleAndScriptAlone) {
  const HtmlDocument page(report_html(sample::rich_report()));
  ASSERT_EQ(page.all("script").size(), 1u);
  const std::string& script = page.all("script")[0]->text;
  EXPECT_EQ(script, reports::script());
  EXPECT_EQ(sample::base64(sample::sha256("abc")), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");   // FIPS 180-4
  const std::string hash = "sha256-" + sample::base64(sample::sha256(script));
  EXPECT_EQ(reports::script_hash(), hash);
  std::string policy;
  for (const Element* meta : page.all("meta"))
    if (meta->get("http-equiv") == "Content-Security-Policy") policy = meta->get("content");
  EXPECT_EQ(policy, "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src '" + hash + "'; base-uri 'none'; form-action 'none'");
}

TEST(Html, NothingFromOutsideBecomesMarkup) {
  const std::string html = report_html(sample::hostile_report());
  for (const char c : html) ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << static_cast<int>(c);
  EXPECT_EQ(html.find("<script>alert"), std::string::npos);
  EXPECT_EQ(html.find("<img"), std::string::npos);
  EXPECT_NE(html.find("&lt;script&gt;alert(1)&lt;/script&gt;"), std::string::npos);
  EXPECT_EQ(html.find("\xE2\x80\xAE"), std::string::npos) << "a bidirectional override";
  EXPECT_TRUE(valid_utf8(html));
  EXPECT_LT(html.size(), 200'000u) << "a name of 5,000 characters must be cut where it is repeated";
}

TEST(Html, EscapesEveryCharacterThatMatters) {
  EXPECT_EQ(reports::escape_html("<a href=\"x\" o='y'>&amp;\x1b\n</a>"),
            "&lt;a href=&quot;x&quot; o=&#39;y&#39;&gt;&amp;amp;\\x1B\\n&lt;/a&gt;");
  EXPECT_EQ(reports::escape_html("5 % of"), "5\u00A0% of");
  const reports::Markup mixed = reports::markup("<b>{}</b>{}{}", "<", reports::Markup{"<i>"}, 7);
  EXPECT_EQ(mixed.html, "<b>&lt;</b><i>7");
}

TEST(Html, LinksAndLabelsLeadSomewhere) {
  for (const auto& [name, report] : all_samples()) {
    const HtmlDocument page(report_html(report));
    std::set<std::string> ids;
    for (const Element& e : page.elements)
      EXPECT_TRUE(!e.has("id") || ids.insert(e.get("id")).second) << name << ": twice " << e.get("id");
    for (const Element& e : page.elements) {
      EXPECT_TRUE(!e.has("href") || ids.contains(e.get("href").substr(1))) << name << ": " << e.get("href");
      EXPECT_TRUE(!e.has("aria-labelledby") || ids.contains(e.get("aria-labelledby"))) << name;
    }
  }
}

TEST(Html, ChartsAreEitherNamedOrHiddenBesideTheirNumbers) {
  for (const auto& [name, report] : all_samples()) {
    const HtmlDocument page(report_html(report));
    for (const Element* svg : page.all("svg")) {
      const bool named = svg->get("role") == "img" && !svg->get("aria-label").empty();
      EXPECT_TRUE(named || svg->get("aria-hidden") == "true") << name;
    }
  }
}

TEST(Html, HeadingsAndLandmarksGuideAReader) {
  for (const auto& [name, report] : all_samples()) {
    const HtmlDocument page(report_html(report));
    for (const auto* landmark : {"main", "nav", "h1"}) EXPECT_EQ(page.all(landmark).size(), 1u) << name << " " << landmark;
    EXPECT_EQ(page.all("html")[0]->get("lang"), "en");
    int level = 0;
    for (const Element& e : page.elements) {
      if (e.name.size() != 2 || e.name[0] != 'h' || e.name[1] < '1' || e.name[1] > '4') continue;
      EXPECT_LE(e.name[1] - '0', level + 1) << name << ": a heading level is skipped";
      level = e.name[1] - '0';
    }
  }
}

TEST(Html, ColourNeverStandsAlone) {
  // Each badge holds its shape and a word.
  const Report report = sample::rich_report();
  const HtmlDocument page(report_html(report));
  size_t badges = 0;
  for (size_t i = 0; i < page.elements.size(); ++i) {
    const Element& e = page.elements[i];
    if (!e.get("class").starts_with("bg ")) continue;
    ++badges;
    EXPECT_FALSE(e.text.empty());
    EXPECT_EQ(page.elements[i + 1].name, "svg");
  }
  EXPECT_GT(badges, report.columns.size());
}

TEST(Html, IsCompleteWithoutScripts) {
  const Report report = sample::rich_report();
  const std::string html = report_html(report);
  const std::string text = html.substr(0, html.find("<script"));
  const auto shows = [&](const std::string& what) { return text.find(reports::escape_html(what)) != std::string::npos; };
  for (const auto& finding : report.findings) EXPECT_TRUE(!failed(finding.verdict) || shows(finding.sentence)) << finding.sentence;
  for (const auto& column : report.columns) {
    EXPECT_TRUE(shows(column.name));
    for (const auto& bin : column.histogram) EXPECT_TRUE(shows(bin.label)) << "the table beside the drawing lacks " << bin.label;
  }
  EXPECT_TRUE(shows(report.command));
  EXPECT_TRUE(shows(report.explanation.sentence));
  const HtmlDocument page(html);
  for (const Element& e : page.elements)
    EXPECT_TRUE(e.get("id") != "js-tools" || e.has("hidden")) << "controls that need the script must not show without it";
}

TEST(Html, KeepsItsSize) {
  const std::string html = report_html(full_size_report());
  EXPECT_LE(html.size(), budget);
  EXPECT_GE(HtmlDocument(html).all("details").size(), 400u) << "all 200 columns have their card and their table of bins";
}

TEST(Html, TenThousandColumnsAreCountedWhereTheyAreNotDrawn) {
  const std::string html = report_html(sample::wide_report(10'000, 32));
  EXPECT_LE(html.size(), budget);
  EXPECT_NE(html.find("… and 9,800 more columns, 800 of them outside their leeway."), std::string::npos);
  EXPECT_NE(html.find("10,000 columns"), std::string::npos);
}

TEST(Html, SameReportSameBytes) {
  EXPECT_EQ(report_html(sample::rich_report()), report_html(sample::rich_report()));
  Report dated = sample::rich_report();
  dated.generated_at = "2026-10-06T08:00:00Z";
  EXPECT_NE(report_html(dated), report_html(sample::rich_report()));
}

TEST(Html, SaysWhatItKnowsInEachState) {
  EXPECT_NE(report_html(sample::quiet_report()).find("Within the leeway"), std::string::npos);
  EXPECT_NE(report_html(sample::uncomputable_report()).find("Not decided"), std::string::npos);
  EXPECT_NE(report_html(sample::uncomputable_report()).find("the current data have no rows"), std::string::npos);
  EXPECT_NE(report_html(sample::empty_report()).find("Nothing was judged"), std::string::npos);
  EXPECT_NE(report_html(sample::rich_report()).find("Far outside the leeway"), std::string::npos);
}

}  // namespace
}  // namespace leeway
