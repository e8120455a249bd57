#include <gtest/gtest.h>

#include "sources/scratch.h"

namespace leeway {
namespace {

using test::spec_of;
using test::values_of;

// Facts that the README of each data set states.
struct Known {
  std::string file;
  int64_t rows;
  size_t columns;
  int64_t duplicates;  // -1: not stated
};

class RealDataTest : public testing::TestWithParam<Known> {};

TEST_P(RealDataTest, RowsColumnsAndDuplicates) {
  const std::string path = std::string(LEEWAY_SOURCE_DIR "/../shared/data/") + GetParam().file;
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here";
  const auto data = Dataset::open(spec_of(path));
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(data->rows(), GetParam().rows);
  EXPECT_EQ(data->schema().size(), GetParam().columns);
  if (GetParam().duplicates >= 0) {
    EXPECT_EQ(*data->duplicate_rows(), GetParam().duplicates);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, RealDataTest,
    testing::Values(Known{"adult/adult_train.csv.gz", 32561, 15, 24}, Known{"adult/adult_test.csv.gz", 16281, 15, 5},
                    Known{"air_quality/AirQualityUCI.csv.gz", 9471, 17, -1},
                    Known{"bank_marketing/bank-additional-full.csv.gz", 41188, 21, -1},
                    Known{"bike_sharing/hour.csv.gz", 17379, 17, 0},
                    Known{"california_housing_scored/california_housing_reference.csv.gz", 5832, 13, 0},
                    Known{"compas/compas-scores-two-years.csv.gz", 7214, 53, -1},
                    Known{"elec2/electricity.csv.gz", 45312, 9, -1},
                    Known{"fraud_handbook/transactions_2018-04.csv.gz", 288062, 7, 0},
                    Known{"german_credit/german.csv.gz", 1000, 21, -1},
                    Known{"lending_club_2018/lendingclub_2018.csv.gz", 31766, 44, -1},
                    Known{"ma_employment_scored/employment_MA_reference.csv.gz", 68785, 21, 0},
                    Known{"mortgage_panel_sample/mortgage_sample.csv.gz", 9573, 23, -1},
                    Known{"noaa_weather/weather.csv.gz", 18159, 9, -1},
                    Known{"nyc_green_taxi/green_tripdata_2022-01_5cols.parquet", 62495, 5, -1},
                    Known{"synthetic_drift_dataverse/sine_0123_abrupto.csv.gz", 40000, 3, -1},
                    Known{"taiwan_credit_default/UCI_Credit_Card.csv.gz", 30000, 25, -1}));

}  // namespace
}  // namespace leeway
