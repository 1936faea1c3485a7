"""What may run a network, by names for configuration files and commands."""

from enum import StrEnum

CPU = ("CPUExecutionProvider",)
PACKAGES = {
    "CUDAExecutionProvider": "onnxruntime-gpu",
    "TensorrtExecutionProvider": "onnxruntime-gpu",
    "OpenVINOExecutionProvider": "onnxruntime-openvino",
}
"""Which package, in place of onnxruntime, has an execution provider. They exclude each other: all are `onnxruntime`."""


class Provider(StrEnum):
    """What is asked to run a network.

    Example:
        >>> Provider("tensorrt").chain
        ('TensorrtExecutionProvider', 'CUDAExecutionProvider', 'CPUExecutionProvider')
    """

    CPU = "cpu"
    CUDA = "cuda"
    TENSORRT = "tensorrt"
    OPENVINO = "openvino"

    @property
    def chain(self) -> tuple[str, ...]:
        """onnxruntime's execution providers, in order of preference; each takes what those before it cannot run."""
        return _CHAINS[self]


_CHAINS = {
    Provider.CPU: CPU,
    Provider.CUDA: ("CUDAExecutionProvider", *CPU),
    Provider.TENSORRT: ("TensorrtExecutionProvider", "CUDAExecutionProvider", *CPU),
    Provider.OPENVINO: ("OpenVINOExecutionProvider", *CPU),
}
