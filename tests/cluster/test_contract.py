"""The engine port over a cluster: the contract of every engine."""

import pytest

from tests.search.engines.contract import PortContract

pytestmark = pytest.mark.xdist_group("cluster")


class TestCluster(PortContract):
    pass
