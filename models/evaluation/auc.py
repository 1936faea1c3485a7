"""How well a score tells yes from no: the area under the receiver operating characteristic."""

import numpy as np
from numpy.typing import NDArray

from models.evaluation.bootstrap import Interval, interval


def auc(scores: NDArray[np.floating], positive: NDArray[np.bool_]) -> float:
    """The chance that a positive scores higher than a negative, ties counting half; NaN where one of them is absent.

    Mann and Whitney's U over the number of pairs. Both arguments are [n].
    """
    yes, no = np.sort(scores[positive]), np.sort(scores[~positive])
    if not len(yes) or not len(no):
        return float("nan")
    below = np.searchsorted(no, yes, side="left")
    up_to = np.searchsorted(no, yes, side="right")
    return float((below + up_to).sum() / (2 * len(yes) * len(no)))


def roc(scores: NDArray[np.floating], positive: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares of false alarms and of positives found, as the score from which yes is said falls: both [m], from 0 to 1.

    Arguments are [n], with at least one positive and one negative; equal scores are one step.
    """
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.flatnonzero(np.diff(scores[order])), len(order) - 1)
    found = np.cumsum(positive[order])[last]
    false = np.cumsum(~positive[order])[last]
    return np.append(0, false / false[-1]), np.append(0, found / found[-1])


def auc_interval(
    scores: NDArray[np.floating], positive: NDArray[np.bool_], groups: NDArray[np.generic], rounds: int = 1000
) -> Interval:
    """95 % of the AUC when whole groups (cameras) are drawn again: pictures of one camera are no independent witnesses.

    All arguments but `rounds` are [n].
    """
    members = [np.flatnonzero(groups == group) for group in np.unique(groups)]

    def of(drawn: NDArray[np.intp]) -> float:
        rows = np.concatenate([members[group] for group in drawn])
        return auc(scores[rows], positive[rows])

    return interval(of, len(members), rounds)
