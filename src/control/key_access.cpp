#include "control/key_access.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/counters.h"
#include "base/log.h"
#include "control/environments.h"
#include "control/keys.h"
#include "control/schema.h"

namespace clew::control {
namespace {

// How often we look whether another process changed the keys. Reading PRAGMA data_version costs microseconds.
constexpr std::chrono::milliseconds kLookEvery{250};
// "Last used" is for people; it is written this often and at the end, not per request.
constexpr std::chrono::seconds kWriteUsesEvery{10};

struct HashOfHash {
  // A SHA-256 is as good a hash as any of its parts.
  size_t operator()(const KeyHash& hash) const {
    size_t part;
    std::memcpy(&part, hash.data(), sizeof part);
    return part;
  }
};

// When each key was last used. Shared by the snapshots before and after a change.
struct Use {
  std::string id;
  std::atomic<int64_t> last_nanoseconds{0};
  int64_t written_nanoseconds = 0;  // only the watching thread
};

struct KnownKey {
  Grant grant;
  std::shared_ptr<Use> use;
};

struct KnownAwsKey {
  AwsCredential credential;
  std::shared_ptr<Use> use;
};

struct Snapshot {
  bool keys_required = false;
  std::unordered_map<std::string, KnownAwsKey> aws;  // by access key
  std::unordered_map<KeyHash, KnownKey, HashOfHash> enabled;
  std::unordered_set<KeyHash, HashOfHash> disabled;
  std::vector<Environment> environments;
};

class WatchingKeyAccess final : public KeyAccess {
 public:
  explicit WatchingKeyAccess(Database database) : database_(std::move(database)) {}
  ~WatchingKeyAccess() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (watcher_.joinable()) watcher_.join();
    write_uses();
  }

  Status start() {
    CLEW_TRY(load());
    watcher_ = std::thread([this] { watch(); });
    return Status();
  }

  bool keys_required() const override { return snapshot_.load()->keys_required; }

  std::string environment_name(EnvironmentId environment) const override {
    const std::shared_ptr<const Snapshot> snapshot = snapshot_.load();
    for (const Environment& one : snapshot->environments) {
      if (one.id == environment) return one.name;
    }
    return std::string();
  }

  std::optional<AwsCredential> aws_credential(std::string_view access_key) const override {
    const std::shared_ptr<const Snapshot> snapshot = snapshot_.load();
    const auto known = snapshot->aws.find(std::string(access_key));
    if (known == snapshot->aws.end()) return std::nullopt;
    known->second.use->last_nanoseconds.store(now().count, std::memory_order_relaxed);
    return known->second.credential;
  }

  Result<EnvironmentId> admit(std::optional<std::string_view> key) const override {
    Result<Grant> granted = grant(key);
    if (!granted.ok()) return std::move(granted).status();
    return granted->environment;
  }

  Result<Grant> grant(std::optional<std::string_view> key) const override {
    const std::shared_ptr<const Snapshot> snapshot = snapshot_.load();
    if (!snapshot->keys_required) return Grant();
    const std::string_view value = key ? trim_key_value(*key) : std::string_view();
    if (value.empty()) {
      count(Counter::missing_key);
      return Status(ErrorKind::unauthenticated, "missing 'x-honeycomb-team' header");
    }
    const KeyHash hash = hash_of_key(value);
    const auto known = snapshot->enabled.find(hash);
    if (known == snapshot->enabled.end()) {
      count(Counter::unknown_key);
      if (snapshot->disabled.contains(hash))
        return Status(ErrorKind::unauthenticated, "attempted to use disabled API key");
      return Status(ErrorKind::unauthenticated,
                    "unknown API key - check your credentials, region, and API URL");
    }
    known->second.use->last_nanoseconds.store(now().count, std::memory_order_relaxed);
    return known->second.grant;
  }

 private:
  void watch() {
    auto write_at = std::chrono::steady_clock::now() + kWriteUsesEvery;
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, kLookEvery, [this] { return stopping_; })) {
      lock.unlock();
      look();
      if (std::chrono::steady_clock::now() >= write_at) {
        write_uses();
        write_at = std::chrono::steady_clock::now() + kWriteUsesEvery;
      }
      lock.lock();
    }
  }

  void look() {
    const Result<int64_t> version = database_.integer("PRAGMA data_version");
    if (version.ok() && *version == version_) return;
    const Status loaded = version.ok() ? load() : version.status();
    // The keys we know stay in force; once is enough to say so.
    if (!loaded.ok() && !complained_)
      log_warning("control", "cannot read the keys again: " + loaded.to_string());
    complained_ = !loaded.ok();
  }

  Status load() {
    CLEW_ASSIGN(const int64_t version, database_.integer("PRAGMA data_version"));
    CLEW_ASSIGN(const std::vector<Key> keys, list_keys(database_));
    auto next = std::make_shared<Snapshot>();
    next->keys_required = !keys.empty();
    CLEW_ASSIGN(next->environments, list_environments(database_));
    for (const Key& key : keys) {
      if (key.disabled) {
        next->disabled.insert(key.hash);
        continue;
      }
      std::shared_ptr<Use>& use = uses_[key.id];
      if (!use) {
        use = std::make_shared<Use>();
        use->id = key.id;
      }
      if (key.aws_secret)
        next->aws.emplace(
            key.id, KnownAwsKey{.credential = {.secret = *key.aws_secret, .environment = key.environment},
                                .use = use});
      next->enabled.emplace(key.hash, KnownKey{.grant = {.environment = key.environment,
                                                         .kind = key.kind,
                                                         .permissions = key.permissions,
                                                         .key_id = key.id,
                                                         .key_name = key.name},
                                               .use = use});
    }
    snapshot_.store(std::move(next));
    version_ = version;
    return Status();
  }

  void write_uses() {
    for (auto& [id, use] : uses_) {
      const int64_t last = use->last_nanoseconds.load(std::memory_order_relaxed);
      if (last == use->written_nanoseconds) continue;
      // Not worth more than a try: the next round comes.
      if (set_last_used(database_, id, {last}).ok()) use->written_nanoseconds = last;
    }
  }

  std::atomic<std::shared_ptr<const Snapshot>> snapshot_;

  // Used by the watching thread alone once it runs, and by the destructor after it ended.
  Database database_;
  std::unordered_map<std::string, std::shared_ptr<Use>> uses_;
  int64_t version_ = 0;
  bool complained_ = false;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread watcher_;
};

}  // namespace

Result<std::unique_ptr<KeyAccess>> KeyAccess::open(const std::string& data_directory) {
  CLEW_ASSIGN(Database database, open_control_database(data_directory));
  auto access = std::make_unique<WatchingKeyAccess>(std::move(database));
  CLEW_TRY(access->start());
  return std::unique_ptr<KeyAccess>(std::move(access));
}

}  // namespace clew::control
