"""The kit to test plugins and campaigns with: public, and used by lustrum's own tests.

```python
from lustrum.testing import run_step

def test_departments_are_tidied() -> None:
    assert run_step(tidy_department, [{"department": "mktg"}]).leads == [{"department": "Marketing"}]
```
"""

from __future__ import annotations

from lustrum.testing.campaigns import CampaignRun, run_campaign
from lustrum.testing.cases import CaseRun, run_cases
from lustrum.testing.laws import broken_laws
from lustrum.testing.steps import StepRun, run_step

__all__ = ["CampaignRun", "CaseRun", "StepRun", "broken_laws", "run_campaign", "run_cases", "run_step"]
