"""Which partnerships have something in common with one."""

import pandas as pd

MOST_BY_THEME = 6
# Of the others, so many are in reach; the rest is found by the filters.
MOST_RELATED = 50


def find_partnerships_of(links: pd.DataFrame, municipality: str | None) -> list[str]:
    """Return the ids of the links that begin or end in a municipality, in their order; none for None."""
    ends = links["north"].isin([municipality]) | links["south"].isin([municipality])
    return list(links.index[ends])


def find_related(links: pd.DataFrame, partnership: str) -> dict[str, list[str]]:
    """Return the ids of other partnerships by what they share: `municipality`, `country` or `theme`.

    A partnership is named once, under the closest tie: an end in common, else the southern country, else themes.
    By theme come at most MOST_BY_THEME, those with most themes in common first, then in the order of the table; of each
    other tie the first MOST_RELATED.
    Raises KeyError for an unknown id.
    """
    one = links.loc[partnership]
    others = links.drop(partnership)
    by_municipality = others[(others["north"] == one["north"]) | (others["south"] == one["south"])]
    others = others.drop(by_municipality.index)
    by_country = others[others["south_country"] == one["south_country"]]
    others = others.drop(by_country.index)
    themes = others["themes"].explode()
    common = themes[themes.isin(one["themes"])].groupby(level=0, sort=False).size()
    by_theme = common.sort_values(ascending=False, kind="stable").head(MOST_BY_THEME)
    return {
        "municipality": list(by_municipality.index[:MOST_RELATED]),
        "country": list(by_country.index[:MOST_RELATED]),
        "theme": list(by_theme.index),
    }
