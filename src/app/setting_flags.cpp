#include "app/setting_flags.h"

namespace clew::app {

SettingFlags::SettingFlags(CLI::App& command) : command_(command) {
  command.add_option("--config", file_, "A file that holds any of these settings, see clew config")
      ->type_name("FILE")
      ->group("Settings");
  for (const Setting& setting : all_settings()) {
    const std::string name(setting.name);
    CLI::Option* option = nullptr;
    if (setting.shape == SettingShape::yes_or_no) {
      option = command.add_flag(setting.flag(), yes_or_no_[name], std::string(setting.help));
    } else {
      option = command.add_option(setting.flag(), values_[name], std::string(setting.help));
      option->type_name(std::string(setting.placeholder))->default_str(std::string(setting.default_value));
      // One value after each flag, so that what follows is not swallowed.
      option->expected(1)->allow_extra_args(false);
      option->multi_option_policy(setting.shape == SettingShape::list ? CLI::MultiOptionPolicy::TakeAll
                                                                      : CLI::MultiOptionPolicy::TakeLast);
    }
    option->group(std::string(setting.group));
  }
}

Result<EffectiveSettings> SettingFlags::resolve(const Surroundings& surroundings) const {
  SettingSources sources{.environment = surroundings.environment};
  if (!file_.empty()) sources.file = file_;
  for (const Setting& setting : all_settings()) {
    const std::string name(setting.name);
    if (command_.get_option(setting.flag())->count() == 0) continue;
    sources.flags[name] = setting.shape == SettingShape::yes_or_no
                              ? std::vector<std::string>{yes_or_no_.at(name) ? "true" : "false"}
                              : values_.at(name);
  }
  return resolve_settings(sources);
}

}  // namespace clew::app
