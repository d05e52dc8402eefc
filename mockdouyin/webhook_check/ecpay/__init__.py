"""The probes for the receiver of guaranteed payment's callbacks (担保支付回调)."""
