#include "app/progress_bar.h"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "app/byte_size.h"

namespace clew::app {
namespace {

constexpr size_t kCells = 24;
// What takes no time shows nothing; what takes long is no reason to flicker.
constexpr Nanoseconds kQuietFor = milliseconds(300);
constexpr Nanoseconds kEvery = milliseconds(100);

std::string amount(uint64_t number, ProgressUnit unit) {
  return unit == ProgressUnit::bytes ? byte_size_for_people(number) : fmt::format("{} rows", number);
}

}  // namespace

std::string progress_text(const std::string& doing, uint64_t done, uint64_t total, Nanoseconds elapsed,
                          ProgressUnit unit) {
  const double rate = elapsed.count > 0 ? static_cast<double>(done) / elapsed.to_seconds() : 0;
  const std::string speed = amount(static_cast<uint64_t>(rate), unit) + "/s";
  if (total == 0) return fmt::format("{}  {}, {}", doing, amount(done, unit), speed);
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const auto filled = static_cast<size_t>(share * kCells);
  return fmt::format("{}  [{}{}] {:3.0f} %  {} of {}, {}", doing, std::string(filled, '#'),
                     std::string(kCells - filled, '-'), share * 100, amount(done, unit), amount(total, unit),
                     speed);
}

ProgressBar::ProgressBar(std::ostream* terminal, std::string doing, ProgressUnit unit)
    : terminal_(terminal), doing_(std::move(doing)), unit_(unit) {}

ProgressBar::~ProgressBar() {
  if (shown_) *terminal_ << "\r\x1b[K" << std::flush;
}

void ProgressBar::show(uint64_t done, uint64_t total) {
  if (terminal_ == nullptr) return;
  const Nanoseconds at = monotonic_now(), elapsed{at.count - started_.count};
  if (elapsed.count < kQuietFor.count || at.count - last_.count < kEvery.count) return;
  *terminal_ << "\r\x1b[K" << progress_text(doing_, done, total, elapsed, unit_) << std::flush;
  shown_ = true;
  last_ = at;
}

}  // namespace clew::app
