#include "protocols/xray/document_queue.h"

#include <thread>

#include <gtest/gtest.h>

namespace clew::xray {
namespace {

TEST(XrayDocumentQueue, HandsOutWholeBatchesAtOnce) {
  DocumentQueue queue(1000);
  for (int i = 0; i < 120; ++i) EXPECT_TRUE(queue.add(std::to_string(i)));
  EXPECT_EQ(queue.take().size(), 50u);
  EXPECT_EQ(queue.take().front(), "50");
  queue.close();
  EXPECT_EQ(queue.take().size(), 20u);
  EXPECT_TRUE(queue.take().empty());
  EXPECT_FALSE(queue.add("late"));
}

TEST(XrayDocumentQueue, APartOfABatchDoesNotWaitForEver) {
  DocumentQueue queue(1000);
  std::vector<std::string> taken;
  std::thread taker([&] { taken = queue.take(); });
  queue.add("one");
  taker.join();
  EXPECT_EQ(taken, std::vector<std::string>{"one"});
}

TEST(XrayDocumentQueue, TheOldestGoesWhenThereAreTooMany) {
  DocumentQueue queue(2);
  EXPECT_TRUE(queue.add("a"));
  EXPECT_TRUE(queue.add("b"));
  EXPECT_FALSE(queue.add("c"));
  queue.close();
  EXPECT_EQ(queue.take(), (std::vector<std::string>{"b", "c"}));
  EXPECT_TRUE(queue.wait_for_close(seconds(0)));
}

}  // namespace
}  // namespace clew::xray
