#include "profiles/profile.h"

#include <filesystem>
#include <fstream>

#include "profiles/sections.h"
#include "sample.h"
#include "summaries/numeric_scan.h"

namespace leeway {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const Profile& profile) { return *profile.bytes(); }

/// A folder of its own, removed afterwards.
struct Scratch {
  fs::path path = fs::temp_directory_path() / fmt::format("leeway-profiles-{}", ::testing::UnitTest::GetInstance()->random_seed() + ::getpid());
  Scratch() { fs::create_directories(path); }
  ~Scratch() { fs::remove_all(path); }
  std::string file(const std::string& name) const { return (path / name).string(); }
};

void put(const std::string& path, std::string_view bytes) { std::ofstream(path, std::ios::binary) << bytes; }

Profile exact_reference() {
  static const Profile profile = [] {
    SampleData data = credit_sample(500, 1);
    data.spec.exact = true;
    return *data.profile();
  }();
  return profile;
}

TEST(Profile, HoldsWhatTheDataHold) {
  SampleData data = credit_sample(500, 1);
  const Profile profile = *data.profile();
  EXPECT_EQ(profile.rows(), 500);
  EXPECT_EQ(profile.source(), "credit-1.csv");
  EXPECT_FALSE(profile.exact());
  ASSERT_EQ(profile.columns().size(), 10u);
  EXPECT_EQ(profile.schema().names(), (std::vector<std::string>{"income", "balance", "age", "id", "purpose", "sex", "note", "score", "default", "scored_at"}));
  const auto& income = *profile.find("income");
  EXPECT_EQ(income.rows, RowCounts(data.columns[0]));
  EXPECT_GT(income.rows.missing, 0);
  EXPECT_EQ(income.bins->size(), income.rows.used());
  EXPECT_EQ(income.moments->size(), income.rows.used());
  EXPECT_EQ(income.log_histogram->size(), income.rows.used());
  EXPECT_GT(profile.find("balance")->rows.plus_infinity, 0);
  EXPECT_EQ(profile.find("purpose")->categories->size(), 500);
  EXPECT_EQ(profile.find("note")->text->size(), 500);
  EXPECT_EQ(profile.time_span(), (std::pair<int64_t, int64_t>(1'700'000'000'000'000'000, 1'700'000'000'000'000'000 + 499 * int64_t{60'000'000'000})));
  EXPECT_FALSE(profile.find("id")->bins.has_value());
  EXPECT_EQ(profile.find("nothing"), nullptr);
  // The score table against counting.
  ASSERT_TRUE(profile.score().has_value());
  const ScoreTable& table = profile.score()->overall;
  int64_t positives = 0, selected = 0;
  for (size_t r = 0; r < 500; ++r) {
    positives += data.columns[8].is_valid(r) && data.columns[8].integers()[r] == 1;
    selected += data.columns[7].reals()[r] >= 0.3282;
  }
  EXPECT_EQ(table.rows(Outcome::positive), positives);
  EXPECT_EQ(table.rows(Outcome::unknown), static_cast<int64_t>(data.columns[8].null_count()));
  EXPECT_EQ(*table.selected(0.3282), selected);
  ASSERT_EQ(profile.score()->by_group.size(), 1u);
  const ScoreTable& by_sex = profile.score()->by_group[0].table;
  EXPECT_EQ(by_sex.layout().groups.size(), 2u);
  EXPECT_EQ(by_sex.rows(Outcome::positive), positives);
}

TEST(Profile, ExactPartGivesTheSameComparisonAsTheData) {
  SampleData data = credit_sample(500, 1), batch = credit_sample(9000, 2, 1);
  const Profile profile = exact_reference();
  EXPECT_TRUE(profile.exact());
  ScanScratch a, b;
  for (const size_t column : {0, 1, 2, 7}) {
    const auto stored = profile.numeric_reference(data.columns[column].name());
    ASSERT_TRUE(stored.has_value()) << stored.error().text();
    const auto fresh = NumericReference::prepare(data.columns[column]);
    NumericScan from_profile(*stored, batch.columns[column], a), from_data(*fresh, batch.columns[column], b);
    EXPECT_EQ(from_profile.ks().numerator, from_data.ks().numerator);
    EXPECT_EQ(from_profile.wasserstein().distance, from_data.wasserstein().distance);
    EXPECT_EQ(stored->moments(), fresh->moments());
    EXPECT_EQ(stored->scale(), fresh->scale());
    EXPECT_EQ(stored->psi_edges(), fresh->psi_edges());
    EXPECT_EQ(stored->quantile(0.9), fresh->quantile(0.9));
  }
  for (const size_t column : {5, 7, 8}) {
    ASSERT_TRUE(profile.has_rows(data.columns[column].name()));
    const Column rows = *profile.rows(data.columns[column].name());
    ASSERT_EQ(rows.size(), 500u);
    for (size_t r = 0; r < 500; ++r) {
      ASSERT_EQ(rows.is_valid(r), data.columns[column].is_valid(r));
      ASSERT_EQ(rows.text(r), data.columns[column].text(r));
    }
  }
  EXPECT_EQ(profile.numeric_reference("purpose").error().code, Code::not_found);
  EXPECT_EQ(profile.numeric_reference("nothing").error().code, Code::not_found);
  EXPECT_FALSE(profile.has_rows("income"));
}

TEST(Profile, BytesAreTheSameEveryTimeAndWhateverTheThreads) {
  SampleData data = credit_sample(3000, 4);
  data.spec.exact = true;
  const std::string once = bytes_of(*data.profile());
  for (const int threads : {1, 2, 7}) {
    data.spec.threads = threads;
    EXPECT_EQ(bytes_of(*data.profile()), once) << threads;
  }
  const Profile back = *Profile::read(once);
  EXPECT_EQ(bytes_of(back), once);
}

TEST(Profile, FileAndMemoryAgree) {
  const Scratch scratch;
  SampleData data = credit_sample(500, 1);
  data.spec.exact = true;
  const Profile streamed = *Profile::build_file(scratch.file("a.lwp"), data.spec, data.reader());
  ASSERT_TRUE(exact_reference().write(scratch.file("b.lwp")).has_value());
  const Profile opened = *Profile::open(scratch.file("b.lwp"));
  EXPECT_EQ(bytes_of(streamed), bytes_of(exact_reference()));
  EXPECT_EQ(bytes_of(opened), bytes_of(exact_reference()));
  const auto reference = opened.numeric_reference("income");
  ASSERT_TRUE(reference.has_value());
  EXPECT_EQ(reference->size(), exact_reference().find("income")->rows.used());
  EXPECT_EQ(std::distance(fs::directory_iterator(scratch.path), fs::directory_iterator()), 2);   // no temporary files
}

TEST(Profile, AWindowIsCountedOnTheReferencesBins) {
  const Profile reference = exact_reference();
  SampleData window = credit_sample(800, 5, 2);
  const Profile profile = *window.profile(&reference);
  EXPECT_EQ(profile.bins_id(), reference.bins_id());
  EXPECT_EQ(profile.find("income")->bins->map(), reference.find("income")->bins->map());
  const auto bracket = ks_bracket(*profile.find("income")->bins, *reference.find("income")->bins);
  ASSERT_TRUE(bracket.has_value());
  ScanScratch scratch;
  NumericScan scan(*reference.numeric_reference("income"), window.columns[0], scratch);
  EXPECT_LE(bracket->lower, scan.ks().d());
  EXPECT_GE(bracket->upper, scan.ks().d());
}

TEST(Profile, ChangedSchemaStillFitsTheReference) {
  const Profile reference = exact_reference();
  SampleData window = credit_sample(100, 6);
  // income arrives as text with a word in it, balance is gone, a new column has come.
  std::vector<std::string> words(100, "12.5");
  words[3] = "unknown";
  window.columns[0] = Column::of_text("income", words);
  window.spec.columns[0].field.type = Type::text;
  window.spec.columns.erase(window.spec.columns.begin() + 1);
  window.columns.push_back(Column::of_reals("added", std::vector<double>(100, 1)));
  ProfileSpec::ColumnSpec added;
  added.index = window.columns.size() - 1;
  added.field = {"added", Type::real, "DOUBLE", false};
  added.treatment = Treatment::numeric;
  window.spec.columns.push_back(added);
  window.spec.score.reset();
  const Profile profile = *window.profile(&reference);
  EXPECT_EQ(profile.bins_id(), reference.bins_id());
  EXPECT_EQ(profile.find("income")->rows.type_errors, 1);
  EXPECT_EQ(profile.find("income")->rows.used(), 99);
  EXPECT_EQ(profile.find("income")->rows.missing, 0);
  EXPECT_TRUE(profile.find("balance")->absent);
  EXPECT_EQ(profile.find("balance")->bins->size(), 0);
  EXPECT_FALSE(profile.find("added")->in_reference);
  EXPECT_FALSE(profile.find("added")->bins.has_value());
  EXPECT_FALSE(profile.schema().find("balance").has_value());
  EXPECT_EQ(profile.score()->overall.rows(Outcome::positive) + profile.score()->overall.rows(Outcome::negative) +
                profile.score()->overall.rows(Outcome::unknown), 100);
}

TEST(Profile, MergingIsAdditionInAnyOrder) {
  const Profile reference = exact_reference();
  // One data set in three parts.
  SampleData whole = credit_sample(900, 7, 1);
  std::vector<Profile> parts;
  for (uint32_t part = 0; part < 3; ++part) {
    SampleData data = whole;
    std::vector<uint32_t> rows(300);
    std::iota(rows.begin(), rows.end(), part * 300);
    for (Column& column : data.columns) column = column.gather(rows);
    data.spec.rows = 300;
    data.spec.fingerprint = fmt::format("part {}", part);
    data.spec.source = fmt::format("part-{}.csv", part);
    parts.push_back(*data.profile(&reference));
  }
  const auto merge = [](const Profile& a, const Profile& b) { return *Profile::merge(a, b); };
  const Profile left = merge(merge(parts[0], parts[1]), parts[2]), right = merge(parts[2], merge(parts[1], parts[0]));
  EXPECT_EQ(bytes_of(left), bytes_of(right));
  EXPECT_EQ(left.source(), "part-0.csv and 2 more");
  EXPECT_EQ(left.rows(), 900);
  const Profile expected = *whole.profile(&reference);
  for (const ColumnProfile& column : expected.columns()) {
    const ColumnProfile& sum = *left.find(column.field.name);
    EXPECT_EQ(sum.rows, column.rows) << column.field.name;
    EXPECT_TRUE(sum.bins == column.bins) << column.field.name;
    EXPECT_TRUE(sum.moments == column.moments) << column.field.name;
    EXPECT_TRUE(sum.log_histogram == column.log_histogram);
    EXPECT_TRUE(sum.categories == column.categories);
    EXPECT_TRUE(sum.text == column.text);
    EXPECT_TRUE(sum.time == column.time);
  }
  EXPECT_TRUE(left.score()->overall == expected.score()->overall);
  EXPECT_TRUE(left.score()->by_group[0].table == expected.score()->by_group[0].table);
}

TEST(Profile, OtherBinsAreRefusedWithTheRemedy) {
  const auto sum = Profile::merge(*credit_sample(100, 1).profile(), *credit_sample(100, 2).profile());
  ASSERT_FALSE(sum.has_value());
  EXPECT_EQ(sum.error().code, Code::failed_precondition);
  EXPECT_NE(sum.error().remedy.find("--reference"), std::string::npos);
}

TEST(Profile, NoRowsNoColumnsAndHopelessColumnsAreProfiled) {
  for (const size_t rows : {0, 1}) {
    const SampleData data = credit_sample(rows, 9);
    SampleData exact = data;
    exact.spec.exact = true;
    const auto profile = exact.profile();
    ASSERT_TRUE(profile.has_value()) << profile.error().text();
    EXPECT_EQ(profile->rows(), static_cast<int64_t>(rows));
    EXPECT_TRUE(credit_sample(50, 3).profile(&*profile).has_value());
  }
  const SampleData none;
  EXPECT_EQ(none.profile()->columns().size(), 0u);
  SampleData hopeless;
  const double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  hopeless.columns = {Column::of_reals("null", {1, 2}, Validity(2, false)), Column::of_reals("nan", {nan, nan}),
                      Column::of_reals("constant", {7, 7}), Column::of_reals("huge", {1.7e308, -1.7e308}),
                      Column::of_reals("infinite", {infinity, -infinity}), Column::of_reals("zero", {0.0, -0.0})};
  for (size_t i = 0; i < hopeless.columns.size(); ++i) {
    ProfileSpec::ColumnSpec column;
    column.index = i;
    column.field.name = hopeless.columns[i].name();
    column.field.type = Type::real;
    column.treatment = Treatment::numeric;
    hopeless.spec.columns.push_back(column);
  }
  hopeless.spec.exact = true;
  hopeless.spec.rows = 2;
  const auto profile = hopeless.profile();
  ASSERT_TRUE(profile.has_value()) << profile.error().text();
  for (const Column& column : hopeless.columns) {
    const auto reference = profile->numeric_reference(column.name());
    ASSERT_TRUE(reference.has_value()) << column.name() << reference.error().text();
    ScanScratch scratch;
    NumericScan scan(*reference, column, scratch);
    EXPECT_EQ(scan.ks().numerator, 0);
  }
}

TEST(Profile, ReaderErrorsComeThrough) {
  const SampleData data = credit_sample(10, 1);
  const auto profile = Profile::build(data.spec, [&](size_t index) -> Result<Column> {
    if (index == 4) return fail(Code::unavailable, "the disk is gone");
    return data.columns[index];
  });
  ASSERT_FALSE(profile.has_value());
  EXPECT_EQ(profile.error().message, "the disk is gone");
  SampleData wrong = data;
  wrong.spec.score->label = 99;
  EXPECT_EQ(wrong.profile().error().code, Code::invalid_argument);
}

// --- damage ---

std::string small_exact() {
  SampleData data = joint_credit_sample(40, 1);
  data.spec.exact = true;
  return bytes_of(*data.profile());
}

TEST(ProfileBytes, AnyFlippedByteIsNoticed) {
  const std::string good = small_exact();
  ASSERT_TRUE(Profile::read(good).has_value());
  Random random(1);
  for (size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] ^= static_cast<char>(1u << random.below(8));
    const auto profile = Profile::read(bad);
    ASSERT_FALSE(profile.has_value()) << "byte " << at;
    if (at >= 12) {
      ASSERT_EQ(profile.error().code, Code::invalid_data) << at;
    }
  }
}

TEST(ProfileBytes, AnyCutIsNoticed) {
  const std::string good = small_exact();
  for (size_t size = 0; size < good.size(); size += size < 200 || size + 200 > good.size() ? 1 : 61)
    ASSERT_FALSE(Profile::read(good.substr(0, size)).has_value()) << size;
  EXPECT_FALSE(Profile::read(good + '\0').has_value());
}

TEST(ProfileBytes, AMappedFileIsCheckedWhereItIsRead) {
  const Scratch scratch;
  const std::string good = bytes_of(exact_reference());
  Random random(5);
  int noticed_on_open = 0, noticed_later = 0;
  for (int trial = 0; trial < 100; ++trial) {
    std::string bad = good;
    bad[random.below(bad.size())] ^= 4;
    put(scratch.file("bad.lwp"), bad);
    const auto profile = Profile::open(scratch.file("bad.lwp"));
    if (!profile) {
      ++noticed_on_open;
      continue;
    }
    bool noticed = !profile->bytes().has_value();
    for (const ColumnProfile& column : profile->columns()) {
      const auto reference = profile->numeric_reference(column.field.name);
      const auto rows = profile->rows(column.field.name);
      noticed_later += !reference && reference.error().code == Code::invalid_data;
      noticed_later += !rows && rows.error().code == Code::invalid_data;
    }
    ASSERT_TRUE(noticed) << trial;
  }
  EXPECT_GT(noticed_on_open, 0);
  EXPECT_GT(noticed_later, 0);
}

/// The same sections with one payload changed and all checksums right: what a hostile writer can do.
std::string rewritten(const std::string& good, Random& random) {
  struct Part {
    uint32_t kind, column;
    std::string payload;
  };
  std::vector<Part> parts;
  uint64_t table;
  uint32_t count;
  std::memcpy(&table, good.data() + good.size() - 32, 8);
  std::memcpy(&count, good.data() + good.size() - 24, 4);
  for (uint32_t i = 0; i < count; ++i) {
    const char* entry = good.data() + table + i * 32;
    Part part;
    uint64_t offset, size;
    std::memcpy(&part.kind, entry, 4);
    std::memcpy(&part.column, entry + 4, 4);
    std::memcpy(&offset, entry + 8, 8);
    std::memcpy(&size, entry + 16, 8);
    part.payload = good.substr(offset, size);
    parts.push_back(part);
  }
  std::string& victim = parts[random.below(parts.size())].payload;
  for (uint64_t changes = 1 + random.below(3); changes > 0 && !victim.empty(); --changes) {
    // The beginnings hold sizes and counts, so change those more often.
    char& byte = victim[random.chance(0.5) ? random.below(std::min<size_t>(victim.size(), 200)) : random.below(victim.size())];
    byte = random.chance(0.5) ? static_cast<char>(random.below(256)) : static_cast<char>(byte ^ (1 << random.below(8)));
  }
  if (random.chance(0.1)) victim.resize(random.below(victim.size() + 1));
  std::string out;
  SectionWriter writer([&out](std::string_view more) -> Status {
    out += more;
    return {};
  });
  EXPECT_TRUE(writer.begin().has_value());
  for (const Part& part : parts) EXPECT_TRUE(writer.add(static_cast<SectionKind>(part.kind), part.column, part.payload).has_value());
  EXPECT_TRUE(writer.end().has_value());
  return out;
}

TEST(ProfileBytes, HostileBytesWithRightChecksumsDoNoHarm) {
  const std::string good = small_exact();
  const SampleData data = credit_sample(300, 2);
  int accepted = 0;
  for (uint64_t trial = 0; trial < 1500; ++trial) {
    Random random(trial);
    const auto profile = Profile::read(rewritten(good, random));
    if (!profile) continue;
    ++accepted;
    ScanScratch scratch;
    for (const ColumnProfile& column : profile->columns()) {
      if (const auto reference = profile->numeric_reference(column.field.name)) {
        NumericScan scan(*reference, data.columns[trial % 3], scratch, reference->psi_edges());
        scan.one_sided();
        scan.mann_whitney();
        scan.wasserstein();
        BinMap::from_reference(*reference);
        reference->histogram_edges();
      }
      if (const auto rows = profile->rows(column.field.name))
        for (size_t r = 0; r < rows->size(); ++r) rows->text(r);
      if (column.time && column.time->size() > 0) column.time->largest_gap();
      if (column.bins) wasserstein_bracket(*column.bins, *column.bins);
    }
    if (profile->score()) profile->score()->overall.auc();
    if (profile->joint() && profile->joint()->has_spread()) profile->joint()->fourier.spread(0);
    data.profile(&*profile);
  }
  EXPECT_GT(accepted, 50);
}

// --- sums over columns together ---

/// What two summaries of one layout say about their rows.
void expect_same_sums(const JointSummary& a, const JointSummary& b) {
  EXPECT_EQ(a.moments.layout(), b.moments.layout());
  EXPECT_EQ(a.table_rows, b.table_rows);
  EXPECT_EQ(a.moments.rows(), b.moments.rows());
  for (size_t j = 0; j < a.moments.columns(); ++j)
    for (size_t k = j; k < a.moments.columns(); ++k) {
      EXPECT_EQ(a.moments.moment(j, k).n, b.moments.moment(j, k).n);
      EXPECT_EQ(a.moments.moment(j, k).mean, b.moments.moment(j, k).mean);
    }
  for (size_t width = 0; width < RandomFourier::bandwidths.size(); ++width) EXPECT_EQ(a.fourier.mean(width), b.fourier.mean(width));
}

std::vector<Column> numbers_of(const SampleData& data) { return {data.columns[0], data.columns[1], data.columns[2]}; }

TEST(ProfileJoint, HoldsWhatTheRowsGive) {
  const SampleData data = joint_credit_sample(500, 1), window = joint_credit_sample(300, 2, 3);
  const Profile reference = *data.profile();
  ASSERT_TRUE(reference.joint().has_value());
  const JointSummary& stored = *reference.joint();
  const JointSummary rows(stored.shared_layout(), numbers_of(data), 500, true);
  expect_same_sums(stored, rows);
  ASSERT_TRUE(stored.has_spread());
  EXPECT_EQ(stored.moments.moment(0, 1).variance, rows.moments.moment(0, 1).variance);
  EXPECT_EQ(stored.fourier.spread(2).trace_of_square, rows.fourier.spread(2).trace_of_square);
  const Profile later = *window.profile(&reference);
  ASSERT_TRUE(later.joint().has_value());
  expect_same_sums(*later.joint(), JointSummary(stored.shared_layout(), numbers_of(window), 300, false));
  EXPECT_FALSE(later.joint()->has_spread());
  EXPECT_FALSE(credit_sample(500, 1).profile()->joint().has_value());
}

TEST(ProfileJoint, WindowsAddUpToTheirUnion) {
  const Profile reference = *joint_credit_sample(400, 1).profile();
  const SampleData both = joint_credit_sample(200, 2);
  SampleData first = both, second = both;
  std::vector<uint32_t> early, late;
  for (uint32_t row = 0; row < 200; ++row) (row < 70 ? early : late).push_back(row);
  for (size_t i = 0; i < both.columns.size(); ++i) {
    first.columns[i] = both.columns[i].gather(early);
    second.columns[i] = both.columns[i].gather(late);
  }
  first.spec.rows = 70;
  second.spec.rows = 130;
  const Profile sum = *Profile::merge(*first.profile(&reference), *second.profile(&reference));
  expect_same_sums(*sum.joint(), *both.profile(&reference)->joint());
  // Two references add up too, but for the spread, of which only a result is kept.
  EXPECT_FALSE(Profile::merge(reference, reference)->joint()->has_spread());
}

TEST(ProfileJoint, AColumnThatTheWindowLacksHasNoValue) {
  const Profile reference = *joint_credit_sample(400, 1).profile();
  SampleData window = joint_credit_sample(50, 2);
  window.spec.columns.erase(window.spec.columns.begin() + 1);
  window.spec.score.reset();
  const Profile profile = *window.profile(&reference);
  EXPECT_EQ(profile.joint()->moments.moment(1, 1).n, 0);
  EXPECT_EQ(profile.joint()->moments.moment(2, 2).n, 50);
}

// --- golden files: old bytes stay readable, and the writer still gives them ---

void golden(const std::string& name, const Profile& profile) {
  const std::string path = std::string(LEEWAY_SOURCE_DIR) + "/tests/profiles/golden/" + name;
  if (std::getenv("LEEWAY_WRITE_GOLDEN") != nullptr) put(path, bytes_of(profile));
  const auto old = Profile::open(path);
  ASSERT_TRUE(old.has_value()) << old.error().text();
  EXPECT_EQ(old->rows(), profile.rows());
  EXPECT_EQ(old->bins_id(), profile.bins_id());
  EXPECT_TRUE(bytes_of(*old) == bytes_of(profile)) << name << ": the writer gives other bytes than format version "
                                                   << profile_format_version << " promised";
}

TEST(ProfileBytes, GoldenFilesOfVersionOne) {
  SampleData data = credit_sample(60, 1);
  data.spec.exact = true;
  const Profile reference = *data.profile();
  golden("v1-reference.lwp", reference);
  const Profile a = *credit_sample(30, 2, 1).profile(&reference), b = *credit_sample(30, 3).profile(&reference);
  golden("v1-window.lwp", a);
  golden("v1-merged.lwp", *Profile::merge(a, b));
  const Profile joint = *joint_credit_sample(60, 1).profile();
  golden("v1-joint.lwp", joint);
  golden("v1-joint-window.lwp", *joint_credit_sample(30, 2, 1).profile(&joint));
}

}  // namespace
}  // namespace leeway
