"""The scripted network keeps to the same contract as the real one."""

import numpy as np
import pytest

from models.water import WaterSeen
from models.water_network import ScriptedWater, WaterNetwork


def test_it_answers_in_order_and_counts() -> None:
    network: WaterNetwork = ScriptedWater(lambda image: WaterSeen(image[:1, :1, 0] / np.float32(255), 0.2, 0.5))
    bright, dark = np.full((4, 4, 3), 255, np.uint8), np.zeros((2, 6, 3), np.uint8)
    assert [seen.share for seen in network.look([bright, dark, bright])] == [1, 0, 1]
    assert network.inferences == 3


def test_it_refuses_what_is_no_picture() -> None:
    with pytest.raises(ValueError, match="a picture must be uint8"):
        ScriptedWater(lambda image: WaterSeen(np.zeros((1, 1), np.float32), 0, 0.5)).look([np.zeros((4, 4), np.uint8)])
