#include "link/memory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

namespace {

using jig::link::EngineView;
using jig::link::Regions;

TEST(Regions, what_one_side_writes_the_other_sees) {
    auto regions = Regions::create();
    ASSERT_TRUE(regions.ok()) << regions.error();
    auto view = EngineView::map(regions->server_fd(), regions->engine_fd());
    ASSERT_TRUE(view.ok()) << view.error();
    regions->server().mute = 1;
    EXPECT_EQ(view->server().mute, 1u);
    view->engine().frame = 99;
    EXPECT_EQ(regions->engine().frame, 99u);
    view->streams()[jig::link::kStreamFramesMax] = 0.5F;
    EXPECT_EQ(regions->streams()[jig::link::kStreamFramesMax], 0.5F);
}

TEST(Regions, nobody_can_resize_them) {
    auto regions = Regions::create();
    ASSERT_TRUE(regions.ok());
    for (const int fd : {regions->server_fd(), regions->engine_fd()}) {
        EXPECT_NE(::ftruncate(fd, 4096), 0);
        EXPECT_NE(::ftruncate(fd, 1l << 40), 0);
    }
}

TEST(Regions, nobody_can_map_the_server_s_region_for_writing_again) {
    auto regions = Regions::create();
    ASSERT_TRUE(regions.ok());
    EXPECT_EQ(::mmap(nullptr, jig::link::kServerBytes, PROT_READ | PROT_WRITE, MAP_SHARED,
                     regions->server_fd(), 0),
              MAP_FAILED);
    EXPECT_LT(::write(regions->server_fd(), "x", 1), 0);
    void* read_only =
        ::mmap(nullptr, jig::link::kServerBytes, PROT_READ, MAP_SHARED, regions->server_fd(), 0);
    ASSERT_NE(read_only, MAP_FAILED);
    EXPECT_NE(::mprotect(read_only, 4096, PROT_READ | PROT_WRITE), 0);
    ::munmap(read_only, jig::link::kServerBytes);
}

TEST(Regions, a_descriptor_that_is_no_region_is_refused) {
    auto regions = Regions::create();
    ASSERT_TRUE(regions.ok());
    EXPECT_FALSE(EngineView::map(-1, -1).ok());
    EXPECT_FALSE(EngineView::map(regions->engine_fd(), regions->engine_fd()).ok())
        << "the engine's region is none of the server's";
}

} // namespace
