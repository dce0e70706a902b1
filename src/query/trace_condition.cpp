#include "query/trace_condition.h"

#include <algorithm>
#include <cstring>
#include <tuple>

#include "query/hashing.h"
#include "query/scan.h"
#include "query/trace_numbers.h"
#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

using store::ColumnData;
using store::ColumnType;
using Kind = TraceCondition::Kind;

enum Column : uint8_t { kTraceId, kSpanId, kParentId, kTime, kDuration };

// A leaf of the tree: what is decided of a trace while its spans go by.
struct Leaf {
  Kind kind;
  size_t filter, other;  // among the filters; other: of child and childless
};

// The conditions as a tree over numbered leaves.
struct Node {
  Kind kind = Kind::all;
  std::vector<Node> children;
  size_t leaf = 0;
  Operator op = Operator::greater;
  int64_t duration = 0;
};

bool compares(int64_t value, Operator op, int64_t with) {
  switch (op) {
    case Operator::equal:
      return value == with;
    case Operator::not_equal:
      return value != with;
    case Operator::greater:
      return value > with;
    case Operator::greater_or_equal:
      return value >= with;
    case Operator::less:
      return value < with;
    case Operator::less_or_equal:
      return value <= with;
    default:
      return false;
  }
}

// What has been seen of a trace.
struct Seen {
  uint64_t leaves = 0;       // of kind span, child and childless that hold
  uint64_t root_leaves = 0;  // that the root seen so far matches
  int64_t start = INT64_MAX, end = INT64_MIN, newest = INT64_MIN;
  // Smallest for the root: has a parent, start, id.
  std::tuple<bool, int64_t, uint64_t> root{true, INT64_MAX, UINT64_MAX};
  bool is_in_range = false;

  void merge(const Seen& other) {
    leaves |= other.leaves;
    start = std::min(start, other.start);
    end = std::max(end, other.end);
    newest = std::max(newest, other.newest);
    is_in_range |= other.is_in_range;
    if (other.root < root) {
      root = other.root;
      root_leaves = other.root_leaves;
    }
  }
};

bool holds(const Node& node, const Seen& seen) {
  const auto child_holds = [&](const Node& child) { return holds(child, seen); };
  switch (node.kind) {
    case Kind::all:
      return std::all_of(node.children.begin(), node.children.end(), child_holds);
    case Kind::any:
      return std::any_of(node.children.begin(), node.children.end(), child_holds);
    case Kind::none:
      return std::none_of(node.children.begin(), node.children.end(), child_holds);
    case Kind::root:
      return (seen.root_leaves >> node.leaf & 1) != 0;
    case Kind::duration:
      return compares(seen.end - seen.start, node.op, node.duration);
    default:
      return (seen.leaves >> node.leaf & 1) != 0;
  }
}

// Spans by trace and id, so that they are found again once all have been seen.
using Key = uint64_t;
Key key_of(const TraceId& trace, uint64_t span) {
  return hash_of(trace.view()) ^ hash_of(span);
}

// One side of a relation: spans, or the parents of spans, that matched.
struct Side {
  std::vector<Key> keys;
  std::vector<uint32_t> traces;  // the worker's number; only where the trace is asked for later
};

class TraceRun {
 public:
  explicit TraceRun(const TraceQuestion& question) : question_(question) {}

  Result<FoundTraces> run(const store::Snapshot& snapshot, const RunOptions& options, QueryLimits& limits) {
    CLEW_TRY(prepare());
    Scan scan(wanted_, snapshot);
    workers_.resize(scan.workers(options));
    for (Worker& worker : workers_) {
      worker.asked.resize(leaves_.size());
      worker.answers.resize(leaves_.size());
    }
    Scan::Visitor visitor;
    visitor.visit = [&](const GranuleScan& granule) { return visit(workers_[granule.worker], granule); };
    visitor.bytes_held = [&](size_t worker) { return bytes_of(workers_[worker]); };
    CLEW_TRY(scan.run(options, limits, visitor));
    for (size_t leaf = 0; leaf < leaves_.size(); ++leaf) relate(leaf);
    CLEW_TRY(limits.check());
    FoundTraces found = choose();
    found.cost = scan.cost();
    return found;
  }

 private:
  struct Worker {
    TraceNumbers numbers;
    std::vector<Seen> traces;
    std::vector<Side> asked, answers;  // of each leaf that relates spans
  };

  Status prepare() {
    NameList names;
    for (std::string_view name :
         {names::kTraceId, names::kSpanId, names::kParentId, names::kTime, names::kDuration})
      names.add({std::string(name), store::Scope::intrinsic});
    for (const TraceCondition& condition : question_.conditions) {
      CLEW_ASSIGN(Node node, node_of(condition));
      nodes_.push_back(std::move(node));
    }
    CLEW_ASSIGN(CompiledFilter spans, compile(spans_worth_looking_at(), names));
    wanted_.filters.push_back(std::move(spans));
    for (const Filter* filter : filters_) {
      CLEW_ASSIGN(CompiledFilter compiled, compile(*filter, names));
      wanted_.filters.push_back(std::move(compiled));
    }
    wanted_.names = names.names();
    wanted_.range = question_.range;
    if (wanted_.range.from.count != INT64_MIN)
      wanted_.range.from = wanted_.range.from - TraceQuestion::kMargin;
    if (wanted_.range.to.count != INT64_MAX) wanted_.range.to = wanted_.range.to + TraceQuestion::kMargin;
    return {};
  }

  Result<Node> node_of(const TraceCondition& condition) {
    Node node{.kind = condition.kind,
              .children = {},
              .leaf = 0,
              .op = condition.op,
              .duration = condition.duration.count};
    for (const TraceCondition& child : condition.children) {
      CLEW_ASSIGN(Node below, node_of(child));
      node.children.push_back(std::move(below));
    }
    const bool relates = condition.kind == Kind::child || condition.kind == Kind::childless;
    if (relates || condition.kind == Kind::span || condition.kind == Kind::root) {
      const Leaf leaf{condition.kind, number_of(condition.filter), relates ? number_of(condition.other) : 0};
      const auto known = std::find_if(leaves_.begin(), leaves_.end(), [&](const Leaf& one) {
        return one.kind == leaf.kind && one.filter == leaf.filter && one.other == leaf.other;
      });
      node.leaf = static_cast<size_t>(known - leaves_.begin());
      if (known == leaves_.end()) leaves_.push_back(leaf);
    }
    if (leaves_.size() > TraceQuestion::kMostFilters || filters_.size() > TraceQuestion::kMostFilters)
      return Status(ErrorKind::bad_input, "too many conditions on one trace: at most " +
                                              std::to_string(TraceQuestion::kMostFilters));
    return node;
  }

  size_t number_of(const Filter& filter) {
    const auto known =
        std::find_if(filters_.begin(), filters_.end(), [&](const Filter* other) { return *other == filter; });
    const auto number = static_cast<size_t>(known - filters_.begin());
    if (known == filters_.end()) filters_.push_back(&filter);
    return number;
  }

  static bool can_hold_unseen(const Node& node) {
    const auto child_can = [](const Node& child) { return can_hold_unseen(child); };
    if (node.kind == Kind::all) return std::all_of(node.children.begin(), node.children.end(), child_can);
    if (node.kind == Kind::any) return std::any_of(node.children.begin(), node.children.end(), child_can);
    return node.kind != Kind::span && node.kind != Kind::child;
  }

  // Where the first condition only holds for traces in which some span matches, and nothing is asked of the
  // others, granules without such spans need not be read.
  Filter spans_worth_looking_at() const {
    std::vector<Filter> conditions{
        comparison({std::string(names::kSpanId), store::Scope::intrinsic}, Operator::exists, {}),
        comparison({std::string(names::kAnnotationType), store::Scope::intrinsic}, Operator::does_not_exist,
                   {})};
    const bool needs_all =
        question_.wants_times || nodes_.empty() || can_hold_unseen(nodes_[0]) ||
        std::any_of(leaves_.begin(), leaves_.end(),
                    [](const Leaf& leaf) { return leaf.kind != Kind::span; }) ||
        std::any_of(question_.conditions.begin(), question_.conditions.end(), asks_for_duration);
    if (!needs_all) {
      std::vector<Filter> any;
      for (const Filter* filter : filters_) any.push_back(*filter);
      conditions.push_back(any_of(std::move(any)));
    }
    return all_of(std::move(conditions));
  }
  static bool asks_for_duration(const TraceCondition& condition) {
    return condition.kind == Kind::duration ||
           std::any_of(condition.children.begin(), condition.children.end(), asks_for_duration);
  }

  Status visit(Worker& worker, const GranuleScan& scan) {
    GranuleReader& reader = scan.reader;
    const uint32_t rows = reader.rows();
    // By row: which filters it matches.
    std::vector<uint64_t> matched(rows);
    for (size_t i = 0; i < filters_.size(); ++i) {
      Selection selection = scan.selection;
      CLEW_TRY(scan.segment.filters[i + 1].narrow(reader, selection));
      for_each_row(selection, [&](uint32_t row) { matched[row] |= uint64_t{1} << i; });
    }
    std::vector<int64_t> times(rows), durations(rows);
    CLEW_TRY(read_integers(scan, kTime, ColumnType::time, times));
    CLEW_TRY(read_integers(scan, kDuration, ColumnType::duration, durations));
    std::vector<uint64_t> ids(rows), parents(rows);
    CLEW_TRY(read_ids(scan, kSpanId, ids));
    CLEW_TRY(read_ids(scan, kParentId, parents));
    CLEW_ASSIGN(ResolvedColumn trace_ids, reader.resolve(scan.segment.columns[kTraceId]));
    const bool unbounded = question_.range == TimeRange{};
    for (const Piece& piece : trace_ids) {
      if (piece.data->type != ColumnType::trace_id) continue;
      Selection part = scan.selection;
      part.intersect(piece.mask());
      std::string_view before;
      uint32_t number = 0;
      for_each_row(part, [&](uint32_t row) {
        const std::string_view bytes = piece.data->string_at(row);
        if (bytes.size() != sizeof(TraceId)) return;
        // Spans of a trace often come one after the other.
        if (before.empty() || bytes != before) {
          number = worker.numbers.number_of(*TraceId::from_bytes(bytes));
          before = bytes;
          if (number == worker.traces.size()) worker.traces.emplace_back();
        }
        Seen& seen = worker.traces[number];
        seen.start = std::min(seen.start, times[row]);
        seen.end = std::max(seen.end, times[row] + std::max<int64_t>(durations[row], 0));
        seen.newest = std::max(seen.newest, times[row]);
        seen.is_in_range |= unbounded || question_.range.contains({times[row]});
        see(worker, number, matched[row], ids[row], parents[row], times[row]);
      });
    }
    return {};
  }

  void see(Worker& worker, uint32_t number, uint64_t matched, uint64_t id, uint64_t parent,
           int64_t time) const {
    Seen& seen = worker.traces[number];
    const TraceId& trace = worker.numbers.ids()[number];
    const std::tuple key(parent != 0, time, id);
    const bool is_root_so_far = key < seen.root;
    if (is_root_so_far) {
      seen.root = key;
      seen.root_leaves = 0;
    }
    for (size_t i = 0; i < leaves_.size(); ++i) {
      const Leaf& leaf = leaves_[i];
      const bool matches = (matched >> leaf.filter & 1) != 0;
      switch (leaf.kind) {
        case Kind::span:
          if (matches) seen.leaves |= uint64_t{1} << i;
          break;
        case Kind::root:
          if (matches && is_root_so_far) seen.root_leaves |= uint64_t{1} << i;
          break;
        case Kind::child:
          if (matches && parent != 0) ask(worker.asked[i], key_of(trace, parent), number);
          if ((matched >> leaf.other & 1) != 0) worker.answers[i].keys.push_back(key_of(trace, id));
          break;
        default:
          if (matches) ask(worker.asked[i], key_of(trace, id), number);
          if ((matched >> leaf.other & 1) != 0 && parent != 0)
            worker.answers[i].keys.push_back(key_of(trace, parent));
      }
    }
  }
  static void ask(Side& side, Key key, uint32_t trace) {
    side.keys.push_back(key);
    side.traces.push_back(trace);
  }

  static Status read_integers(const GranuleScan& scan, Column column, ColumnType type,
                              std::vector<int64_t>& to) {
    CLEW_ASSIGN(ResolvedColumn resolved, scan.reader.resolve(scan.segment.columns[column]));
    for (const Piece& piece : resolved) {
      if (piece.data->type != type) continue;
      Selection part = scan.selection;
      part.intersect(piece.mask());
      for_each_row(part, [&](uint32_t row) { to[row] = piece.data->integers[row]; });
    }
    return {};
  }

  static Status read_ids(const GranuleScan& scan, Column column, std::vector<uint64_t>& to) {
    CLEW_ASSIGN(ResolvedColumn resolved, scan.reader.resolve(scan.segment.columns[column]));
    for (const Piece& piece : resolved) {
      if (piece.data->type != ColumnType::span_id) continue;
      Selection part = scan.selection;
      part.intersect(piece.mask());
      for_each_row(part, [&](uint32_t row) {
        const std::string_view bytes = piece.data->string_at(row);
        if (bytes.size() == sizeof(uint64_t)) std::memcpy(&to[row], bytes.data(), sizeof(uint64_t));
      });
    }
    return {};
  }

  // Once all spans have been seen: which of those asked about have an answer.
  void relate(size_t number) {
    const Leaf& leaf = leaves_[number];
    if (leaf.kind != Kind::child && leaf.kind != Kind::childless) return;
    std::vector<Key> answers;
    for (Worker& worker : workers_) {
      answers.insert(answers.end(), worker.answers[number].keys.begin(), worker.answers[number].keys.end());
      worker.answers[number] = {};
    }
    std::sort(answers.begin(), answers.end());
    for (Worker& worker : workers_) {
      const Side& asked = worker.asked[number];
      for (size_t i = 0; i < asked.keys.size(); ++i) {
        const bool answered = std::binary_search(answers.begin(), answers.end(), asked.keys[i]);
        if (answered == (leaf.kind == Kind::child))
          worker.traces[asked.traces[i]].leaves |= uint64_t{1} << number;
      }
    }
  }

  FoundTraces choose() {
    Worker& all = workers_[0];
    for (size_t i = 1; i < workers_.size(); ++i) {
      const Worker& other = workers_[i];
      for (uint32_t number = 0; number < other.traces.size(); ++number) {
        const uint32_t to = all.numbers.number_of(other.numbers.ids()[number]);
        if (to == all.traces.size()) all.traces.emplace_back();
        all.traces[to].merge(other.traces[number]);
      }
    }
    FoundTraces found;
    for (uint32_t number = 0; number < all.traces.size(); ++number) {
      const Seen& seen = all.traces[number];
      if (!seen.is_in_range) continue;
      ++found.traces_looked_at;
      if (!nodes_.empty() && !holds(nodes_[0], seen)) continue;
      FoundTrace trace{.id = all.numbers.ids()[number],
                       .newest = {seen.newest},
                       .start = {seen.start},
                       .end = {seen.end},
                       .holds = {}};
      for (const Node& node : nodes_) trace.holds.push_back(holds(node, seen));
      found.traces.push_back(std::move(trace));
    }
    std::sort(found.traces.begin(), found.traces.end(), [](const FoundTrace& a, const FoundTrace& b) {
      return std::tie(b.newest, a.id) < std::tie(a.newest, b.id);
    });
    return found;
  }

  static size_t bytes_of(const Worker& worker) {
    size_t bytes = worker.numbers.bytes() + worker.traces.capacity() * sizeof(Seen);
    for (const std::vector<Side>* sides : {&worker.asked, &worker.answers}) {
      for (const Side& side : *sides) bytes += side.keys.capacity() * 8 + side.traces.capacity() * 4;
    }
    return bytes;
  }

  const TraceQuestion& question_;
  ScanWanted wanted_;
  std::vector<const Filter*> filters_;
  std::vector<Leaf> leaves_;
  std::vector<Node> nodes_;  // of each condition
  std::vector<Worker> workers_;
};

TraceCondition of_kind(Kind kind) {
  TraceCondition condition;
  condition.kind = kind;
  return condition;
}
TraceCondition of_kind(Kind kind, Filter filter, Filter other = {}) {
  TraceCondition condition = of_kind(kind);
  condition.filter = std::move(filter);
  condition.other = std::move(other);
  return condition;
}
TraceCondition of_kind(Kind kind, std::vector<TraceCondition> children) {
  TraceCondition condition = of_kind(kind);
  condition.children = std::move(children);
  return condition;
}

}  // namespace

TraceCondition some_span(Filter filter) {
  return of_kind(Kind::span, std::move(filter));
}
TraceCondition root_span(Filter filter) {
  return of_kind(Kind::root, std::move(filter));
}
TraceCondition some_child(Filter child, Filter parent) {
  return of_kind(Kind::child, std::move(child), std::move(parent));
}
TraceCondition some_childless(Filter span, Filter child) {
  return of_kind(Kind::childless, std::move(span), std::move(child));
}
TraceCondition duration_of_trace(Operator op, Nanoseconds duration) {
  TraceCondition condition = of_kind(Kind::duration);
  condition.op = op;
  condition.duration = duration;
  return condition;
}
TraceCondition all_conditions(std::vector<TraceCondition> children) {
  return of_kind(Kind::all, std::move(children));
}
TraceCondition any_condition(std::vector<TraceCondition> children) {
  return of_kind(Kind::any, std::move(children));
}
TraceCondition no_condition(std::vector<TraceCondition> children) {
  return of_kind(Kind::none, std::move(children));
}

Result<FoundTraces> find_traces(const TraceQuestion& question, const store::Snapshot& snapshot,
                                const RunOptions& options, QueryLimits& limits) {
  return TraceRun(question).run(snapshot, options, limits);
}

}  // namespace clew::query
