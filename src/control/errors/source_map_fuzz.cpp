#include "base/fuzz.h"
#include "base/log.h"
#include "control/errors/function_at.h"
#include "control/errors/source_map.h"

using namespace clew::control::errors;

CLEW_FUZZ(source_map) {
  const clew::Result<SourceMap> map = SourceMap::parse(bytes);
  if (!map.ok()) return;
  for (int64_t line = 0; line < 5; ++line) {
    for (const int64_t column : {int64_t{-1}, int64_t{0}, int64_t{1}, int64_t{40}, INT64_MAX}) {
      const auto place = map->find(line, column);
      if (!place) continue;
      if (place->line < 1 || place->column < 1) clew::bug("a place before the beginning");
      (void)function_at(place->source, place->line, place->column);
    }
  }
}

CLEW_FUZZ(function_at) {
  for (const int64_t line : {1, 2, 3, 100}) (void)function_at(bytes, line, 10);
}
