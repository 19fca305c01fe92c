import assert from "node:assert/strict";
import { gram } from "cosine-lab";
import { emojiInteractions, emojiLanguages } from "cosine-lab/datasets";

Deno.test("emojiInteractions() has what describes each emoji", async () => {
  const { interactions: x, emoji } = await emojiInteractions();
  assert.equal(x.values, null);
  assert(x.items > 1850 && x.users > 1550, `${x.users} x ${x.items}`);
  const cat = x.itemIds!.indexOf("🐈");
  const keywords = x.userIds!.filter((_, u) =>
    x.columnIndices.subarray(x.rowStarts[u], x.rowStarts[u + 1]).includes(cat)
  );
  assert(keywords.includes("animal") && keywords.includes("pet"), String(keywords));
  const counts = gram(x).diag();
  assert.deepEqual(emoji.getColumn("keywords").toArray(), counts);
  for (let u = 0; u < x.users; u++) assert(x.rowStarts[u + 1] - x.rowStarts[u] >= 2);
});

Deno.test("emojiInteractions() keeps groups and subgroups in one piece, popular emoji first", async () => {
  const { interactions, emoji, groups, groupNames, subgroups, subgroupNames } =
    await emojiInteractions();
  assert.deepEqual(emoji.getColumn("emoji").toArray(), interactions.itemIds);
  assert.equal(groupNames.length, 9);
  assert(subgroupNames.length > 90);
  const keywords = emoji.getColumn("keywords").toArray();
  for (let i = 1; i < groups.length; i++) {
    assert(groups[i] - groups[i - 1] === 0 || groups[i] - groups[i - 1] === 1);
    assert(subgroups[i] - subgroups[i - 1] === 0 || subgroups[i] - subgroups[i - 1] === 1);
    assert(subgroups[i] > subgroups[i - 1] || keywords[i] <= keywords[i - 1]);
  }
  assert.deepEqual(emoji.getColumn("group").toArray(), [...groups].map((g) => groupNames[g]));
  assert.deepEqual(
    emoji.getColumn("subgroup").toArray(),
    [...subgroups].map((g) => subgroupNames[g]),
  );
});

Deno.test("emojiInteractions() turns around", async () => {
  const [byKeyword, byEmoji] = await Promise.all([
    emojiInteractions({ minimumCount: 20 }),
    emojiInteractions({ minimumCount: 20, items: "keywords" }),
  ]);
  const [x, y] = [byKeyword.interactions, byEmoji.interactions];
  assert.deepEqual([y.userIds, y.itemIds], [x.itemIds, x.userIds]);
  assert.deepEqual(y.toDense().transpose().to2DArray(), x.toDense().to2DArray());
});

Deno.test("emojiInteractions() takes keywords of every language as more rows", async () => {
  const english = await emojiInteractions();
  const { interactions: x } = await emojiInteractions({ languages: emojiLanguages });
  const languages = new Set(
    x.userIds!.map((id) => String(id).match(/^([a-z-]+): /)?.[1]).filter((name) => name),
  );
  assert.deepEqual([...languages].sort(), [...emojiLanguages].sort());
  assert.equal(
    x.userIds!.filter((id) => !/^[a-z-]+: /.test(String(id))).length,
    english.interactions.users,
  );
  assert(x.items >= english.interactions.items && x.users > 10 * english.interactions.users);
});

Deno.test("emojiInteractions() rejects bad options", async () => {
  const reject = (options: unknown, error: RegExp) =>
    assert.rejects(() => emojiInteractions(options as never), error);
  await reject(null, /options must be an object, current value is null/);
  await reject({ items: "users" }, /items must be "emoji" or "keywords", current value is "users"/);
  await reject({ languages: "de" }, /languages must be an array/);
  await reject({ languages: ["xx"] }, /a language must be one of bn, .*, one is "xx"/);
  await reject({ minimumCount: 0 }, /minimumCount must be an integer of at least 1/);
  await reject({ minimumCount: 1e6 }, /nothing is left/);
});
