#include "link/channel.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <thread>

namespace {

using jig::UniqueFd;
using jig::link::Channel;
using jig::link::Generation;
using jig::link::Kind;
using jig::link::Load;

class ControlChannel : public testing::Test {
  protected:
    ControlChannel() {
        auto both = Channel::pair();
        here_ = std::move(both->first);
        there_ = std::move(both->second);
    }
    Channel here_;
    Channel there_;
    std::vector<Channel::Message> got_;
};

TEST_F(ControlChannel, a_message_arrives_as_it_was_sent) {
    ASSERT_TRUE(here_.send(Kind::load, 7, Load{3, "/a.so", "a.so", "x"}).ok());
    ASSERT_TRUE(there_.receive(got_));
    ASSERT_EQ(got_.size(), 1u);
    EXPECT_EQ(got_[0].kind, Kind::load);
    EXPECT_EQ(got_[0].id, 7u);
    Load load;
    ASSERT_TRUE(got_[0].read(load));
    EXPECT_EQ(load.path, "/a.so");
    Generation other;
    EXPECT_FALSE(got_[0].read(other)) << "it is no Generation";
}

TEST_F(ControlChannel, a_descriptor_comes_along_with_its_own_message) {
    const UniqueFd file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    ASSERT_TRUE(here_.send(Kind::quit, 1, Generation{1}).ok());
    ASSERT_TRUE(here_.send(Kind::input_file, 2, Generation{2}, file.get()).ok());
    ASSERT_TRUE(there_.receive(got_));
    ASSERT_EQ(got_.size(), 2u);
    EXPECT_FALSE(got_[0].fd);
    ASSERT_TRUE(got_[1].fd);
    EXPECT_NE(::fcntl(got_[1].fd.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(ControlChannel, a_large_message_is_put_together_from_its_parts) {
    const std::vector<std::byte> large(3u << 20, std::byte{7});
    std::thread sender([&] { EXPECT_TRUE(here_.send_bytes(Kind::load, 1, large).ok()); });
    while (got_.empty()) {
        ASSERT_TRUE(there_.receive(got_));
    }
    sender.join();
    EXPECT_EQ(got_[0].payload, large);
}

TEST_F(ControlChannel, a_peer_that_does_not_read_makes_send_fail_in_time) {
    const std::vector<std::byte> large(8u << 20);
    const auto sent = here_.send_bytes(Kind::load, 1, large, -1, 1);
    ASSERT_FALSE(sent.ok());
    EXPECT_NE(sent.error().find("does not read"), std::string::npos);
}

TEST_F(ControlChannel, a_message_that_is_too_large_is_not_sent) {
    EXPECT_FALSE(
        here_.send_bytes(Kind::load, 1, std::vector<std::byte>(Channel::kMaxPayload + 1)).ok());
    EXPECT_TRUE(there_.receive(got_));
    EXPECT_TRUE(got_.empty());
}

TEST_F(ControlChannel, what_was_sent_before_the_end_still_arrives) {
    ASSERT_TRUE(here_.send(Kind::quit, 1, Generation{1}).ok());
    here_ = Channel();
    EXPECT_FALSE(there_.receive(got_)) << "it is gone";
    EXPECT_EQ(got_.size(), 1u);
    EXPECT_FALSE(there_.send(Kind::quit, 1, Generation{1}).ok());
}

TEST_F(ControlChannel, a_peer_that_claims_an_absurd_size_is_given_up) {
    const std::uint32_t header[4] = {0xffffffff, 1, 1, 0};
    ASSERT_EQ(::send(here_.fd(), header, sizeof header, 0), ssize_t{sizeof header});
    EXPECT_FALSE(there_.receive(got_));
}

TEST_F(ControlChannel, a_peer_cannot_use_up_our_descriptors) {
    const UniqueFd file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const auto highest_free = [] { return UniqueFd(::dup(0)).get(); };
    const int before = highest_free();
    // Descriptors that no message speaks of.
    for (int i = 0; i < 100; ++i) {
        const std::uint32_t header[4] = {0, 8, 0, 0};
        iovec io{const_cast<std::uint32_t*>(header), sizeof header};
        msghdr message{};
        alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))]{};
        message.msg_iov = &io;
        message.msg_iovlen = 1;
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        cmsghdr* attached = CMSG_FIRSTHDR(&message);
        attached->cmsg_level = SOL_SOCKET;
        attached->cmsg_type = SCM_RIGHTS;
        attached->cmsg_len = CMSG_LEN(sizeof(int));
        const int fd = file.get();
        std::memcpy(CMSG_DATA(attached), &fd, sizeof fd);
        ASSERT_GT(::sendmsg(here_.fd(), &message, 0), 0);
        ASSERT_TRUE(there_.receive(got_));
    }
    EXPECT_EQ(got_.size(), 100u);
    EXPECT_LE(highest_free(), before + 20);
}

} // namespace
