// SPDX-License-Identifier: GPL-3.0-or-later
// What googletest-list.json and googletest-report.json were recorded from.
#include <gtest/gtest.h>
#include <cstdlib>
TEST(Math, Adds) { EXPECT_EQ(1 + 1, 2); }
TEST(Math, Fails) { EXPECT_EQ(1 + 1, 3) << "with a note <&>"; ASSERT_TRUE(false); }
TEST(Math, DISABLED_Later) { FAIL(); }
TEST(Math, Skips) { GTEST_SKIP() << "no network"; }
TEST(Math, Crashes) { if (getenv("CRASH")) abort(); }
class Param : public ::testing::TestWithParam<int> {};
TEST_P(Param, IsSmall) { EXPECT_LT(GetParam(), 3); }
INSTANTIATE_TEST_SUITE_P(Few, Param, ::testing::Values(1, 2, 3));
template <typename T> class Typed : public ::testing::Test {};
typedef ::testing::Types<int, char> MyTypes;
TYPED_TEST_SUITE(Typed, MyTypes);
TYPED_TEST(Typed, HasSize) { this->RecordProperty("size", (int)sizeof(TypeParam)); EXPECT_GT(sizeof(TypeParam), 0u); }
