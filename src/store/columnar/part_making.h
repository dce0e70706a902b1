// Making parts: out of blocks (sealing) and out of parts (merging). Both only write files; publishing them is
// the catalog's business.
#pragma once

#include <span>
#include <vector>

#include "store/columnar/catalog.h"
#include "store/columnar/erasure.h"

namespace clew::store {

// Parts with all rows of the blocks of one table, one for each day. After a failure none of their files is
// left.
Result<std::vector<PublishedPart>> seal_blocks(FileSystem& files, Catalog& catalog, TableKey table,
                                               std::span<const std::shared_ptr<const Block>> blocks);

// One part with all rows of parts of one table and day, but for those to erase: one of `erased` for each
// part, or none at all. Nothing when no row is left. Of one part alone, which is written anew without those
// rows, the level stays.
Result<std::optional<PublishedPart>> merge_parts(FileSystem& files, Catalog& catalog,
                                                 std::span<const PublishedPart> parts,
                                                 std::span<const RowsToErase> erased = {});

}  // namespace clew::store
