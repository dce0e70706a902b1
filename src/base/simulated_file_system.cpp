#include "base/simulated_file_system.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/simulated_file_system_node.h"

namespace clew {
namespace {

Status power_is_off() {
  return Status(ErrorKind::unavailable, "the simulated machine has no power");
}
Status missing(const std::string& path) {
  return Status(ErrorKind::not_found, "there is no such file or directory: " + path);
}

}  // namespace

class SimulatedFile final : public File {
 public:
  using Node = SimulatedFileSystem::Node;
  SimulatedFile(SimulatedFileSystem& disk, std::shared_ptr<Node> node, std::string path, OpenMode mode)
      : disk_(disk), node_(std::move(node)), path_(std::move(path)), mode_(mode), restarts_(disk.restarts_) {}
  SimulatedFile(const SimulatedFile&) = delete;
  SimulatedFile& operator=(const SimulatedFile&) = delete;
  ~SimulatedFile() override {
    const std::lock_guard lock(disk_.mutex_);
    if (node_->lock_holder == this) node_->lock_holder = nullptr;
  }

  const std::string& path() const override { return path_; }

  Result<size_t> read_at(uint64_t offset, std::span<char> into) const override {
    const std::lock_guard lock(disk_.mutex_);
    if (is_dead()) return power_is_off();
    if (offset >= node_->content.size()) return size_t{0};
    return node_->content.copy(into.data(), into.size(), offset);
  }

  Status append(std::span<const std::string_view> pieces) override {
    std::string bytes;
    for (const std::string_view piece : pieces) bytes += piece;
    const std::lock_guard lock(disk_.mutex_);
    if (is_dead()) return power_is_off();
    if (mode_ == OpenMode::read) return read_only();
    SimulatedFileSystem::Verdict verdict =
        disk_.begin_call("append " + path_ + " " + std::to_string(bytes.size()) + " bytes");
    if (!verdict.effect) return verdict.failure;
    if (!verdict.failure.ok()) bytes.resize(disk_.random_() % (bytes.size() + 1));
    if (disk_.limit_) {
      const uint64_t used = disk_.used_bytes();
      const uint64_t room = *disk_.limit_ > used ? *disk_.limit_ - used : 0;
      if (bytes.size() > room) {
        bytes.resize(room);
        verdict.failure =
            Status(ErrorKind::exhausted, "writing a file: the simulated disk is full: " + path_);
      }
    }
    node_->append(bytes);
    return verdict.failure;
  }

  Status sync() override {
    const std::lock_guard lock(disk_.mutex_);
    if (is_dead()) return power_is_off();
    SimulatedFileSystem::Verdict verdict = disk_.begin_call("sync " + path_);
    if (verdict.failure.ok() && disk_.failing_syncs_) verdict.failure = *disk_.failing_syncs_;
    if (!disk_.power_) {
      // Not yet begun, or done and nobody heard of it.
      if (verdict.effect) node_->settle(PowerLoss::keep, disk_.random_);
      return verdict.failure;
    }
    node_->settle(verdict.failure.ok() ? PowerLoss::keep : PowerLoss::tear, disk_.random_);
    return verdict.failure;
  }

  Status truncate(uint64_t size) override {
    const std::lock_guard lock(disk_.mutex_);
    if (is_dead()) return power_is_off();
    if (mode_ == OpenMode::read) return read_only();
    const SimulatedFileSystem::Verdict verdict =
        disk_.begin_call("truncate " + path_ + " to " + std::to_string(size) + " bytes");
    if (verdict.effect) node_->truncate(size);
    return verdict.failure;
  }

  Result<uint64_t> size() const override {
    const std::lock_guard lock(disk_.mutex_);
    if (is_dead()) return power_is_off();
    return static_cast<uint64_t>(node_->content.size());
  }

  Result<bool> try_lock() override {
    const std::lock_guard lock(disk_.mutex_);
    if (is_dead()) return power_is_off();
    if (node_->lock_holder != nullptr && node_->lock_holder != this) return false;
    node_->lock_holder = this;
    return true;
  }

 private:
  bool is_dead() const { return !disk_.power_ || restarts_ != disk_.restarts_; }
  Status read_only() const {
    return Status(ErrorKind::forbidden, "the file is open for reading only: " + path_);
  }

  SimulatedFileSystem& disk_;
  const std::shared_ptr<Node> node_;
  const std::string path_;
  const OpenMode mode_;
  const uint64_t restarts_;
};

SimulatedFileSystem::SimulatedFileSystem(Options options) : random_(options.seed) {
  auto root = std::make_shared<Node>();
  root->is_directory = true;
  names_["/"] = root;
  durable_names_ = names_;
}
SimulatedFileSystem::~SimulatedFileSystem() = default;

void SimulatedFileSystem::lose_power_at(uint64_t call) {
  const std::lock_guard lock(mutex_);
  lose_power_at_ = call;
}

void SimulatedFileSystem::lose_power() {
  const std::lock_guard lock(mutex_);
  power_ = false;
}

bool SimulatedFileSystem::has_power() const {
  const std::lock_guard lock(mutex_);
  return power_;
}

void SimulatedFileSystem::restart(PowerLoss loss) {
  const std::lock_guard lock(mutex_);
  for (NameChange& change : pending_) {
    if (loss == PowerLoss::lose || (loss == PowerLoss::tear && toss())) continue;
    for (auto& [path, node] : change) {
      if (node == nullptr) {
        durable_names_.erase(path);
      } else {
        durable_names_[path] = node;
      }
    }
  }
  pending_.clear();
  // Parents sort before what they hold, so one pass finds whatever lost its directory.
  std::erase_if(durable_names_, [&](const auto& entry) {
    if (entry.first == "/") return false;
    const auto parent = durable_names_.find(parent_path(entry.first));
    return parent == durable_names_.end() || !parent->second->is_directory;
  });
  names_ = durable_names_;
  for (auto& [path, node] : names_) {
    node->settle(loss, random_);
    node->content = node->durable;
    node->lock_holder = nullptr;
  }
  power_ = true;
  lose_power_at_.reset();
  failing_calls_.clear();
  ++restarts_;
}

void SimulatedFileSystem::fail_call(uint64_t call, Status failure) {
  const std::lock_guard lock(mutex_);
  failing_calls_[call] = std::move(failure);
}

void SimulatedFileSystem::fail_all_calls(std::optional<Status> failure) {
  const std::lock_guard lock(mutex_);
  failing_all_ = std::move(failure);
}

void SimulatedFileSystem::fail_all_syncs(std::optional<Status> failure) {
  const std::lock_guard lock(mutex_);
  failing_syncs_ = std::move(failure);
}

void SimulatedFileSystem::limit_bytes(std::optional<uint64_t> bytes) {
  const std::lock_guard lock(mutex_);
  limit_ = bytes;
}

Status SimulatedFileSystem::flip_bit(const std::string& path, uint64_t offset, unsigned bit) {
  const std::lock_guard lock(mutex_);
  CLEW_ASSIGN(const std::shared_ptr<Node> node, find(path));
  for (std::string* bytes : {&node->content, &node->durable}) {
    if (offset < bytes->size()) (*bytes)[offset] = static_cast<char>((*bytes)[offset] ^ (1 << bit));
  }
  return {};
}

Status SimulatedFileSystem::overwrite(const std::string& path, std::string content) {
  const std::lock_guard lock(mutex_);
  CLEW_ASSIGN(const std::shared_ptr<Node> node, find(path));
  node->overwrite(std::move(content));
  return {};
}

uint64_t SimulatedFileSystem::calls() const {
  const std::lock_guard lock(mutex_);
  return history_.size();
}

std::vector<std::string> SimulatedFileSystem::history() const {
  const std::lock_guard lock(mutex_);
  return history_;
}

Result<std::shared_ptr<SimulatedFileSystem::Node>> SimulatedFileSystem::find(const std::string& path) const {
  if (!power_) return power_is_off();
  const auto found = names_.find(path);
  if (found == names_.end()) return missing(path);
  return found->second;
}

SimulatedFileSystem::Verdict SimulatedFileSystem::begin_call(std::string description) {
  if (!power_) return {.failure = power_is_off(), .effect = false};
  history_.push_back(std::move(description));
  const uint64_t call = history_.size();
  if (lose_power_at_ && call >= *lose_power_at_) {
    power_ = false;
    return {.failure = power_is_off(), .effect = toss()};
  }
  if (const auto failing = failing_calls_.find(call); failing != failing_calls_.end()) {
    return {.failure = failing->second, .effect = history_.back().starts_with("append")};
  }
  if (failing_all_) return {.failure = *failing_all_, .effect = history_.back().starts_with("append")};
  return {};
}

void SimulatedFileSystem::change_names(NameChange change) {
  for (const auto& [path, node] : change) {
    if (node == nullptr) {
      names_.erase(path);
    } else {
      names_[path] = node;
    }
  }
  pending_.push_back(std::move(change));
}

Status SimulatedFileSystem::check_parent(const std::string& path) const {
  const auto parent = names_.find(parent_path(path));
  if (parent == names_.end()) return missing(parent_path(path));
  if (!parent->second->is_directory)
    return Status(ErrorKind::bad_input, "a part of the path is not a directory: " + path);
  return {};
}

uint64_t SimulatedFileSystem::used_bytes() const {
  std::set<const Node*> counted;
  uint64_t used = 0;
  for (const auto& [path, node] : names_) {
    if (counted.insert(node.get()).second) used += node->content.size();
  }
  return used;
}

Result<std::unique_ptr<File>> SimulatedFileSystem::open(const std::string& path, OpenMode mode) {
  const std::lock_guard lock(mutex_);
  if (!power_) return power_is_off();
  const auto found = names_.find(path);
  std::shared_ptr<Node> node = found == names_.end() ? nullptr : found->second;
  if (node != nullptr && node->is_directory)
    return Status(ErrorKind::bad_input, "it is a directory, not a file: " + path);
  if (node == nullptr && (mode == OpenMode::read || mode == OpenMode::append)) return missing(path);
  if (node != nullptr && mode == OpenMode::create)
    return Status(ErrorKind::conflict, "it exists already: " + path);
  if (node == nullptr) {
    CLEW_TRY(check_parent(path));
    const Verdict verdict = begin_call("create " + path);
    if (verdict.effect) change_names({{path, node = std::make_shared<Node>()}});
    if (!verdict.failure.ok()) return verdict.failure;
  } else if (mode == OpenMode::replace || mode == OpenMode::log) {
    const Verdict verdict = begin_call("empty " + path);
    if (verdict.effect) node->truncate(0);
    if (!verdict.failure.ok()) return verdict.failure;
  }
  return std::unique_ptr<File>(std::make_unique<SimulatedFile>(*this, std::move(node), path, mode));
}

Result<FileInfo> SimulatedFileSystem::info(const std::string& path) {
  const std::lock_guard lock(mutex_);
  CLEW_ASSIGN(const std::shared_ptr<Node> node, find(path));
  return FileInfo{node->content.size(), node->is_directory};
}

Status SimulatedFileSystem::rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  CLEW_ASSIGN(const std::shared_ptr<Node> node, find(from));
  if (node->is_directory)
    return Status(ErrorKind::unsupported, "directories cannot be renamed here: " + from);
  CLEW_TRY(check_parent(to));
  const Verdict verdict = begin_call("rename " + from + " to " + to);
  if (verdict.effect) change_names({{to, node}, {from, nullptr}});
  return verdict.failure;
}

Status SimulatedFileSystem::remove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  CLEW_ASSIGN(const std::shared_ptr<Node> node, find(path));
  if (node->is_directory) return Status(ErrorKind::bad_input, "it is a directory, not a file: " + path);
  const Verdict verdict = begin_call("remove " + path);
  if (verdict.effect) change_names({{path, nullptr}});
  return verdict.failure;
}

Status SimulatedFileSystem::hard_link(const std::string& existing, const std::string& link) {
  const std::lock_guard lock(mutex_);
  CLEW_ASSIGN(const std::shared_ptr<Node> node, find(existing));
  if (names_.contains(link)) return Status(ErrorKind::conflict, "it exists already: " + link);
  CLEW_TRY(check_parent(link));
  const Verdict verdict = begin_call("link " + existing + " as " + link);
  if (verdict.effect) change_names({{link, node}});
  return verdict.failure;
}

Result<std::vector<DirectoryEntry>> SimulatedFileSystem::list(const std::string& directory) {
  const std::lock_guard lock(mutex_);
  CLEW_ASSIGN(const std::shared_ptr<Node> node, find(directory));
  if (!node->is_directory) return Status(ErrorKind::bad_input, "it is not a directory: " + directory);
  const std::string prefix = join_path(directory, "");
  std::vector<DirectoryEntry> entries;
  for (auto it = names_.upper_bound(prefix); it != names_.end() && it->first.starts_with(prefix); ++it) {
    const std::string name = it->first.substr(prefix.size());
    if (name.find('/') == std::string::npos) entries.push_back({name, it->second->is_directory});
  }
  return entries;
}

Status SimulatedFileSystem::make_directory(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (!power_) return power_is_off();
  if (const auto found = names_.find(path); found != names_.end()) {
    if (found->second->is_directory) return {};
    return Status(ErrorKind::bad_input, "a part of the path is not a directory: " + path);
  }
  CLEW_TRY(check_parent(path));
  const Verdict verdict = begin_call("make directory " + path);
  auto node = std::make_shared<Node>();
  node->is_directory = true;
  if (verdict.effect) change_names({{path, node}});
  return verdict.failure;
}

Status SimulatedFileSystem::remove_directory(const std::string& path) {
  const std::lock_guard lock(mutex_);
  CLEW_ASSIGN(const std::shared_ptr<Node> node, find(path));
  if (!node->is_directory) return Status(ErrorKind::bad_input, "it is not a directory: " + path);
  const auto next = names_.upper_bound(join_path(path, ""));
  if (next != names_.end() && next->first.starts_with(join_path(path, ""))) {
    return Status(ErrorKind::conflict, "the directory is not empty: " + path);
  }
  const Verdict verdict = begin_call("remove directory " + path);
  if (verdict.effect) change_names({{path, nullptr}});
  return verdict.failure;
}

Status SimulatedFileSystem::sync_directory(const std::string& path) {
  const std::lock_guard lock(mutex_);
  CLEW_ASSIGN(const std::shared_ptr<Node> node, find(path));
  const Verdict verdict = begin_call("sync directory " + path);
  if (!verdict.effect) return verdict.failure;
  for (NameChange& change : pending_) {
    std::erase_if(change, [&](auto& entry) {
      if (parent_path(entry.first) != path) return false;
      if (entry.second == nullptr) {
        durable_names_.erase(entry.first);
      } else {
        durable_names_[entry.first] = entry.second;
      }
      return true;
    });
  }
  std::erase_if(pending_, [](const NameChange& change) { return change.empty(); });
  return verdict.failure;
}

Result<DiskSpace> SimulatedFileSystem::space(const std::string&) {
  const std::lock_guard lock(mutex_);
  if (!power_) return power_is_off();
  const uint64_t total = limit_.value_or(uint64_t{1} << 40);
  const uint64_t used = used_bytes();
  return DiskSpace{.available = total > used ? total - used : 0, .total = total};
}

}  // namespace clew
