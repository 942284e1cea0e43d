"""What axe-core says of a page, on a phone and on a desktop, light and dark."""

SCREENS = {"phone": (390, 844), "desktop": (1280, 900)}


def complaints(page, axe: str) -> list[str]:
    """What axe says of the page that is open, on each screen and in each colour scheme."""
    page.evaluate(axe)
    told = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for screen, (width, height) in SCREENS.items():
            page.set_viewport_size({"width": width, "height": height})
            found = page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
            told += [
                f"{page.url}, {screen}, {scheme}: {each['id']}: {node['html'][:200]}"
                for each in found
                for node in each["nodes"]
            ]
    return told
