#include "pipeline/receivers/filelog/entry_splitter.h"

#include <algorithm>

#include <fmt/format.h>
#include <re2/re2.h>

namespace clew::pipeline {
namespace {

// "^" and "$" are those of a line.
std::unique_ptr<re2::RE2> compiled(const std::string& pattern) {
  return std::make_unique<re2::RE2>("(?m)" + pattern, re2::RE2::Quiet);
}

constexpr std::string_view kSpace = " \t\r\n\v\f";

}  // namespace

EntrySplitter::EntrySplitter(const SplitSettings& settings) : settings_(settings) {}
EntrySplitter::EntrySplitter(EntrySplitter&&) noexcept = default;
EntrySplitter::~EntrySplitter() = default;

Result<EntrySplitter> EntrySplitter::create(const SplitSettings& settings) {
  EntrySplitter splitter(settings);
  if (!settings.line_start_pattern.empty()) splitter.start_ = compiled(settings.line_start_pattern);
  if (!settings.line_end_pattern.empty()) splitter.end_ = compiled(settings.line_end_pattern);
  for (const auto* pattern : {splitter.start_.get(), splitter.end_.get()})
    if (pattern && !pattern->ok())
      return {ErrorKind::bad_input, fmt::format("'{}' is no regular expression: {}",
                                                pattern->pattern().substr(4), pattern->error())};
  return splitter;
}

Piece EntrySplitter::next(std::string_view bytes, bool is_all) const {
  Piece piece = untrimmed(bytes);
  if (piece.consumed == 0 && bytes.size() >= settings_.max_entry_bytes)
    piece = {bytes.substr(0, settings_.max_entry_bytes), settings_.max_entry_bytes, true};
  else if (piece.consumed == 0 && is_all)
    piece = {bytes, bytes.size(), false};
  else if (piece.text.size() > settings_.max_entry_bytes)
    piece = {bytes.substr(0, settings_.max_entry_bytes), settings_.max_entry_bytes, true};
  if (!settings_.keep_leading_space)
    piece.text.remove_prefix(std::min(piece.text.find_first_not_of(kSpace), piece.text.size()));
  if (!settings_.keep_trailing_space)
    piece.text = piece.text.substr(0, piece.text.find_last_not_of(kSpace) + 1);
  return piece;
}

Piece EntrySplitter::untrimmed(std::string_view bytes) const {
  const re2::StringPiece text(bytes.data(), bytes.size());
  re2::StringPiece match;
  const auto find_from = [&](const re2::RE2& pattern, size_t from) {
    return from <= bytes.size() && pattern.Match(text, from, bytes.size(), re2::RE2::UNANCHORED, &match, 1);
  };
  const auto begin_of_match = [&] { return static_cast<size_t>(match.data() - bytes.data()); };
  if (start_) {
    if (!find_from(*start_, 0)) return {};
    size_t text_begin = 0;
    if (begin_of_match() == 0) {
      if (settings_.omit_pattern) text_begin = match.size();
      if (!find_from(*start_, std::max<size_t>(match.size(), 1))) return {};
    }
    const size_t end = begin_of_match();
    if (end == 0 || end >= bytes.size()) return {};
    return {bytes.substr(text_begin, end - std::min(end, text_begin)), end, false};
  }
  if (end_) {
    if (!find_from(*end_, 0)) return {};
    const size_t end = begin_of_match() + match.size();
    // A match that reaches the end might become longer; a pattern that matches nothing cuts nothing.
    if (end == 0) return {};
    return {bytes.substr(0, settings_.omit_pattern ? begin_of_match() : end), end, false};
  }
  const size_t end = bytes.find('\n');
  if (end == std::string_view::npos) return {};
  const bool has_return = end > 0 && bytes[end - 1] == '\r';
  return {bytes.substr(0, end - (has_return ? 1 : 0)), end + 1, false};
}

}  // namespace clew::pipeline
