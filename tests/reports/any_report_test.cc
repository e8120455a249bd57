// Reports of arbitrary content, most of it absurd: whatever the checks hand over, each form stays what it promises to be.

#include <gtest/gtest.h>

#include <random>

#include "base/text.h"
#include "html_document.h"
#include "json_document.h"
#include "reports/html.h"
#include "reports/json.h"
#include "reports/terminal.h"
#include "golden.h"
#include "sample_methods.h"

namespace leeway {
namespace {

class AnyReport {
 public:
  explicit AnyReport(uint64_t seed) : engine_(seed) {}

  Report report() {
    Report r;
    r.command = text();
    r.model = text();
    r.task = text();
    r.policy = text();
    r.generated_at = text();
    r.drift_leeway = number();
    r.reference = side();
    r.current = side();
    fill(r.notes, [&] { return text(); });
    fill(r.columns, [&] { return column(); });
    fill(r.findings, [&] { return finding(); });
    fill(r.windows, [&] { return window(); });
    r.explanation = explanation();
    if (chance()) r.labels = LabelCoverage{count(), count(), text(), chance(), {{text(), count(), count(), chance()}}};
    if (chance()) r.calibration = ReportCalibration{{{number(), estimate(), count()}}, {{number(), estimate(), count()}}};
    return r;
  }

 private:
  bool chance() { return engine_() % 2 == 0; }
  template <class T, size_t N>
  const T& one(const std::array<T, N>& all) { return all[engine_() % N]; }
  template <class T, class Make>
  void fill(std::vector<T>& out, Make make) {
    for (size_t i = engine_() % 7; i > 0; --i) out.push_back(make());
  }

  double number() {
    constexpr double inf = std::numeric_limits<double>::infinity();
    static constexpr std::array<double, 18> numbers = {0,     -0.0, undefined, inf,  -inf, 1e308, -1e308,  5e-324, 1e15,
                                                       -1e16, 0.1,  -0.5,      1e-7, 1,    0.25,  99999.5, 123456.789, 3};
    return one(numbers);
  }
  int64_t count() {
    static constexpr std::array<int64_t, 6> counts = {0, 1, 7, 41'220, 5'000'000'000, std::numeric_limits<int64_t>::max() / 4};
    return one(counts);
  }
  std::string text() {
    static const std::array<std::string, 12> texts = {"", "x", "income", "sex = female", "<b>&\"'", "\x1b[2J\x07", "\xff\xc0",
                                                      "所得", "a b c d e f g h i j k l m n o p q r s t u v w x y z", "5 %", "\n\t",
                                                      std::string(400, 'w')};
    return one(texts);
  }
  Estimate estimate() { return {number(), number(), number(), number()}; }
  template <class T>
  std::optional<T> maybe(T value) { return chance() ? std::optional<T>(std::move(value)) : std::nullopt; }
  InputCounts counts() { return {count(), count(), count(), count(), count(), count(), count(), count()}; }
  ReportSide side() { return {text(), text(), chance(), count(), count(), text(), text()}; }

  ReportColumn column() {
    static const std::array<std::string, 4> roles = {"feature", "score", "label", "id"};
    ReportColumn c{text(), text(), one(roles), counts(), counts(), {}, maybe(number()), maybe(number()), maybe(number()), maybe(number())};
    fill(c.histogram, [&] { return ReportColumn::Bin{text(), number(), number(), std::fabs(number()), std::fabs(number())}; });
    return c;
  }

  Finding finding() {
    static constexpr std::array methods = {&sample::psi, &sample::ks, &sample::missing_share, &sample::rff_mmd, &sample::roc_auc,
                                           &sample::log_loss, &sample::confusion_matrix, &sample::cbpe_auc, &sample::impact_ratio,
                                           &sample::group_selection, &sample::cost_per_row, &sample::positive_rate};
    static constexpr std::array verdicts = {Verdict::stable, Verdict::drifted, Verdict::degraded, Verdict::unfair, Verdict::undecided,
                                            Verdict::not_computable, Verdict::measured};
    static constexpr std::array severities = {Severity::none, Severity::yellow, Severity::red};
    static constexpr std::array on = {Leeway::On::value, Leeway::On::current_minimum, Leeway::On::current_maximum};
    Finding f;
    Measurement& m = f.measurement;
    m.method = one(methods);
    m.subject = {text(), text()};
    m.value = estimate();
    m.confidence = chance() ? 0.95 : 0.975;
    m.reference = maybe(estimate());
    m.current = maybe(estimate());
    m.p_value = maybe(number());
    m.log_p = maybe(number());
    m.by_chance = maybe(number());
    m.bracket = maybe(estimate());
    m.reference_rows = counts();
    m.current_rows = counts();
    fill(m.details, [&] { return Detail{chance() ? "threshold" : "change", number()}; });
    if (chance()) m.not_computable = text();
    m.note = text();
    f.leeway = maybe(Leeway{number(), number(), one(on), number(), chance(), text()});
    f.verdict = one(verdicts);
    f.severity = one(severities);
    f.psi_equivalent = maybe(estimate());
    f.rows_needed = maybe(count());
    f.undecidable = text();
    f.smallest_detectable = maybe(number());
    f.q_value = maybe(number());
    f.sentence = text();
    return f;
  }

  ReportWindow window() {
    ReportWindow w{text(), text(), count(), {}};
    fill(w.findings, [&] { return finding(); });
    return w;
  }

  Explanation explanation() {
    Explanation e;
    const auto alone = [&] { return AloneExplains{text(), estimate()}; };
    fill(e.columns, [&] { return ColumnShift{text(), {{text(), number(), number(), number()}}, text()}; });
    if (chance()) {
      Decomposition split{text(), chance(), estimate(), estimate(), estimate(), estimate(), estimate(), {}, {}, text(), text()};
      fill(split.features, alone);
      fill(split.cells, [&] { return Decomposition::Cell{text(), number(), number(), number(), number(), number(), number()}; });
      e.performance = split;
    }
    if (chance())
      e.cases = CaseDecomposition{text(), chance(), estimate(), estimate(), estimate(), estimate(), estimate(), estimate(),
                                  count(), count(), number(), number(), text(), text()};
    if (chance()) {
      SegmentSearch search{text(), chance(), {}, count(), number(), text()};
      fill(search.segments, [&] {
        return Segment{text(), {text()}, count(), count(), number(), number(), number(), number(), number(), number(), number(), chance()};
      });
      e.segments = search;
    }
    if (chance()) {
      PredictionShift shift{estimate(), estimate(), estimate(), {}, text()};
      fill(shift.features, alone);
      e.prediction = shift;
    }
    e.sentence = text();
    return e;
  }

  std::mt19937_64 engine_;
};

constexpr uint64_t seeds = 300;

TEST(AnyReport, TerminalKeepsItsWidthAndShowsNoControlByte) {
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    const Report report = AnyReport(seed).report();
    const int width = 40 + static_cast<int>(seed % 80);
    const std::string text = report_text(report, {.width = width, .unicode = seed % 3 != 0, .all = seed % 2 == 0});
    for (const auto line : split(text, '\n')) ASSERT_LE(display_width(line), width) << "seed " << seed << "\n" << line;
    for (const char c : text) ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << "seed " << seed;
  }
}

TEST(AnyReport, JsonIsJsonOfItsSchema) {
  const auto rules = sample::JsonReader::read(sample::file_text(std::string(LEEWAY_SOURCE_DIR) + "/api/report.schema.json"));
  sample::SchemaChecker checker(rules);
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    const auto problems = checker.check(sample::JsonReader::read(report_json(AnyReport(seed).report(), seed % 2 == 0 ? 0 : 2)));
    ASSERT_TRUE(problems.empty()) << "seed " << seed << ": " << problems.front();
  }
}

TEST(AnyReport, HtmlIsWellFormedAndHasNoNumberThatIsNone) {
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    const sample::HtmlDocument page(report_html(AnyReport(seed).report()));
    ASSERT_TRUE(page.problems.empty()) << "seed " << seed << ": " << page.problems.front();
    for (const auto& element : page.elements)
      for (const auto* attribute : {"x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height", "d", "data-v", "viewBox"})
        for (const auto* none : {"nan", "inf"})
          ASSERT_EQ(element.get(attribute).find(none), std::string::npos)
              << "seed " << seed << ": " << attribute << "=" << element.get(attribute);
  }
}

}  // namespace
}  // namespace leeway
