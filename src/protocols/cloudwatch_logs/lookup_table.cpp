#include "protocols/cloudwatch_logs/lookup_table.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>
#include <fmt/format.h>

namespace clew::cloudwatch_logs {
namespace {

constexpr size_t kBitsOfAddress = 128;
constexpr size_t kBitsBeforeIpv4 = 96;  // ::ffff:0:0/96

std::string key_of(const std::vector<std::string>& values) {
  std::string key;
  for (const std::string& value : values) key.append(std::to_string(value.size())).append(":").append(value);
  return key;
}

// Sixteen bytes; an IPv4 address as the IPv6 address that stands for it.
std::optional<std::string> address_in(const std::string& text) {
  std::array<char, 16> bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return std::string(bytes.begin(), bytes.end());
  bytes = {};
  bytes[10] = bytes[11] = static_cast<char>(0xFF);
  if (inet_pton(AF_INET, text.c_str(), bytes.data() + 12) != 1) return std::nullopt;
  return std::string(bytes.begin(), bytes.end());
}

std::string first_bits(std::string address, size_t bits) {
  for (size_t byte = 0; byte < address.size(); ++byte) {
    const size_t before = byte * 8;
    if (before >= bits)
      address[byte] = 0;
    else if (before + 8 > bits)
      address[byte] = static_cast<char>(static_cast<uint8_t>(address[byte]) & (0xFF00 >> (bits - before)));
  }
  return address;
}

struct Network {
  std::string address;
  size_t bits = kBitsOfAddress;
};
std::optional<Network> network_in(const std::string& text) {
  const size_t slash = text.find('/');
  const std::string base = text.substr(0, slash);
  const std::optional<std::string> address = address_in(base);
  if (!address) return std::nullopt;
  const size_t before = base.find(':') == std::string::npos ? kBitsBeforeIpv4 : 0;
  Network network{*address};
  if (slash != std::string::npos) {
    size_t bits = 0;
    const auto [end, error] = std::from_chars(text.data() + slash + 1, text.data() + text.size(), bits);
    if (error != std::errc() || end != text.data() + text.size() || bits > kBitsOfAddress - before)
      return std::nullopt;
    network.bits = before + bits;
  }
  network.address = first_bits(std::move(network.address), network.bits);
  return network;
}

}  // namespace

Result<LookupTable> LookupTable::parse(std::string_view csv) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";  // that some programs put before UTF-8
  if (csv.starts_with(kMark)) csv.remove_prefix(kMark.size());
  CsvReader reader(csv);
  LookupTable table;
  if (!reader.next(table.columns_))
    return Status(ErrorKind::bad_input, "the table has no first line with the names of its columns");
  if (table.columns_.size() > kMostColumns)
    return Status(ErrorKind::bad_input, fmt::format("a table has at most {} columns, this one has {}",
                                                    kMostColumns, table.columns_.size()));
  for (size_t i = 0; i < table.columns_.size(); ++i) {
    const std::string& name = table.columns_[i];
    if (name.empty())
      return Status(ErrorKind::bad_input, fmt::format("column {} of the table has no name", i + 1));
    if (std::find(table.columns_.begin(), table.columns_.begin() + static_cast<ptrdiff_t>(i), name) !=
        table.columns_.begin() + static_cast<ptrdiff_t>(i))
      return Status(ErrorKind::bad_input, fmt::format("two columns of the table are called {}", name));
  }
  for (std::vector<std::string> fields; reader.next(fields);) {
    if (fields.size() > table.columns_.size())
      return Status(ErrorKind::bad_input,
                    fmt::format("row {} of the table has {} fields, there are {} columns",
                                table.rows_.size() + 1, fields.size(), table.columns_.size()));
    fields.resize(table.columns_.size());
    table.rows_.push_back(std::move(fields));
  }
  return table;
}

std::optional<size_t> LookupTable::column(std::string_view name) const {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  return found == columns_.end() ? std::nullopt
                                 : std::optional(static_cast<size_t>(found - columns_.begin()));
}

LookupIndex::LookupIndex(const LookupTable& table, const std::vector<size_t>& columns) {
  for (const std::vector<std::string>& row : table.rows()) {
    std::vector<std::string> values;
    for (const size_t column : columns) values.push_back(row[column]);
    rows_.try_emplace(key_of(values), &row);
  }
}

const std::vector<std::string>* LookupIndex::find(const std::vector<std::string>& values) const {
  const auto found = rows_.find(key_of(values));
  return found == rows_.end() ? nullptr : found->second;
}

NetworkIndex::NetworkIndex(const LookupTable& table, size_t column) {
  for (const std::vector<std::string>& row : table.rows()) {
    std::optional<Network> network = network_in(row[column]);
    if (!network) continue;
    auto width = std::find_if(by_width_.begin(), by_width_.end(),
                              [&](const auto& one) { return one.first == network->bits; });
    if (width == by_width_.end()) width = by_width_.insert(width, {network->bits, {}});
    width->second.try_emplace(std::move(network->address), &row);
  }
  std::sort(by_width_.begin(), by_width_.end(),
            [](const auto& a, const auto& b) { return a.first > b.first; });
}

const std::vector<std::string>* NetworkIndex::find(const std::string& text) const {
  const std::optional<std::string> address = address_in(text);
  if (!address) return nullptr;
  for (const auto& [bits, rows] : by_width_) {
    const auto found = rows.find(first_bits(*address, bits));
    if (found != rows.end()) return found->second;
  }
  return nullptr;
}

std::optional<size_t> NetworkIndex::column_of_networks(const LookupTable& table) {
  for (size_t column = 0; column < table.columns().size() && !table.rows().empty(); ++column) {
    const bool are_networks = std::all_of(table.rows().begin(), table.rows().end(), [&](const auto& row) {
      return network_in(row[column]).has_value();
    });
    if (are_networks) return column;
  }
  return std::nullopt;
}

}  // namespace clew::cloudwatch_logs
