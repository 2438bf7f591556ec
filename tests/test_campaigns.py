"""The long campaigns are one command."""

from __future__ import annotations

import pytest
from tests import campaigns


@pytest.mark.parametrize("name", campaigns.CAMPAIGNS)
def test_each_campaign_is_a_command_of_these_tests(name: str) -> None:
    assert (campaigns.HERE / campaigns.CAMPAIGNS[name][0]).is_file()


def test_all_campaigns_are_among_them() -> None:
    scripts = {campaigns.HERE / script for script, *_ in campaigns.CAMPAIGNS.values()}
    assert set(campaigns.HERE.rglob("campaign.py")) <= scripts


def test_a_campaign_nobody_knows_is_refused_with_all_names() -> None:
    with pytest.raises(SystemExit, match="there is no campaign nothing; there are: faults, "):
        campaigns.main(["nothing"])
