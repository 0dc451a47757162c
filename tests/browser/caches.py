"""What a device keeps of the shop."""

from playwright.sync_api import Page

# by cache: address and text
KEPT = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    found[name] = [];
    for (const { url } of await cache.keys()) {
      const answer = await cache.match(url, { ignoreVary: true });
      found[name].push([new URL(url).pathname, await answer.text()]);
    }
  }
  return found;
}"""


def kept(page: Page) -> dict[str, list[list[str]]]:
    return page.evaluate(KEPT)
