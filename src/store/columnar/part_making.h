// Making parts: out of blocks (sealing) and out of parts (merging). Both only write files; publishing them is
// the catalog's business.
#pragma once

#include <span>
#include <vector>

#include "store/columnar/catalog.h"

namespace clew::store {

// Parts with all rows of the blocks of one table, one for each day. After a failure none of their files is
// left.
Result<std::vector<PublishedPart>> seal_blocks(FileSystem& files, Catalog& catalog, TableKey table,
                                               std::span<const std::shared_ptr<const Block>> blocks);

// One part with all rows of parts of one table and day.
Result<PublishedPart> merge_parts(FileSystem& files, Catalog& catalog, std::span<const PublishedPart> parts);

}  // namespace clew::store
