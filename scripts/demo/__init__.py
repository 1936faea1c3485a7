"""The whole system on one machine: broker, cameras, box and centre as real processes on the sample videos."""
