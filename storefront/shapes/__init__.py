"""The only place that knows how the siblings spell things."""
