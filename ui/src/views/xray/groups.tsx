// Groups: traces under a name, chosen by a filter expression.

import { useState } from "preact/hooks";
import { callXray, type XrayGroup, type XrayGroups } from "../../api/xray";
import { change, hrefOf, place } from "../../state/location";
import { useXray } from "../../state/xray_answer";
import { Problem } from "../../widgets/notice";
import { RecordField, RecordForm } from "../../widgets/record_form";
import { XrayHead } from "./xray_head";

const defaultGroup = "Default";

export function GroupsView() {
  const { params } = place.value;
  const [changes, setChanges] = useState(0);
  const { answer, failure } = useXray<XrayGroups>("getGroups", changes);
  const groups = answer?.Groups ?? [];
  const edited = groups.find((group) => group.GroupName === params.edit && group.GroupName !== defaultGroup);
  return (
    <div class="view-page scrolls">
      <XrayHead>
        <span class="grow" />
        <button class="primary" onClick={() => change({ new: "1", edit: undefined })}>
          New group
        </button>
      </XrayHead>
      <p class="note">Who belongs to a group is decided when somebody asks, so that a changed expression holds for older traces too.</p>
      {failure && <Problem failure={failure} />}
      {(params.new || edited) && <GroupForm key={params.edit} group={edited} onChange={() => setChanges((count) => count + 1)} />}
      <div class="block">
        <table class="plain-table" aria-label="Groups">
          <thead>
            <tr>
              <th>Name</th>
              <th>Filter expression</th>
              <th>Traces</th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <tr key={group.GroupName}>
                <td>{group.GroupName === defaultGroup ? group.GroupName : <a href={hrefOf("/xray/groups", { edit: group.GroupName })}>{group.GroupName}</a>}</td>
                <td class="mono">{group.FilterExpression ?? <span class="faint">every trace</span>}</td>
                <td>
                  <a href={hrefOf("/xray", { group: group.FilterExpression === undefined ? undefined : group.GroupName })} aria-label={`Traces of ${group.GroupName}`}>
                    traces
                  </a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {answer?.NextToken && <p class="note">These are the first {groups.length} groups.</p>}
      </div>
    </div>
  );
}

function GroupForm({ group, onChange }: { group: XrayGroup | undefined; onChange: () => void }) {
  const save = async (typed: (name: string) => string): Promise<void> => {
    const FilterExpression = typed("FilterExpression").trim();
    if (group) await callXray("updateGroup", { GroupName: group.GroupName, FilterExpression });
    else await callXray("createGroup", { GroupName: typed("GroupName").trim(), FilterExpression });
    onChange();
  };
  const remove = async (): Promise<void> => {
    await callXray("deleteGroup", { GroupName: group!.GroupName });
    onChange();
  };
  return (
    <RecordForm title={group ? `Group ${group.GroupName}` : "New group"} save={save} remove={group && remove} leave={() => change({ new: undefined, edit: undefined })}>
      {!group && <RecordField name="GroupName" label="Name" hint="up to 32 characters; cannot be changed later" value="" />}
      <RecordField name="FilterExpression" label="Filter expression" hint='service("orders") AND responsetime > 0.5' value={group?.FilterExpression ?? ""} />
    </RecordForm>
  );
}
